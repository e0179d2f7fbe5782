// A Trainer on one thread of its own. Commands go in through a queue and are taken between steps; snapshots come out as
// "last value wins", metrics as "every value counts". All public functions are for the owner's (UI) thread and return at once.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "data/Dataset.h"
#include "train/Snapshot.h"
#include "train/Trainer.h"

namespace train {

class TrainingSession {
 public:
  // startParameters: where to start from; empty: initialise by the seed. reset() comes back to the same.
  TrainingSession(std::shared_ptr<const nn::Network> network, data::DataSplit data, TrainingOptions options, std::vector<float> startParameters = {});
  ~TrainingSession();  // stops within one step

  void play();
  void pause();
  void singleStep();
  void reset();
  void setOptimizer(const nn::OptimizerSettings& settings);
  void setBatchSize(int batchSize);
  void setAugmentation(const data::Augmentation& augmentation);
  // Shortest time between two published snapshots while running (default 33 ms); the window lengthens it when drawing is slow.
  void setPublishInterval(std::chrono::milliseconds interval);

  std::shared_ptr<const Snapshot> latest() const;  // never null
  std::vector<MetricPoint> takeMetrics();          // every point since the last call
  const data::DataSplit& data() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace train
