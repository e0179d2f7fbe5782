// Actions as the menus, bars and the key list want them. UI thread.
#pragma once

#include <QAction>
#include <QKeySequence>

namespace ui {

// id: its name in ui/app/Commands.h.
QAction* makeCommand(QObject* parent, const QString& id, const QString& text, const QString& tip, const QKeySequence& key = {});

// slot: what it does, as long as the parent is there.
template <typename Slot>
QAction* makeCommand(QObject* parent, const QString& id, const QString& text, const QString& tip, const QKeySequence& key, Slot&& slot) {
  QAction* command = makeCommand(parent, id, text, tip, key);
  QObject::connect(command, &QAction::triggered, parent, std::forward<Slot>(slot));
  return command;
}

// The key stands behind the tip.
QAction* makeAction(QObject* parent, const QString& id, const QString& text, const QString& tip, const QKeySequence& key, bool checkable);

}  // namespace ui
