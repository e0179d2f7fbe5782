// Remembers the window's size and the arrangement of its panels from one start to the next. An arrangement of another
// version of the layout is not used. Free functions; UI thread.
#pragma once

#include <QRect>

class QMainWindow;
class QByteArray;

namespace ui {

inline constexpr int kLayoutVersion = 2;  // raised whenever a dock is added, removed or renamed

// Where the first window lies on a screen of which so much is free: most of it on a large one, all but the frame on a small one.
QRect firstGeometry(const QRect& available);
// The window as it was, or as much of it as fits, moved to where it is seen whole with its frame.
QRect geometryWithin(const QRect& window, const QRect& available);

bool restoreWindow(QMainWindow& window);  // false: nothing (fitting) was remembered
void rememberWindow(const QMainWindow& window, const QByteArray& state);
void forgetWindow();

}  // namespace ui
