// Runs a TrainingSession for the window: makes it when it is first needed, fetches its snapshots on a timer while it
// runs, and forgets it when the network, the data or the starting point change. A run may be kept before, and go on later. Owned by
// Workbench; UI thread.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <vector>

#include <QObject>
#include <QTimer>

#include "nn/Error.h"
#include "train/TrainingSession.h"
#include "train/history/MetricLog.h"
#include "train/history/RunLog.h"
#include "ui/model/KeptRun.h"
#include "ui/model/LookBack.h"
#include "ui/model/RefreshGovernor.h"
#include "ui/model/RunKeeper.h"

class QUndoStack;

namespace ui {

class TrainingController : public QObject {
  Q_OBJECT
 public:
  explicit TrainingController(QUndoStack& undo, QObject* parent = nullptr);  // which outlives it

  // Drops the run under way.
  void setStart(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> startParameters);
  // Ends the run under way; the next one goes on from its weights. `key`: as the catalog calls it.
  void setData(const QString& key, const data::DataSplit& data);
  // The run under way, paused, to be resumed here or after others; null where no step has been taken. Returns at once: a step that is being
  // taken still counts, and is told when it has ended.
  std::shared_ptr<const KeptRun> keep();
  // In place of the run under way; its session is made when it is next trained. Of the network that is open.
  void resume(const std::shared_ptr<const KeptRun>& run);
  // The run under way, to be kept; see TrainingSession::save(). Invalid where none has begun.
  std::shared_future<train::SavedRun> save() const;

  const train::Recipe& recipe() const { return m_options; }
  // Also while it runs: fields that are not live count from the next run on. Not undone.
  void setRecipe(const train::Recipe& recipe);
  // What the person sets, and can undo: one of its fields, as they mean it (train::choose), or all of them to their standard.
  void restoreStandard();
  void setField(const train::RecipeField& field, const nn::FieldValue& value);

  // Makes the session that the next play() or singleStep() needs, on any thread: that of a large network takes seconds, and throws
  // nn::Error when the data does not fit the network. What it returns puts the session in place, where nothing else has come meanwhile,
  // and says whether it did; UI thread. Empty where there is a session, or one that is kept has to end its step first.
  // Asks goesOn between its large steps, and has given all memory back when it ends because of a no.
  using GoesOn = std::function<bool()>;
  using Preparation = std::function<std::function<bool()>(const GoesOn& goesOn)>;
  Preparation preparation();
  // Play is asked for, and follows when its data and its session are there; or it does not come. A session that is there goes on until it
  // is paused.
  void awaitPlay(bool wanted);
  // Throw nn::Error when the data does not fit the network.
  void play();
  void singleStep();
  void pause();

  const std::shared_ptr<const nn::Network>& network() const { return m_network; }
  const KeptRun& run() const { return m_run; }  // or, of the next one, its data and log
  bool exists() const { return m_session || m_kept; }
  bool running() const { return m_asked.wanted; }                           // or asked to
  bool atRest() const { return !m_timer.isActive(); }                       // no step is under way, and the last one has been told
  const train::Snapshot* snapshot() const { return m_run.snapshot.get(); }  // null: not begun
  std::shared_ptr<const train::Snapshot> latest() const;                    // also what nobody sees; null: not begun

  LookBack& lookBack() const { return m_lookBack; }

  // While nobody sees the window only the end of a run is told; what was missed follows when it is seen again.
  void setSeen(bool seen);

  // At most so many steps a second, 0 as many as there can be: of this run and the next ones.
  void setPace(double stepsPerSecond);

  // The window tells it what showing a refresh cost; the next ones come accordingly.
  RefreshGovernor& governor() { return m_governor; }

 signals:
  void fetching(bool goesOn);  // new parameters are about to be told; see governor()
  void snapshotChanged();      // new parameters or a new state
  void metricsAdded();
  void stopped(const QString& why);     // by itself, where the recipe sets an end
  void recipeChanged();                 // and perhaps the log
  void pauseRequested();                // what is to play later does not
  void ended(const ui::KeptRun& run);   // which gives way; its session is gone
  void cleared();                       // metrics, log and snapshot are gone
  void failed(const nn::Issue& issue);  // to play or step, where that had to wait for the last step of a run that was kept
  void runLost();                       // there was no memory to keep the run that is resumed; its weights are there

 private:
  void edit(const train::Recipe& recipe, const QString& what, int field);
  void ensure();
  using Session = std::shared_ptr<train::TrainingSession>;
  std::function<Session(const GoesOn&)> makerOf(std::shared_future<train::SavedRun> resumed) const;
  void use(Session session);
  void drop();
  void settle(const std::shared_ptr<const KeptRun>& run);
  bool waits(std::function<void()> then);
  void fetch();
  void show(const std::shared_ptr<const train::Snapshot>& latest, bool ended);
  void fetchUntil(std::function<bool(const train::Snapshot&)> settled);

  QUndoStack& m_undo;
  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_start;
  train::TrainingOptions m_options;
  Session m_session;
  std::shared_ptr<const KeptRun> m_kept;  // in place of a session, until it is trained on
  RunKeeper m_keeper;
  std::function<void()> m_whenSettled;  // of the run that is kept
  KeptRun m_run;                        // or the next one, with its data: as it has been told; nothing is kept in it to be resumed
  LookBack& m_lookBack = *new LookBack(this);
  std::function<bool(const train::Snapshot&)> m_settled;
  struct {
    bool seen = true;
    bool wanted = false;  // play was asked for and neither pause nor an end followed
    double pace = 0;      // steps a second
  } m_asked;
  RefreshGovernor m_governor;
  QTimer m_timer;
};

}  // namespace ui
