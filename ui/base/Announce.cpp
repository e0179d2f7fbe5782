#include "ui/base/Announce.h"

#include <QAccessible>
#include <QWidget>

namespace ui {

void announce(QWidget& view, const QString& words) {
  if (words == view.accessibleName()) return;
  view.setAccessibleName(words);
  QAccessibleValueChangeEvent event(&view, words);
  QAccessible::updateAccessibility(&event);
}

}  // namespace ui
