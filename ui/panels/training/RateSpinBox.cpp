#include "ui/panels/training/RateSpinBox.h"

#include <algorithm>
#include <cmath>

namespace ui {

RateSpinBox::RateSpinBox(QWidget* parent) : NumberField(parent) {
  setDecimals(15);
  setRange(1e-9, 1000);
  setKeyboardTracking(false);
}

double RateSpinBox::neighbor(double value, int direction) {
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

void RateSpinBox::stepBy(int steps) {
  double next = value();
  for (int i = 0; i < std::abs(steps); ++i) next = neighbor(next, steps);
  setValue(next);
}

}  // namespace ui
