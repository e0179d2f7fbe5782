// What one unit sees of every layer below it, down to the pixels: the rows and columns of its receptive field in each, and in
// which maps. From the layers' own links and windows; pure, any thread.
#pragma once

#include <vector>

#include "nn/Network.h"

namespace analysis {

// Rows and columns of a map; ends are included.
struct MapRegion {
  int top = 0, left = 0, bottom = -1, right = -1;
  bool empty() const { return bottom < top || right < left; }
  bool operator==(const MapRegion&) const = default;
};

// Of one node: the region is cut to its maps, and empty where the unit does not see the node at all.
struct UnitReceptiveField {
  MapRegion region;
  std::vector<bool> channels;  // as many as the node has; those that reach the unit
  bool empty() const { return region.empty(); }
  int height() const { return region.bottom - region.top + 1; }
  int width() const { return region.right - region.left + 1; }
};

// One per node of the network, in its order; the unit's own node holds the unit alone, what stands above or beside it nothing.
std::vector<UnitReceptiveField> receptiveFieldsOf(const nn::Network& network, int node, const nn::Cell& cell);

}  // namespace analysis
