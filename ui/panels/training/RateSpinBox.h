// A number that is chosen by magnitude, such as the learning rate: the arrows go 1, 2, 5, 10, ..., any value can be typed.
#pragma once

#include "ui/base/NumberField.h"

namespace ui {

class RateSpinBox : public NumberField {
  Q_OBJECT
 public:
  explicit RateSpinBox(QWidget* parent = nullptr);
  void stepBy(int steps) override;
  static double neighbor(double value, int direction);  // the next of 1, 2, 5 x 10^n above (+1) or below (-1)
};

}  // namespace ui
