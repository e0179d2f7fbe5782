// Where the sheets of one block lie on the block's own plane, before it is stood into the scene. Pure functions, no GL.
#pragma once

#include <vector>

#include "scene/Layout.h"

namespace scene {

// x to the right, y downwards, from the middle of the plane's upper edge.
struct Placed {
  Sheet sheet;
  float x = 0, y = 0;
};

struct Plane {
  std::vector<Placed> sheets;
  float width = 0, height = 0;
};

// Gives the sheets of a layer's kernels their place and pitch. maps: the plane of the same layer's units.
// most: tiles of the sheet that has most.
void arrangeKernels(Plane& kernels, const Plane& maps, int most);

}  // namespace scene
