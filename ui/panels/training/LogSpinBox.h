// A number that is chosen by magnitude, such as the learning rate: the arrows go 1, 2, 5, 10, ..., and through the powers of two where
// it is a whole number, such as the batch size; where it may be zero, that lies below 0.00001. Any value can be typed. UI thread.
#pragma once

#include "ui/base/NumberField.h"

namespace ui {

class LogSpinBox : public NumberField {
  Q_OBJECT
 public:
  explicit LogSpinBox(QWidget* parent = nullptr);
  void stepBy(int steps) override;

 private:
  double neighbor(double value, int direction) const;
};

}  // namespace ui
