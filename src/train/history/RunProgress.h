// How well a training has gone so far, beside its checkpoint: what a report, the choice of the best epoch and a run that goes on need. And
// the run as it is kept, whole: from it training goes on bit for bit, in the window or on the command line, whichever of them kept it.
// Plain data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "train/Snapshot.h"
#include "train/Trainer.h"
#include "train/history/Checkpoint.h"
#include "train/history/MetricLog.h"
#include "train/history/RunLog.h"

namespace train {

// One epoch that has ended, or, as number 0, what there was before the first.
struct EpochResult {
  std::int64_t number = 0;
  double trainLoss = 0;                  // of number 0: without validation only
  std::optional<Evaluation> validation;  // nothing where no images are held out
  double loss() const { return validation ? validation->loss : trainLoss; }
  bool isFinite() const;  // else it is no candidate for the best: the network answers with what are no numbers
  // By the task's first metric on the validation images, then by their loss; without them by the training loss. Where no figure chooses
  // (tasks::Task::choosesBest), the later one. What is not finite is worse than anything that is.
  bool betterThan(const EpochResult& other, const tasks::Task& task) const;
};

// Sums over the samples of an epoch that have been seen.
struct EpochFigures {
  double loss = 0;
  std::size_t seen = 0, answers = 0;
  tasks::Figures figures{};
  void add(const StepResult& step);
  double mean(std::size_t figure) const { return figures[figure] / double(answers); }
};

// The figures of a point of the curves.
void setTraining(MetricPoint& point, const tasks::Task& task, const EpochFigures& figures);
void setValidation(MetricPoint& point, const tasks::Task& task, const Evaluation& evaluation);

struct RunProgress {
  EpochFigures epoch;                                           // the present one; a whole one where it is still to be validated
  double trainLoss = std::numeric_limits<double>::quiet_NaN();  // of the last epoch, or of the part of it that was seen
  std::optional<Evaluation> validation;                         // of the last epoch
  std::optional<EpochResult> best;
  std::vector<float> bestParameters;  // of the best epoch, as Checkpoint::parameters; empty without one
  double seconds = 0;                 // of training, without the tests in between
  std::uint64_t images = 0;           // seen in them
};

// A step of the run: `epochEnded` with it, so that the next one begins an epoch.
void addStep(RunProgress& progress, const StepResult& step, bool epochEnded);

struct SavedRun;

// Of a run: its weights after a step, to be looked at again.
struct Moment {
  std::uint64_t step = 0;  // taken
  double epoch = 0;        // fractional
  std::shared_ptr<const std::vector<float>> parameters;
  // The run at that moment without parameters, log and metrics, which are those of the run up to this step. Null where there was no room.
  std::shared_ptr<const SavedRun> state;
  // The recipe was changed there. The state is kept, so that between one that has its state and the next that has not nothing was changed.
  bool changed = false;
};

struct SavedRun {
  Checkpoint checkpoint;
  RunProgress progress;
  RunLog log;
  MetricLog metrics;
  std::vector<Moment> moments;  // as far as they were recorded, in the order of the steps
};

}  // namespace train
