#include "ui/WindowMemory.h"

#include <QMainWindow>
#include <QSettings>

namespace ui {

namespace {
constexpr const char* kGeometry = "window/geometry";
constexpr const char* kState = "window/state";
}  // namespace

bool restoreWindow(QMainWindow& window) {
  const QSettings settings;
  const QByteArray geometry = settings.value(kGeometry).toByteArray();
  if (!geometry.isEmpty()) window.restoreGeometry(geometry);
  const QByteArray state = settings.value(kState).toByteArray();
  return !state.isEmpty() && window.restoreState(state, kLayoutVersion);
}

void rememberWindow(const QMainWindow& window, const QByteArray& state) {
  QSettings settings;
  settings.setValue(kGeometry, window.saveGeometry());
  settings.setValue(kState, state);
}

void forgetWindow() {
  QSettings settings;
  settings.remove(kGeometry);
  settings.remove(kState);
}

}  // namespace ui
