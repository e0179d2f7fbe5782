// One synchronous training step at a time, seeded and complete without any thread of its own: the same seed gives the same
// bits whatever the number of worker threads. TrainingSession wraps it for the window; tests and the command line use it directly.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/Dataset.h"
#include "nn/Network.h"
#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/Evaluation.h"
#include "train/GradientSum.h"
#include "train/LossWatch.h"
#include "train/SampleOrder.h"
#include "train/Snapshot.h"
#include "train/WorkerPool.h"
#include "train/history/Checkpoint.h"
#include "train/recipe/Recipe.h"

namespace train {

struct TrainingOptions : Recipe {
  int threads = 0;          // n: that many; 0: all cores; -n: all cores but n
  bool background = false;  // lower scheduling priority, so that a window on the same cores answers first
};

struct StepResult {
  double loss = 0;           // mean over the mini-batch
  int count = 0;             // samples
  int answers = 0;           // as many, or one per pixel (tasks::Task::perPixel)
  tasks::Figures figures{};  // sums over the answers, as the task's metrics name them
  // The first node in topological order whose activations, gradients or new parameters are not finite, or so large that the loss has
  // run away (train/LossWatch.h); empty when all is well. Parameters, step count and the place in the epoch are then as before the step, so
  // that it can be tried again; the optimizer may have lost its moments.
  std::string diverged;
  std::string reason;  // where the numbers are finite: "the loss is 1e+18, that of guessing 2.3"
};

class Trainer {
 public:
  // Throws nn::Error when the data does not fit the network (classes) or is empty, when the batch size is below 1, or when a
  // frozen node is not there. `start`: parameters to begin with; empty: drawn by the seed. `goesOn` is asked between the large steps of
  // taking the memory; where it says no, nn::Error is thrown.
  Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options,
          std::span<const float> start = std::span<const float>(), const std::function<bool()>& goesOn = nullptr);

  StepResult step();  // allocates nothing after the first
  // After the last step, of the loss of what was learned: where that has run away in fewer steps than it takes to be told while they are
  // taken, "the loss is 1e+06, that of guessing 2.3"; empty where not.
  std::string endedFarOut(double loss);
  void reset();  // parameters drawn by the seed, optimizer and shuffling as at the start

  const TrainingOptions& options() const { return m_options; }
  // Takes over the fields that are live (train/recipe/Recipe.h); the others stay as they were. The optimizer's moments are kept where its
  // kind stays. Throws nn::Error, and nothing is changed, for a batch size below 1 and for a frozen node that is not there.
  void setRecipe(const Recipe& recipe);

  const std::shared_ptr<const nn::Network>& network() const { return m_network; }
  std::span<const float> parameters() const { return m_weights.flat(); }
  // E.g. a trained model to go on from. Clears the optimizer's moments. Throws nn::Error when the count is another.
  void setParameters(std::span<const float> parameters);
  // Between two steps. restore(): throws nn::Error, and nothing is changed, where it is not of this network or not of so many samples. The
  // number of threads stays.
  Checkpoint checkpoint() const;
  void restore(const Checkpoint& checkpoint);
  // What restore() asks of it, of network and data alone; throws nn::Error.
  static void requireResumable(const Checkpoint& checkpoint, const nn::Network& network, const data::Dataset& dataset);
  std::span<const float> gradients() const { return m_sum.mean(); }  // mean over the last mini-batch, clipped where that is asked for
  std::uint64_t stepCount() const { return m_steps; }
  double epoch() const { return m_order.fractionalEpoch(); }
  // Of the next step: the optimizer's times the schedule's factor.
  float learningRate() const { return float(m_options.optimizer.learningRate * rateFactor(m_options.schedule, epoch())); }

  int threads() const { return m_pool.size(); }  // how many really compute

  // With the trainer's own threads. `limit` 0: all, else the first so many. `keepGoing`: asked between blocks, on the calling
  // thread; false ends early with what was counted.
  Evaluation evaluate(const data::Dataset& dataset, std::size_t limit = 0, const std::function<bool()>& keepGoing = {});

 private:
  // One phase of the task's objective (tasks::Objective::phases): what it says of the mini-batch is added to `result`.
  void computeBlocks(int phase, StepResult& result);
  void computeApart(int phase);     // each block from beginning to end by one thread
  void computeTogether(int phase);  // where layers need figures of the whole mini-batch
  // One pass of the objective so: the threads take block after block through one stage, and between two stages the blocks' figures are
  // added up in their order, on the calling thread. Of a pass that is not the first of its phase, gradients and results are added.
  void computeMeeting(int pass, bool isFirst);
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
  static void forEachPart(const std::vector<Range>& ranges, std::size_t begin, std::size_t end, Function function);
  const tasks::Objective& objective() const { return m_passes.front().objective(); }
  int phaseCount() const { return int(objective().phases().size()); }
  void rollBack(bool updated);  // the parameters as before the step; updated: the optimizer had its part in them
  Block blockAt(int index) const;
  int blockCount() const { return int((m_batch.samples.size() + nn::kLanes - 1) / nn::kLanes); }
  std::size_t stepsPerEpoch() const {
    return (m_dataset->count() + std::size_t(m_options.batchSize) - 1) / std::size_t(m_options.batchSize);
  }
  std::string nameOfBrokenForward(float largest = std::numeric_limits<float>::max());
  std::string nameOfBroken(std::span<const float> perParameter) const { return nameOfNotFinite(*m_network, perParameter); }

  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const data::Dataset> m_dataset;
  TrainingOptions m_options;
  WorkerPool m_pool;
  bool m_meets;                     // the blocks of a mini-batch, on the way
  std::vector<BlockPass> m_passes;  // one per thread; where the blocks meet, one per block
  nn::Weights m_weights;
  nn::Optimizer m_optimizer;
  SampleOrder m_order;
  GradientSum m_sum;
  LossWatch m_watch;
  nn::AlignedBlock m_before;       // parameters before the update
  std::vector<Learned> m_learned;  // of each phase
  struct {
    std::span<const std::uint32_t> samples;
    std::vector<Block> blocks;               // where they meet
    std::vector<nn::Workspace*> workspaces;  // of these, in their order
    std::vector<BlockResult> results;
    std::vector<double> squares;  // of the gradient, per chunk
  } m_batch;                      // the mini-batch of the step under way
  std::uint64_t m_steps = 0;
};

// The same for a network with given parameters. `threads` as in TrainingOptions.
Evaluation evaluate(std::shared_ptr<const nn::Network> network, std::span<const float> parameters, const data::Dataset& dataset,
                    int threads, std::size_t limit = 0, const tasks::ObjectiveSettings& settings = {},
                    const std::function<bool()>& keepGoing = {});

}  // namespace train
