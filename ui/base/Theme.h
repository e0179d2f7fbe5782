// The look as plain data: one grid, one type scale, one accent color, calm surfaces, light and dark. The window makes a
// Theme, applies it to the application and hands it to every drawn widget with setTheme(). UI thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include "render/ThemeColors.h"

class QApplication;

namespace ui {

enum class ThemeChoice { System, Light, Dark };

struct Theme : render::ThemeColors {
  bool dark = false;
  bool projector = false;  // large type, high contrast

  // Surfaces from back to front, and the hairlines between them.
  QColor window, surface, line;  // `raised` lies above them
  // Of the accent, "this is what you selected": text on it, and a quiet area of it.
  QColor onAccent, accentSoft;
  QColor warning;  // wrong answers and errors, nothing else
  // Between the colors of negative and positive values.
  QColor zero;
  // The drawing: paper, ink, and what the network receives.
  QColor paper, ink;

  int grid = 8;  // every distance is a multiple or a half of it
  QFont small, body, title, display;

  // t in -1..1 (clamped) to the diverging colors.
  QColor valueColor(float t) const;
  // Black or white text, whichever reads better on `background`.
  QColor readableOn(const QColor& background) const;
  QFont bold(const QFont& font) const;
  // The display font at another size, e.g. for the winner.
  QFont displayAt(int pixelSize) const;
};

// `from` with `share` (0..1) of `to` mixed in.
QColor mix(const QColor& from, const QColor& to, double share);

Theme lightTheme(bool projector = false);
Theme darkTheme(bool projector = false);

// Whether the desktop asks for dark windows. `systemPalette` is the palette before applyTheme(); Qt 6.5 and later ask the platform.
bool systemIsDark(const QPalette& systemPalette);
Theme makeTheme(ThemeChoice choice, bool projector, const QPalette& systemPalette);

QPalette paletteOf(const Theme& theme);
QString styleSheetOf(const Theme& theme);
// Fusion, palette, font and the small style sheet, for the whole application.
void applyTheme(QApplication& application, const Theme& theme);

}  // namespace ui
