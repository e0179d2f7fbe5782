#include "train/history/RunProgress.h"

#include <cmath>

namespace train {

namespace {

double comparable(double loss) {
  return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
}

// So that less is better.
double comparable(double value, const tasks::Task& task) {
  return comparable(task.metrics.front().higherIsBetter ? -value : value);
}

}  // namespace

bool EpochResult::betterThan(const EpochResult& other, const tasks::Task& task) const {
  if (!task.choosesBest) return number > other.number;
  if (!validation || !other.validation) return comparable(trainLoss) < comparable(other.trainLoss);
  const double own = comparable(validation->mean(0), task), others = comparable(other.validation->mean(0), task);
  if (own != others) return own < others;
  return comparable(validation->loss) < comparable(other.validation->loss);
}

void EpochFigures::add(const StepResult& step) {
  seen += std::size_t(step.count);
  answers += std::size_t(step.answers);
  for (std::size_t i = 0; i < tasks::kMostFigures; ++i) figures[i] += step.figures[i];
  loss += step.loss * step.count;
}

}  // namespace train
