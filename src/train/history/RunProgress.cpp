#include "train/history/RunProgress.h"

#include <cmath>

namespace train {

namespace {

// So that less is better, and what is no number is worse than any.
double comparable(double value, const tasks::Task& task) {
  if (std::isnan(value)) return std::numeric_limits<double>::infinity();
  return task.metrics.front().higherIsBetter ? -value : value;
}

}  // namespace

bool EpochResult::isFinite() const {
  return std::isfinite(loss());
}

bool EpochResult::betterThan(const EpochResult& other, const tasks::Task& task) const {
  if (!isFinite() || !other.isFinite()) return isFinite() && !other.isFinite();
  if (!task.choosesBest) return number > other.number;
  if (!validation || !other.validation) return trainLoss < other.trainLoss;
  const double own = comparable(validation->mean(0), task), others = comparable(other.validation->mean(0), task);
  return own != others ? own < others : loss() < other.loss();
}

void EpochFigures::add(const StepResult& step) {
  seen += std::size_t(step.count);
  answers += std::size_t(step.answers);
  for (std::size_t i = 0; i < tasks::kMostFigures; ++i) figures[i] += step.figures[i];
  loss += step.loss * step.count;
}

void addStep(RunProgress& progress, const StepResult& step, bool epochEnded) {
  progress.epoch.add(step);
  progress.trainLoss = progress.epoch.loss / double(progress.epoch.seen);
  if (!epochEnded) return;
  progress.epoch = {};
  progress.validation.reset();  // it is of an epoch before
}

void setTraining(MetricPoint& point, const tasks::Task& task, const EpochFigures& figures) {
  point.trainLoss = figures.loss / double(figures.seen);
  point.trainMetric = figures.mean(0);
  if (task.twoLosses) point.trainSecond = figures.mean(1);
}

void setValidation(MetricPoint& point, const tasks::Task& task, const Evaluation& evaluation) {
  point.validationLoss = evaluation.loss;
  point.validationMetric = evaluation.mean(0);
  if (task.twoLosses) point.validationSecond = evaluation.mean(1);
  point.validationImages = std::uint32_t(evaluation.count);
}

}  // namespace train
