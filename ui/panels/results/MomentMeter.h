// Measures the network as it was at a moment of its run that is looked back at, beside the window: on so many images that it follows a
// slider. One at a time; the last one that is asked for wins. Owned by the Results panel; UI thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include <QFutureWatcher>
#include <QObject>

#include "ui/panels/results/MistakeFinder.h"

namespace ui {

class MomentMeter : public QObject {
  Q_OBJECT
 public:
  explicit MomentMeter(QObject* parent = nullptr);
  ~MomentMeter() override;  // cancels and waits

  // `what` without its evaluation. Nothing where this step is the one that was asked for last.
  void measure(const Measured& what, std::uint64_t step);
  void cancel();  // and forgets which step it was

 signals:
  void measured(const ui::Measured& measured, std::uint64_t step);

 private:
  using Evaluation = std::shared_ptr<const train::Evaluation>;
  void begin();
  void finish();

  Measured m_what;
  std::optional<std::uint64_t> m_step;  // that is asked for; nothing: none
  std::uint64_t m_running = 0;          // the step of the pass under way
  bool m_waits = false;                 // for the pass under way to end
  QFutureWatcher<Evaluation> m_watcher;
  std::shared_ptr<std::atomic<bool>> m_canceled;
};

}  // namespace ui
