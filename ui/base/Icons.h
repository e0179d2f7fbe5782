// The icons of the program: one SVG file each in resources/icons, drawn by us on a grid of 24 x 24 in "currentColor" and tinted by the
// theme, crisp at any size and pixel ratio. UI thread.
#pragma once

#include <QIcon>

#include "ui/base/Theme.h"

class QPainter;
class QRectF;

namespace ui {

// clang-format off
enum class Icon {
  Play, Pause, Step, StepBack, Reset,
  Pen, Eraser, Undo, Redo, Clear, Random,
  Copy, ZoomIn, ZoomOut, Pin, Trace,
  Info, Warning, Check, Cross, Back, Forward,
};
// clang-format on
constexpr int kIcons = int(Icon::Forward) + 1;

// Normal in the text color, disabled faint, on (checked) in the accent.
QIcon icon(Icon which, const Theme& theme);
// The same drawing straight onto a painter, in the middle of `where` as large as fits, in one color.
void paintIcon(QPainter& painter, const QRectF& where, Icon which, const QColor& color);

}  // namespace ui
