// What screen readers are told of the parts that are drawn rather than made of widgets: the scene with the unit in hand, and the
// sections of a sheet with their numbers. Installed by the main window, before its first view; UI thread.
#pragma once

namespace ui {

void installAccessibleText();

}  // namespace ui
