// What the curves of a run show to whoever knows how to read them, in words: that it learns its training images by heart, or that it does
// not get further; and what can be tried. Pure functions; thread: any.
#pragma once

#include <optional>
#include <string>

#include "tasks/Task.h"
#include "train/history/MetricLog.h"

namespace train {

struct RunAdvice {
  enum class Kind { Overfitting, Plateau };
  Kind kind;
  double sinceEpoch = 0;
  std::string what;  // one sentence, with the figures that it is read from
  std::string hint;  // what can be tried
};

// Overfitting: the validation loss has its smallest value three measurements or more ago, has risen since by a tenth or more, and the
// training loss has fallen meanwhile. Plateau: over the last half of the run, of an epoch and some hundred steps, the training loss has not
// fallen by a fiftieth, and much is left to be learned. Nothing where neither is to be seen, and of tasks with two losses, which learn
// against each other.
std::optional<RunAdvice> adviceOn(const MetricLog& metrics, const tasks::Task& task);

}  // namespace train
