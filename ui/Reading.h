// What screen readers are told of the parts that are drawn rather than made of widgets: the scene with the unit in hand, and the
// sections of a sheet with their numbers. Installed by the first scene; UI thread.
#pragma once

#include <QString>

class QWidget;

namespace ui {

void installReading();
// The unit in hand, or what is played, in words: the name of the scene's view, whose new value is announced.
void announce(QWidget& view, const QString& words);

}  // namespace ui
