// The two pages of the Help menu. Neither blocks the window. Free functions; UI thread.
#pragma once

#include <vector>

class QAction;
class QWidget;

namespace ui {

void showKeys(QWidget& window, const std::vector<QAction*>& actions);
void showAbout(QWidget& window);

}  // namespace ui
