// The colors that the window and the scene share, light and dark: what is type, what is selected, which sign a value has. Plain data.
#pragma once

#include <QColor>

namespace render {

struct ThemeColors {
  QColor text, muted, faint;           // type, from the strongest to what steps back
  QColor accent;                       // what is selected
  QColor raised;                       // a surface above the others
  QColor positive, negative, neutral;  // signed values and edges
};

const ThemeColors& themeColors(bool dark);

QColor mix(const QColor& from, const QColor& to, float share);

}  // namespace render
