// Remembers the window's size and the arrangement of its panels from one start to the next. An arrangement of another
// version of the layout is not used. Free functions; UI thread.
#pragma once

class QMainWindow;
class QByteArray;

namespace ui {

inline constexpr int kLayoutVersion = 1;  // raised whenever a dock is added, removed or renamed

bool restoreWindow(QMainWindow& window);  // false: nothing (fitting) was remembered
void rememberWindow(const QMainWindow& window, const QByteArray& state);
void forgetWindow();

}  // namespace ui
