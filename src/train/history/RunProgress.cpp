#include "train/history/RunProgress.h"

#include <cmath>

namespace train {

namespace {

double comparable(double loss) {
  return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
}

}  // namespace

bool EpochResult::betterThan(const EpochResult& other) const {
  if (!validation || !other.validation) return comparable(trainLoss) < comparable(other.trainLoss);
  if (validation->accuracy() != other.validation->accuracy()) return validation->accuracy() > other.validation->accuracy();
  return comparable(validation->loss) < comparable(other.validation->loss);
}

void EpochFigures::add(const StepResult& step) {
  seen += std::size_t(step.count);
  answers += std::size_t(step.answers);
  correct += std::size_t(step.correct);
  loss += step.loss * step.count;
}

}  // namespace train
