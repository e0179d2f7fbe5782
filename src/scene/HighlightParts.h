// What stays lit and what is framed, for highlights and animations alike. Private to scene; pure functions.
#pragma once

#include "scene/Highlight.h"
#include "scene/Layout.h"

namespace scene {

inline SheetFocus wholeSheet() {
  SheetFocus focus;
  focus.lit = true;
  return focus;
}

// Around columns left .. right - 1 and rows top .. bottom - 1, which may lie outside the map.
inline PatchFrame frameAround(const Layout& layout, int index, int left, int top, int right, int bottom) {
  const Sheet& sheet = layout.sheets[std::size_t(index)];
  const auto corner = [&](int column, int row) { return sheet.point(float(column), float(row)); };
  return {index, {corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)}};
}

}  // namespace scene
