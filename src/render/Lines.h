// The lines of a scene as points in the world: edges of the highlighted unit, frames around it, its patches and the pinned
// unit; and behind everything the quiet threads that say which map reads which. Every renderer draws the same lines. Pure functions.
#pragma once

#include <vector>

#include <QColor>

#include "render/SceneStyle.h"
#include "scene/SceneState.h"

namespace render {

struct Line {
  std::vector<scene::Vec3> points;
  QColor color;
  float widthPx = 1;
  bool closed = false;
  bool grows = false;  // an edge: drawn from its source on, while the picture comes to rest
};

// From every map to the maps it reads, through its kernels: found from the layers' own links, so a connection table shows.
std::vector<Line> threads(const scene::SceneState& state, const SceneStyle& style);
// In front of the slabs: strokes through what is dead, the edges, and the frames.
std::vector<Line> highlightLines(const scene::SceneState& state, const SceneStyle& style);

}  // namespace render
