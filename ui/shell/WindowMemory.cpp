#include "ui/shell/WindowMemory.h"

#include <algorithm>

#include <QGuiApplication>
#include <QMainWindow>
#include <QScreen>
#include <QSettings>

#include "ui/base/Settings.h"

namespace ui {

namespace {
constexpr const char* kGeometry = "window/geometry";

// What a window manager puts around the window; how much is not known before it is shown.
constexpr QMargins kFrame(4, 36, 4, 4);
constexpr QSize kComfortable(1280, 800);  // smaller only where the screen is
constexpr double kShare = 0.9;            // of a large screen
constexpr double kWidest = 2;             // times the height, on a very wide screen

// The screen on which most of it lies.
QRect availableFor(const QRect& window) {
  const QScreen* best = QGuiApplication::primaryScreen();
  const auto shared = [&](const QScreen& screen) {
    const QRect part = screen.availableGeometry() & window;
    return qint64(part.width()) * part.height();
  };
  for (const QScreen* screen : QGuiApplication::screens())
    if (shared(*screen) > shared(*best)) best = screen;
  return best->availableGeometry();
}

}  // namespace

QRect firstGeometry(const QRect& available) {
  const QSize room = available.marginsRemoved(kFrame).size();
  QSize size = (available.size() * kShare).expandedTo(kComfortable).boundedTo(room);
  size.setWidth(std::min(size.width(), std::max(int(size.height() * kWidest), kComfortable.width())));
  QRect window(QPoint(), size);
  window.moveCenter(available.center());
  return geometryWithin(window, available);
}

QRect geometryWithin(const QRect& window, const QRect& available) {
  const QRect room = available.marginsRemoved(kFrame);
  QRect result(window.topLeft(), window.size().boundedTo(room.size()));
  result.moveLeft(std::clamp(result.left(), room.left(), room.right() - result.width() + 1));
  result.moveTop(std::clamp(result.top(), room.top(), room.bottom() - result.height() + 1));
  return result;
}

void restoreGeometryOf(QMainWindow& window) {
  const QByteArray geometry = QSettings().value(kGeometry).toByteArray();
  if (!geometry.isEmpty()) window.restoreGeometry(geometry);
  // It may have been closed on another screen.
  if (!window.isMaximized() && !window.isFullScreen())
    window.setGeometry(geometryWithin(window.geometry(), availableFor(window.geometry())));
}

void rememberGeometryOf(const QMainWindow& window) {
  remember(kGeometry, window.saveGeometry());
}

}  // namespace ui
