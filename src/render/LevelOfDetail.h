// Layers that are too far away for their maps to be seen: each becomes one slab, whose name says what it is. Every renderer draws
// the same slabs. Pure functions.
#pragma once

#include <utility>
#include <vector>

#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

inline constexpr float kSmallestMapPx = 6;  // maps of which no side is longer are not drawn one by one

// A rectangle in the world; sides in world units.
struct FarSlab {
  int block = -1;
  scene::Vec3 origin, right, down;
  float width = 0, height = 0;
  scene::Vec3 center() const { return origin + right * (width / 2) + down * (height / 2); }
};

// Per block. A layer with a lit cell, or the one under the pointer, keeps its maps.
std::vector<bool> farBlocks(const scene::SceneState& state, const scene::Camera& camera);
// A few slabs beside each other, for on the arc one would be straight.
std::vector<FarSlab> slabsOf(const scene::Layout& layout, int block);
// Whether a sheet is drawn for itself.
bool drawnAlone(const scene::Sheet& sheet, const std::vector<bool>& far);
// Whether anything of a layer is highlighted.
bool hasLitCell(const scene::SceneState& state, const scene::Block& block);

// What is drawn, from the farthest to the nearest: sheets, and slabs of layers that are far away.
struct BackToFront {
  BackToFront(const scene::SceneState& state, const scene::Camera& camera);
  bool isSheet(int index) const { return index < sheetCount; }
  const FarSlab& slab(int index) const { return slabs[std::size_t(index - sheetCount)]; }

  int sheetCount;
  std::vector<FarSlab> slabs;
  std::vector<std::pair<float, int>> order;  // depth, and a sheet, or behind them a slab
};

}  // namespace render
