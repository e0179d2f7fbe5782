// The two pages of the Help menu. Neither blocks the window. Free functions; UI thread.
#pragma once

class QWidget;

namespace ui {

class Commands;

// What the mouse does, then the keys of all commands, menu by menu.
void showKeys(QWidget& window, const Commands& commands);
void showAbout(QWidget& window);

}  // namespace ui
