// Short jobs beside the window: loading and writing files, generating data. Each runs on a thread of the pool in its lane:
// what is in another lane runs beside it, what is in the same one waits for it, and no job ends another. The work gets
// values and gives a continuation back, which runs in the UI thread. Every error is told. Owned by Workbench; UI thread.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

#include "data/StrokeDigits.h"
#include "nn/Error.h"

class QThreadPool;

namespace ui {

class Jobs : public QObject {
  Q_OBJECT
 public:
  using Finish = std::function<void()>;                       // runs in the UI thread; empty when canceled
  using Work = std::function<Finish(const data::Progress&)>;  // runs in the pool; may throw; keeps to the values it was given
  // Models and pictures: opened one after the other, so that the last one asked for is the one that stays. Saving is never cut off by
  // the end of the program; films (ui/scene/Recorder.h) see to it themselves.
  // One of training that was canceled keeps its place until it has ended: two of them would not find room in memory.
  enum class Lane { Models, Pictures, Data, Training, Measuring, Exports, Films, Saving };

  explicit Jobs(QObject* parent = nullptr);
  // Cancels, and waits a little; for what is saved as long as it takes. What of all that was to be written is not, is told on stderr.
  ~Jobs() override;

  // `title` is shown: "Writing stroke digits".
  void start(const QString& title, Work work, Lane lane = Lane::Models);
  void cancel();     // the one that is shown, by the person
  void cancelAll();  // but what is being saved, and films
  void cancelAll(Lane lane) {
    drop(take([lane](Lane other) { return other == lane; }));
  }
  // What the person asked to be written to a file and is not yet, by its title; empty: nothing. The window waits for it before it closes.
  QString writing() const;
  void cancelWriting() { drop(take(writes)); }
  static bool writes(Lane lane) { return lane == Lane::Exports || lane == Lane::Films || lane == Lane::Saving; }
  bool busy() const { return !m_jobs.empty(); }
  bool busy(Lane lane) const { return first(lane) || m_held.contains(lane); }  // with what was not canceled
  // As long as what it returns is held, the lane counts as busy: the person is asked whether what was read is to be used.
  std::shared_ptr<void> hold(Lane lane);
  QString title() const;  // of the one that is shown, and how many there are besides
  double share() const { return m_jobs.empty() ? -1 : m_jobs.front()->share.load(); }  // done, 0..1; negative: not known
  // Where they run; for whatever else may have to wait for a disk.
  static QThreadPool& threads();
  static std::optional<nn::Issue> whyNoThread();  // where the system gives no further one
  // Ends the process where one of them is still at work and would meet what the end of main() takes down. Before the QApplication goes.
  static void endIfAtWork(int status);

 signals:
  void changed();  // began, went on or ended
  void canceled(const QString& title);
  void failed(const nn::Issue& issue, ui::Jobs::Lane lane);
  void succeeded(ui::Jobs::Lane lane);  // its continuation follows
  void dropped(ui::Jobs::Lane lane);    // a job of it was canceled or failed: its continuation does not come

 private:
  using Watcher = QFutureWatcher<void>;
  struct Job {
    QString title;
    Lane lane = Lane::Models;
    Work work;
    Watcher* watcher = nullptr;  // null: waits for the one before it
    std::atomic<bool> canceled{false};
    std::atomic<double> share{-1};
    Finish finish;
    std::optional<nn::Issue> issue;
  };
  using Shared = std::shared_ptr<Job>;
  static void perform(Job& job);
  static std::optional<nn::Issue> lostWith(const Job& job);
  std::deque<Shared> take(const std::function<bool(Lane)>& which);
  void drop(const std::deque<Shared>& jobs);
  Shared first(Lane lane) const;  // that was not canceled; null: none
  void startNext(Lane lane);
  void finished(const Shared& job);
  void remove(const Shared& job);

  std::deque<Shared> m_jobs;  // under way or waiting, in the order in which they were asked for
  std::vector<Watcher*> m_watchers;
  std::multiset<Lane> m_held;
  QTimer m_poll;
};

}  // namespace ui
