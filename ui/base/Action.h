// Actions as the menus, bars and the key list want them. UI thread.
#pragma once

class QAction;
class QKeySequence;
class QObject;
class QString;

namespace ui {

// id: its name in ui/app/Commands.h. The key stands behind the tip.
QAction* makeAction(QObject* parent, const char* id, const QString& text, const QString& tip, const QKeySequence& key, bool checkable);

}  // namespace ui
