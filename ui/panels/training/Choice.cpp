#include "ui/panels/training/Choice.h"

#include <QStyleOptionComboBox>
#include <QStylePainter>

namespace ui {

namespace {
constexpr int kComboInsetPx = 2;  // within the field, as Fusion draws it
}

void Choice::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  painter.setPen(palette().color(QPalette::Text));
  QStyleOptionComboBox option;
  initStyleOption(&option);
  painter.drawComplexControl(QStyle::CC_ComboBox, option);
  const int room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width() - kComboInsetPx;
  option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, room);
  painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}  // namespace ui
