// The curves of the runs that gave way in this window, for comparing: what was trained before a reset, before a branch, or with another
// network. Figures alone are kept, no weights. Owned by the Train panel; UI thread.
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "train/history/MetricLog.h"
#include "ui/model/KeptRun.h"

namespace ui {

class TrainingController;

struct EarlierRun {
  RunIdentity identity;
  QString name, brief;  // "Run 2: LeNet, adam, rate 0.001", "Run 2"
  std::string metric;   // by which its network is judged: others are not to be compared with it
  std::shared_ptr<const train::MetricLog> metrics;
};

class EarlierRuns : public QObject {
  Q_OBJECT
 public:
  static constexpr std::size_t kMost = 5;  // the oldest goes for the next
  explicit EarlierRuns(TrainingController& training, QObject* parent = nullptr);

  const std::vector<EarlierRun>& all() const { return m_runs; }  // the oldest first
  void forget();

 signals:
  void changed();

 private:
  void keep(const KeptRun& run);
  void leaveOut();

  TrainingController& m_training;
  std::vector<EarlierRun> m_runs;
  int m_count = 0;
};

}  // namespace ui
