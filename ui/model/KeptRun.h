// A training run that gave way, between two of its steps: all that it takes to go on from there, as if nothing had been in between. It is
// made of a run by TrainingController::keep(), or of a saved one by keptRunOf(), and held wherever its weights are: beside a network that
// undo brings back, and by the message that offers weights back. The training thread may still be at its last step; until that has ended
// the figures are those before it. UI thread; the future is waited for by any.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include <QString>

#include "data/Dataset.h"
#include "train/Snapshot.h"
#include "train/history/RunProgress.h"

namespace ui {

// Which run it is: the same one however often it is kept, saved and resumed.
class RunIdentity {
 public:
  RunIdentity() = default;  // of none
  static RunIdentity ofNewRun() { return RunIdentity(std::make_shared<char>()); }
  bool isNone() const { return !m_unique; }
  bool operator==(const RunIdentity&) const = default;

 private:
  explicit RunIdentity(std::shared_ptr<const char> unique) : m_unique(std::move(unique)) {}
  std::shared_ptr<const char> m_unique;
};

struct KeptRun {
  RunIdentity identity = RunIdentity::ofNewRun();
  std::shared_ptr<const train::Snapshot> snapshot;  // of the last step
  train::MetricLog metrics;
  train::RunLog log;
  std::shared_ptr<const std::vector<train::Moment>> moments;  // that can be looked back at; null: none
  QString dataKey;                                            // as DatasetCatalog calls it
  data::DataSplit data;
  std::shared_future<train::SavedRun> saved;  // without log and metrics; throws where there was no memory for it

  bool isSettled() const { return saved.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
  // Its training settings at the beginning are those that its images were held out by.
  const train::Recipe& start() const { return log.start(); }
};

// Of a run that was saved, with this network and data: paused. `weights`: the network's, which are its own as a rule and then are shared
// with it. Throws nn::Error where the run is of others; any thread.
std::shared_ptr<const KeptRun> keptRunOf(train::SavedRun run, const std::shared_ptr<const nn::Network>& network,
                                         const std::shared_ptr<const std::vector<float>>& weights, const QString& dataKey,
                                         const data::DataSplit& data);

}  // namespace ui
