// Tells screen readers of a view that is drawn rather than made of widgets. UI thread.
#pragma once

#include <QString>

class QWidget;

namespace ui {

// The unit in hand, or what is played, in words: the name of the scene's view, whose new value is announced.
void announce(QWidget& view, const QString& words);

}  // namespace ui
