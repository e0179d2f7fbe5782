// The two pages of the Help menu. Neither blocks the window. Free functions; UI thread.
#pragma once

#include <vector>

#include <QString>

class QAction;
class QWidget;

namespace ui {

// The commands of one menu that have keys.
struct KeyGroup {
  QString title;
  std::vector<QAction*> actions;
};

// What the mouse does, then the keys, menu by menu.
void showKeys(QWidget& window, const std::vector<KeyGroup>& groups);
void showAbout(QWidget& window);

}  // namespace ui
