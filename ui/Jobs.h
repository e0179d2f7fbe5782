// Short jobs beside the window: loading and writing files, generating data. One at a time, on a thread of the pool; the
// work gets values and gives a continuation back, which runs in the UI thread. Owned by Session; UI thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

#include "data/StrokeDigits.h"
#include "nn/Error.h"

namespace ui {

class Jobs : public QObject {
  Q_OBJECT
 public:
  using Finish = std::function<void()>;                       // runs in the UI thread; empty when cancelled
  using Work = std::function<Finish(const data::Progress&)>;  // runs in the pool; may throw

  explicit Jobs(QObject* parent = nullptr);
  ~Jobs() override;  // cancels and waits

  // `title` is shown: "Writing stroke digits". A job under way is cancelled first and its result dropped.
  void start(const QString& title, Work work);
  void cancel();
  bool busy() const { return m_current != nullptr; }
  const QString& title() const { return m_title; }
  double share() const;  // done, 0..1; negative: not known
  void waitForAll();     // for tests and the end of the program

 signals:
  void changed();  // began, went on or ended
  void cancelled(const QString& title);
  void failed(const nn::Issue& issue);

 private:
  struct Ticket {
    std::atomic<bool> cancelled{false};
    std::atomic<double> share{-1};
    Finish finish;
    std::optional<nn::Issue> issue;
  };
  using Watcher = QFutureWatcher<void>;
  static void perform(const Work& work, Ticket& ticket);
  void finished(Watcher* watcher, const std::shared_ptr<Ticket>& ticket);

  std::shared_ptr<Ticket> m_current;
  std::vector<Watcher*> m_watchers;
  QString m_title;
  QTimer m_poll;
};

}  // namespace ui
