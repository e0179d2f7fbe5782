// What a trainer holds and how it computes a step; private to Trainer.cpp and TrainerStep.cpp.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/GradientSum.h"
#include "train/LossWatch.h"
#include "train/SampleOrder.h"
#include "train/SyncBatchPass.h"
#include "train/Trainer.h"
#include "train/WorkShares.h"
#include "train/WorkerPool.h"

namespace train {

struct Trainer::Impl {
  // Floats that a thread takes at a time: parameters, gradients and both moments stay in the first-level cache.
  static constexpr std::size_t kUpdateChunk = 2048;

  Impl(std::shared_ptr<const nn::Network> trained, std::shared_ptr<const data::Dataset> images, TrainingOptions given);

  StepResult computeBlocks();
  void computeApart();     // each block from beginning to end by one thread
  void computeTogether();  // where layers need figures of the whole mini-batch
  void updateRunningStatistics();
  struct Finite {
    bool gradients, parameters;
  };
  // The mean gradient and the optimizer's step, piece by piece while both are in the cache. Whether all is finite is known
  // only afterwards.
  Finite reduceAndUpdate();
  // The mean gradient alone, scaled down to the norm that the optimizer's settings allow. False: it is not finite.
  bool reduceAndClip(float scale);
  void repack();
  void findTrainable();
  // Calls function(first, last) for the parts of begin .. end that are trained.
  template <typename Function>
  void forEachTrainable(std::size_t begin, std::size_t end, Function function) const {
    for (const auto& [first, last] : trainable)
      if (first < end && last > begin) function(std::max(first, begin), std::min(last, end));
  }
  void rollBack();  // the parameters as before reduceAndUpdate()
  Block blockAt(int index) const;
  int blockCount() const { return int((batch.size() + nn::kLanes - 1) / nn::kLanes); }
  std::size_t stepsPerEpoch() const { return (dataset->count() + std::size_t(options.batchSize) - 1) / std::size_t(options.batchSize); }
  std::string nameOfBrokenForward(float largest = std::numeric_limits<float>::max());
  std::string lossNodeName() const { return network->node(passes.front().objective().lossNode()).name; }
  std::string nameOfBroken(std::span<const float> perParameter) const { return nameOfNotFinite(*network, perParameter); }
  void initializeParameters();
  float rateNow() const { return float(options.optimizer.learningRate * rateFactor(options.schedule, order.fractionalEpoch())); }

  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const data::Dataset> dataset;
  TrainingOptions options;
  WorkerPool pool;
  WorkShares shares;              // of what the pool does just now
  std::vector<BlockPass> passes;  // one per thread; where the blocks meet, one per block
  bool together;                  // the blocks meet
  SyncBatchPass syncBatch;
  std::vector<Block> blocksTogether;
  nn::Weights weights;
  nn::Optimizer optimizer;
  SampleOrder order;
  GradientSum sum;
  LossWatch watch;
  FloatBuffer before;  // parameters before the update
  std::vector<BlockResult> results;
  std::vector<std::pair<std::size_t, std::size_t>> trainable;  // ranges of parameters that are not frozen, in order
  std::vector<double> squares;                                 // of the gradient, per chunk
  std::span<const std::uint32_t> batch;
  std::uint64_t steps = 0;
};

}  // namespace train
