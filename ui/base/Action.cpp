#include "ui/base/Action.h"

#include <QAction>
#include <QKeySequence>

namespace ui {

QAction* makeAction(QObject* parent, const char* id, const QString& text, const QString& tip, const QKeySequence& key, bool checkable) {
  auto* action = new QAction(text, parent);
  action->setObjectName(id);
  action->setToolTip(QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)));
  action->setShortcut(key);
  action->setCheckable(checkable);
  return action;
}

}  // namespace ui
