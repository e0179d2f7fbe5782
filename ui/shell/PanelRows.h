// The panels around the scene, a row each, and the modes of the window, which are arrangements of them. From a row come the dock, its
// entry in the View menu, its command, its theme and its place in the layout that is remembered. Made by PanelLayout; UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QSize>
#include <QString>
#include <Qt>

#include "ui/base/Theme.h"

class QWidget;

namespace ui {

class Workbench;

enum class Mode { Explore, Train, Lesson };

struct ModeRow {
  Mode mode;
  QString id;     // of its command, "mode.explore"; its layout is remembered under it
  QString title;  // in the menu, with its mark
  QString help;
  Qt::Key key;
  // What the panels on the left take of the window's width at first, within limits in pixels.
  double leftShare;
  int leftPx, mostLeftPx;
};
const std::vector<ModeRow>& modeRows();
const ModeRow& modeRow(Mode mode);

struct Panel {
  QWidget* widget = nullptr;
  std::function<void(const Theme&)> setTheme;
};

struct PanelRow {
  QString id;  // of its dock; its command is "panel." and this
  QString title;
  Qt::DockWidgetArea area;  // those on the right share one place
  int share;                // of the height of an area where panels stand above each other
  QSize smallest;           // as small as the person may make it
  std::vector<Mode> modes;  // in which it is there from the beginning
  Panel (*create)(Workbench& workbench);
};
std::vector<PanelRow> shippedPanelRows();
// These, and in a test program what only that knows: PanelRowCatalogue.cpp, which CMake generates.
const std::vector<PanelRow>& panelRows();

}  // namespace ui
