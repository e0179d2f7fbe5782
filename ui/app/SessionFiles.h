// Sessions as files: the model with its training, and a section each for whoever owns something else that is to come back, as a drawing,
// a view or the arrangement of the panels. All of it is captured as values in the UI thread and written beside it; read in a job, and given
// back to its owners when it was read whole. Saving, recovery and opening are the same writer and reader. Owned by FileCommands; UI thread.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <QDateTime>
#include <QObject>

#include "io/session/SavedWork.h"
#include "ui/app/Workbench.h"

namespace ui {

// What one owner keeps in a session.
struct SessionPart {
  using Content = std::function<QCborMap()>;  // of values; any thread
  QString name;                               // of its section
  int version = 1;
  bool ofModel = true;                              // means nothing without the model
  std::function<Content()> save;                    // as it is now
  std::function<void(const io::Section&)> restore;  // throws nn::Error where it cannot be; then all the rest is restored
  // What the person may choose of it while a session is read, in a word: then theirs stays. Empty: it is the session's in any case.
  std::function<QString()> choice = {};
};

// What can be told of a session before all of it is read.
struct SessionAbout {
  QString title;  // of the network
  QDateTime time;
  bool trained = false, drawing = false;
};

class SessionFiles : public QObject {
  Q_OBJECT
 public:
  struct Fingerprint {
    std::mutex mutex;
    std::weak_ptr<const data::Dataset> of;
    io::DataDescription description;
  };
  // A session at one moment.
  struct Content {
    SessionAbout about;
    io::SavedModel model;  // without a network: the parts alone
    train::Recipe recipe;
    std::shared_future<train::SavedRun> run;  // comes after the step under way; invalid: none has begun
    RunIdentity identity;                     // of a run with steps, which is not to be left out without a word
    train::RunLog log;
    train::MetricLog metrics;
    QString dataKey;
    data::DataSplit data;
    std::shared_ptr<Fingerprint> fingerprint;  // of the data that was written last
    struct Part {
      QString name;
      int version = 1;
      SessionPart::Content content;
    };
    std::vector<Part> parts;
  };

  SessionFiles(Workbench& workbench, QObject* parent);
  void addPart(SessionPart part) { m_parts.push_back(std::move(part)); }

  Content capture(const SessionAbout& about, bool withModel = true) const;
  Content contentOf(const TrainedWeights& trained) const;
  // Waits for the run as long as `waits` says; nothing where there is none, or it did not come.
  static std::optional<train::SavedRun> runOf(const Content& content, const std::function<bool()>& waits);
  // Any thread. Throws nn::Error; what was there stays then. The parameters that were written.
  static ModelSlot::Parameters write(const Content& content, std::optional<train::SavedRun> run, const QString& path);
  static SessionAbout readAbout(const QString& path);  // throws nn::Error
  // The same of a file that may be damaged: what of it can be brought back, and what cannot. Reads it to its end; throws where it is none,
  // or neither weights nor drawing are whole.
  static SessionAbout survey(const QString& path, std::vector<io::LostSection>& lost);

  using Then = std::function<void()>;
  void save(const QString& path, const Then& then = {});
  // Training pauses first, so that no step is taken that the file lacks.
  void pauseAndSave(const QString& path, const Then& then);
  // `gate` as in ModelCatalog::openFile(). Of a damaged file the person is told what cannot be read, and offered the rest: it opens as work
  // that is not saved, so that the file is not written over. Nor is that of a session whose data is away or changed, and its run with it.
  void open(const QString& path, const ModelCatalog::Gate& gate);
  // What was kept of a run that ended without being saved: it is not saved now either, and what gives way is offered back. `then` is told
  // what of it could not be read, and where the data of its training is away what to tell of that, without a hint: the training is in the
  // file alone. `failed` where nothing could be read.
  using ThenWithout = std::function<void(const std::vector<io::LostSection>& lost, const std::optional<Message>& away)>;
  void restoreKept(const QString& path, const ThenWithout& then, const std::function<void(const nn::Issue&)>& failed);

 signals:
  void opening();                    // is about to take the place of what there is; whoever shows something else for a while puts that back
  void saving(const QString& path);  // is about to be written as all is now
  void used(const QString& path);    // was opened, or saved

 private:
  struct Loaded;
  QString choices() const;
  static std::shared_ptr<Loaded> load(const QString& path, const data::Progress& progress);
  static void readModel(Loaded& loaded, const QString& where);
  static bool readData(Loaded& loaded, const QString& where, const data::Progress& progress);
  void offerRest(const Loaded& loaded, const std::function<void()>& open);
  enum class As { Saved, Kept, Rest };
  std::optional<Message> apply(const Loaded& loaded, const QString& path, As as);  // as `then` is told of it
  std::optional<Message> restoreTraining(const Loaded& loaded);                    // as apply()
  bool restoreParts(const Loaded& loaded, const QString& where);                   // false: one of them could not be, which is told

  Workbench& m_workbench;
  std::vector<SessionPart> m_parts;
  std::shared_ptr<Fingerprint> m_fingerprint = std::make_shared<Fingerprint>();
};

}  // namespace ui
