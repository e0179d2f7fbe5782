// Where the window lies on the screen, at first and from one start to the next. Free functions; UI thread.
#pragma once

#include <QRect>

class QMainWindow;

namespace ui {

// Where the first window lies on a screen of which so much is free: most of it on a large one, all but the frame on a small one.
QRect firstGeometry(const QRect& available);
// The window as it was, or as much of it as fits, moved to where it is seen whole with its frame.
QRect geometryWithin(const QRect& window, const QRect& available);

void restoreGeometryOf(QMainWindow& window);
void rememberGeometryOf(const QMainWindow& window);

}  // namespace ui
