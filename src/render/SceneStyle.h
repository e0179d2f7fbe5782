// The scene's colors and type in the two themes: plain data for every renderer. Values have the color maps (scene/ColorMap.h);
// everything here is ground, text, the slabs' sides and the one accent.
#pragma once

#include <QColor>
#include <QFont>

#include "render/ThemeColors.h"
#include "scene/ColorMap.h"
#include "scene/Scales.h"

namespace render {

struct SceneStyle : ThemeColors {
  bool dark = true;
  QColor glow, ground;      // background: behind the middle, at the border
  QColor slab, slabShade;   // what is between cells; the sides of a slab
  QColor panel, panelLine;  // the tag at the pointer
  scene::Palette palette = scene::Palette::Glow;
  float textScale = 1;  // larger on a projector
  float lineScale = 1;  // of edges, threads and frames

  QColor pin(std::size_t index) const;  // of several pinned units, see scene/Pins.h
  QColor fade() const;                  // where what steps back goes to: near the background behind it
  QColor blank() const;                 // of cells that have no value yet, as in shaders/sheet.frag
  QFont font(float pixelSize, bool bold = false) const;
  const scene::ColorMap& map(const scene::Scale& scale) const {
    return scale.diverging ? scene::ColorMap::diverging(dark) : scene::ColorMap::sequential(dark, palette);
  }
  // contrast: for a projector in a lit room, with strong lines.
  static SceneStyle of(bool dark, float textScale = 1, bool contrast = false);
};

}  // namespace render
