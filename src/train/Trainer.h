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

#include "data/Dataset.h"
#include "nn/Network.h"
#include "train/Evaluation.h"
#include "train/Snapshot.h"
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
  // frozen node is not there.
  Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options);
  ~Trainer();

  StepResult step();  // allocates nothing after the first
  // After the last step, of the loss of what was learned: where that has run away in fewer steps than it takes to be told while they are
  // taken, "the loss is 1e+06, that of guessing 2.3"; empty where not.
  std::string endedFarOut(double loss);
  void reset();  // parameters drawn by the seed, optimizer and shuffling as at the start

  const TrainingOptions& options() const;
  // Takes over the fields that are live (train/recipe/Recipe.h); the others stay as they were. The optimizer's moments are kept where its
  // kind stays. Throws nn::Error, and nothing is changed, for a batch size below 1 and for a frozen node that is not there.
  void setRecipe(const Recipe& recipe);

  const std::shared_ptr<const nn::Network>& network() const;
  std::span<const float> parameters() const;
  // E.g. a trained model to go on from. Clears the optimizer's moments. Throws nn::Error when the count is another.
  void setParameters(std::span<const float> parameters);
  // Between two steps. restore(): throws nn::Error, and nothing is changed, where it is not of this network or not of so many samples. The
  // number of threads stays.
  Checkpoint checkpoint() const;
  void restore(const Checkpoint& checkpoint);
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
                    int threads, std::size_t limit = 0, const tasks::ObjectiveSettings& settings = {},
                    const std::function<bool()>& keepGoing = {});

}  // namespace train
