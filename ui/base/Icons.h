// The icons of the program, drawn by us as vector paths on a 24 x 24 grid and tinted by the theme: crisp at any size and
// pixel ratio. UI thread.
#pragma once

#include <QIcon>

#include "ui/base/Theme.h"

class QPainter;
class QRectF;

namespace ui {

// clang-format off
enum class Icon {
  Play, Pause, Step, StepBack, Reset, Stop,
  Pen, Eraser, Undo, Redo, Clear, Random,
  Open, Save, Download, Copy, Camera,
  Fit, Home, Cube, Flat, ZoomIn, ZoomOut,
  Network, Data, Settings, Info, Help, Warning,
  Eye, EyeOff, Pin, Projector, Moon, Sun,
  Check, Cross, Close, Back, Forward, More, Trace,
};
// clang-format on

// Normal in the text color, disabled faint, on (checked) in the accent.
QIcon icon(Icon which, const Theme& theme);
// The same drawing straight onto a painter, filling `where`, in one color.
void paintIcon(QPainter& painter, const QRectF& where, Icon which, const QColor& color);

}  // namespace ui
