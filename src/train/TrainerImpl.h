// What a trainer holds and how it computes a step; private to Trainer.cpp and TrainerStep.cpp.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/GradientSum.h"
#include "train/LossWatch.h"
#include "train/SampleOrder.h"
#include "train/SyncBatchPass.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"

namespace train {

struct Trainer::Impl {
  // Floats that a thread takes at a time: parameters, gradients and both moments stay in the first-level cache.
  static constexpr std::size_t kUpdateChunk = 2048;

  Impl(std::shared_ptr<const nn::Network> trained, std::shared_ptr<const data::Dataset> images, TrainingOptions given);

  // One phase of the task's objective (tasks::Objective::phases): what it says of the mini-batch is added to `result`.
  void computeBlocks(int phase, StepResult& result);
  void computeApart(int phase);     // each block from beginning to end by one thread
  void computeTogether(int phase);  // where layers need figures of the whole mini-batch
  // Where the phase broke, `result` names it.
  bool isSound(int phase, StepResult& result);
  struct Finite {
    bool gradients, parameters;
  };
  // The mean gradient and the optimizer's step, piece by piece while both are in the cache. Whether all is finite is known
  // only afterwards.
  Finite reduceAndUpdate(int phase);
  // The mean gradient alone, scaled down to the norm that the optimizer's settings allow. False: it is not finite.
  bool reduceAndClip(int phase, float scale);
  void repack();
  void findTrainable();
  struct Range {
    std::size_t first, last;  // of parameters
    float rateFactor = 1;     // of their group
  };
  struct Learned {
    std::vector<Range> all;        // parameters of the phase's group
    std::vector<Range> trainable;  // of these what is not frozen, in order
  };
  // Calls function(range) for the parts of begin .. end.
  template <typename Function>
  static void forEachPart(const std::vector<Range>& ranges, std::size_t begin, std::size_t end, Function function) {
    for (const Range& range : ranges)
      if (range.first < end && range.last > begin)
        function(Range{std::max(range.first, begin), std::min(range.last, end), range.rateFactor});
  }
  const tasks::Objective& objective() const { return passes.front().objective(); }
  int phaseCount() const { return int(objective().phases().size()); }
  void keepParameters();
  void rollBack(bool updated);  // the parameters as before the step; updated: the optimizer had its part in them
  Block blockAt(int index) const;
  int blockCount() const { return int((batch.samples.size() + nn::kLanes - 1) / nn::kLanes); }
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
  std::vector<BlockPass> passes;           // one per thread; where the blocks meet, one per block
  std::optional<SyncBatchPass> syncBatch;  // where the blocks meet
  nn::Weights weights;
  nn::Optimizer optimizer;
  SampleOrder order;
  GradientSum sum;
  LossWatch watch;
  nn::AlignedBlock before;       // parameters before the update
  std::vector<Learned> learned;  // of each phase
  struct {
    std::span<const std::uint32_t> samples;
    std::vector<Block> blocks;  // where they meet
    std::vector<BlockResult> results;
    std::vector<double> squares;  // of the gradient, per chunk
  } batch;                        // the mini-batch of the step under way
  std::uint64_t steps = 0;
};

}  // namespace train
