// One synchronous training step at a time, seeded and complete without any thread of its own: the same seed gives the same
// bits whatever the number of worker threads. TrainingSession wraps it for the window; tests and the command line use it directly.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/Augmentation.h"
#include "data/Dataset.h"
#include "nn/Loss.h"
#include "nn/Network.h"
#include "nn/Optimizer.h"
#include "train/RateSchedule.h"
#include "train/Snapshot.h"

namespace train {

struct TrainingOptions {
  nn::OptimizerSettings optimizer;  // kind, learning rate, momentum, ...: may be changed between steps
  RateSchedule schedule;            // of the optimizer's learning rate; may be changed between steps
  nn::LossSettings loss;
  int batchSize = 64;       // may be changed between steps
  std::uint64_t seed = 1;   // initialization, shuffling, dropout, augmentation
  int threads = 0;          // n: that many; 0: all cores; -n: all cores but n
  bool background = false;  // lower scheduling priority, so that a window on the same cores answers first
  data::Augmentation augmentation;
  std::vector<std::string> frozen;  // names of nodes whose parameters stay as they are
};

struct StepResult {
  double loss = 0;  // mean over the mini-batch
  int count = 0;    // samples
  int answers = 0;  // as many, or one per pixel where the network ends in a picture (train/Objective.h)
  int correct = 0;  // of the answers
  // The first node in topological order whose activations, gradients or new parameters are not finite, or so large that the loss has
  // run away (train/LossWatch.h); empty when all is well. Parameters, step count and the place in the epoch are then as before the step, so
  // that it can be tried again; the optimizer may have lost its moments.
  std::string diverged;
  std::string reason;  // where the numbers are finite: "the loss is 1e+18, that of guessing 2.3"
};

struct Evaluation {
  std::size_t count = 0;    // samples
  std::size_t answers = 0;  // as many, or one per pixel where the network ends in a picture (train/Objective.h)
  std::size_t correct = 0;  // of the answers
  double loss = 0;
  std::vector<std::uint32_t> confusion;  // classes x classes, row: label, column: answer; of a picture, class 0 is the ground
  double accuracy() const { return answers == 0 ? 0 : double(correct) / double(answers); }
  bool perPixel() const { return answers != count; }
  // Of each class what asked and answered share over what either covers; the mean over the classes that occur (Everingham et al.
  // 2010). The usual measure for pictures, where most pixels are ground.
  double meanIntersectionOverUnion() const;
};

class Trainer {
 public:
  // Throws nn::Error when the data does not fit the network (classes) or is empty, when the batch size is below 1, or when a
  // frozen node is not there.
  Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options);
  ~Trainer();

  StepResult step();  // allocates nothing after the first
  void reset();       // parameters drawn by the seed, optimizer and shuffling as at the start

  const TrainingOptions& options() const;
  void setOptimizer(const nn::OptimizerSettings& settings);  // moments are kept where the kind stays
  void setSchedule(const RateSchedule& schedule);
  void setBatchSize(int batchSize);  // throws nn::Error below 1
  void setAugmentation(const data::Augmentation& augmentation);

  const std::shared_ptr<const nn::Network>& network() const;
  std::span<const float> parameters() const;
  // E.g. a trained model to go on from. Clears the optimizer's moments. Throws nn::Error when the count is another.
  void setParameters(std::span<const float> parameters);
  // Throws nn::Error when there is no such node. Moments of a node that is frozen rest as well.
  void setFrozen(std::vector<std::string> nodes);
  std::span<const float> gradients() const;  // mean over the last mini-batch, clipped where that is asked for
  std::uint64_t stepCount() const;
  double epoch() const;        // fractional
  float learningRate() const;  // of the next step: the optimizer's times the schedule's factor

  int threads() const;  // how many really compute

  // With the trainer's own threads. `limit` 0: all, else the first so many. `keepGoing`: asked between blocks, on the calling
  // thread; false ends early with what was counted.
  Evaluation evaluate(const data::Dataset& dataset, std::size_t limit = 0, const std::function<bool()>& keepGoing = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// The same for a network with given parameters. `threads` as in TrainingOptions.
Evaluation evaluate(std::shared_ptr<const nn::Network> network, std::span<const float> parameters, const data::Dataset& dataset,
                    int threads, std::size_t limit = 0, const nn::LossSettings& loss = {}, const std::function<bool()>& keepGoing = {});

}  // namespace train
