// What all labels of a widget say, one after the other.
#pragma once

#include <QLabel>
#include <QString>
#include <QWidget>

namespace uitest {

inline QString labelWords(const QWidget& widget) {
  QString words;
  for (const QLabel* label : widget.findChildren<QLabel*>()) words += label->text();
  return words;
}

}  // namespace uitest
