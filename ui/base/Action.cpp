#include "ui/base/Action.h"

namespace ui {

QAction* makeCommand(QObject* parent, const QString& id, const QString& text, const QString& tip, const QKeySequence& key) {
  auto* action = new QAction(text, parent);
  action->setObjectName(id);
  action->setToolTip(tip);
  action->setShortcut(key);
  return action;
}

QAction* makeAction(QObject* parent, const QString& id, const QString& text, const QString& tip, const QKeySequence& key, bool checkable) {
  QAction* action = makeCommand(parent, id, text, QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)), key);
  action->setCheckable(checkable);
  return action;
}

}  // namespace ui
