// The steps from a network to its layout: which blocks there are, where the sheets of one block lie on the block's own plane, how
// much room its labels take. Private to scene; pure functions, no GL.
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

inline constexpr float kRowWidth = 12.0f;  // world units that the widest layer takes where rows are long

// How a block stands, in world units: what the widest takes across the flow, and how high several rows of maps, and of kernels, may be.
struct Proportions {
  float row = kRowWidth, maps = 1.3f, kernels = 0.85f;
};
inline constexpr Proportions kLongRows{};
inline constexpr Proportions kShortRows{7.0f, 4.4f, 1.3f};  // for a picture that is higher than wide

// Fills layout.blocks and layout.blockOfNode from layout.network: pointwise layers join the layer that they follow.
void findBlocks(Layout& layout);

// Gives the units of a block their sheets; room: of the block, in the direction in which maps stand beside each other; high: that several
// rows of maps may take. turned: that direction is down the plane, and further rows are columns. picture: that its three maps make
// together, as the last sheet.
Plane unitPlane(Block& block, int index, float room, float high, bool turned, bool picture);
// One plain slab in place of a layer that is folded away.
Plane slabPlane(Block& block, int index, bool turned);

// The kernels of a layer, without places yet: one sheet for each of its maps.
struct KernelSheets {
  Plane plane;
  int most = 0;  // tiles of the sheet that has most; 0: the layer shows no kernels
};

// Adds their tiles to the layout, and tells the block what they measure.
KernelSheets kernelSheets(Layout& layout, int block, bool turned);

// Gives the sheets of a layer's kernels their place and pitch. maps: the plane of the same layer's units.
// most: tiles of the sheet that has most. high: what all their rows may take.
void arrangeKernels(Plane& kernels, const Plane& maps, int most, float high);
// What lay in rows lies in columns.
void turn(Plane& plane);

}  // namespace scene
