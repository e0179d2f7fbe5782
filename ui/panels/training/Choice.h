// A combo box in which a name that is longer than the field ends in an ellipsis, not in the middle of a letter. UI thread.
#pragma once

#include <QComboBox>

namespace ui {

class Choice : public QComboBox {
 public:
  using QComboBox::QComboBox;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace ui
