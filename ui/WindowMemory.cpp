#include "ui/WindowMemory.h"

#include <QMainWindow>
#include <QSettings>

#include "ui/Settings.h"

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
  remember(kGeometry, window.saveGeometry());
  remember(kState, state);
}

void forgetWindow() {
  forget(kGeometry);
  forget(kState);
}

}  // namespace ui
