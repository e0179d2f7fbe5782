// What goes to the graphics card, as plain arrays: one record per slab, sorted from back to front, and ribbons for lines.
// Pure functions; tested without GL.
#pragma once

#include <cstdint>
#include <vector>

#include "render/GlScene.h"
#include "render/Lines.h"

namespace render {

struct SlabInstance {  // the attributes of shaders/sheet.vert, in order
  float origin[4];
  float right[4];
  float down[4];
  float extent[4];
  float scale[4];
  float focus[4];
  float tone[4];
  float limits[4];
  std::int32_t cells[2];
};

struct RibbonVertex {  // of shaders/line.vert
  float point[4];
  float tangent[4];
  float color[4];
  float width;
};

struct Ribbons {
  std::vector<RibbonVertex> vertices;
  std::vector<std::uint32_t> indices;
};

inline constexpr float kDimmed = 0.66f;   // how far what is not highlighted steps back
inline constexpr float kResting = 0.50f;  // the same for the units of a network that has nothing to see; its kernels stay

inline constexpr float kMarkFromPx = 9;     // smaller cells carry no mark of saturation
inline constexpr float kMarkShare = 0.36f;  // the mark, a corner above right: share of the cell's sides

// The limits that a sheet's saturated cells have reached; nullopt where there is none to mark.
std::optional<scene::Limits> saturationOf(const scene::SceneState& state, const scene::Sheet& sheet);
float slabThickness(const scene::Sheet& sheet, const scene::Block& block);
float cornerRadius(const scene::Sheet& sheet);  // in cells
// How much one sheet steps back, 0..1, and which of its cells do not.
float dimmingOf(const scene::SceneState& state, const scene::Sheet& sheet, const Motion& motion);
// pixelRatio: pixels of the screen for each of the camera's.
void slabInstances(const scene::SceneState& state, const scene::Camera& camera, const Motion& motion, float pixelRatio,
                   std::vector<SlabInstance>& instances);
Ribbons ribbonsOf(const std::vector<Line>& lines);

}  // namespace render
