#include "ui/panels/training/LogSpinBox.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kLeastMagnitude = 1e-5;  // beside zero

// The next of 1, 2, 5 x 10^n above (+1) or below (-1).
double neighborByDigit(double value, int direction) {
  const int magnitude = int(std::floor(std::log10(value)));
  double best = value;
  for (int power = magnitude - 1; power <= magnitude + 1; ++power) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double candidate = digit * std::pow(10.0, power);
      const bool beyond = direction > 0 ? candidate > value * 1.001 : candidate < value * 0.999;
      if (beyond && (best == value || std::abs(candidate - value) < std::abs(best - value))) best = candidate;
    }
  }
  return best;
}

double neighborByTwo(double value, int direction) {
  const double power = std::log2(std::max(value, 0.5));
  return std::exp2(direction > 0 ? std::floor(power) + 1 : std::ceil(power) - 1);
}

}  // namespace

LogSpinBox::LogSpinBox(QWidget* parent) : NumberField(parent) {
  setDecimals(15);
  setRange(1e-9, 1000);
  setKeyboardTracking(false);
}

double LogSpinBox::neighbor(double value, int direction) const {
  if (decimals() == 0) return neighborByTwo(value, direction);
  if (minimum() > 0) return neighborByDigit(value, direction);
  if (direction > 0) return value < kLeastMagnitude ? kLeastMagnitude : neighborByDigit(value, direction);
  return value <= kLeastMagnitude * 1.001 ? 0 : neighborByDigit(value, direction);
}

void LogSpinBox::stepBy(int steps) {
  double next = value();
  for (int i = 0; i < std::abs(steps); ++i) next = neighbor(next, steps);
  setValue(next);
}

}  // namespace ui
