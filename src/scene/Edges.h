// The incoming edges of a unit, from Layer::linksInto, and what the scene shows and dims while that unit is under discussion.
// Pure functions.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "scene/Layout.h"
#include "scene/Picking.h"

namespace scene {

struct Edge {
  UnitId source;     // as a unit of its block's first node
  CellRef cell;      // where the source is shown
  float weight = 1;  // 1 where the layer has none
  bool hasWeight = false;
  float input = 0;
  float contribution = 0;  // input x weight; for max-pooling the winner's value, 0 for the others; for an average its share
};

struct UnitEdges {
  UnitId unit;
  std::vector<Edge> edges;  // all incoming links, in the layer's order
  float largest = 0;        // |contribution|
};

// `unit` may name any node of a block; the edges are those of the block's first node.
UnitEdges edgesInto(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit);
// Indices of the k edges with the largest |contribution| (ties by order), strongest last, so that they are drawn on top.
std::vector<int> strongest(const UnitEdges& edges, std::size_t k);

// What of one sheet stays lit: the cells of a rectangle, everything, or nothing.
struct SheetFocus {
  bool lit = false;
  int firstColumn = 0, firstRow = 0, lastColumn = -1, lastRow = -1;  // inclusive; empty: the whole sheet
  int tile = -1;                                                     // Kernels: one tile only
  bool whole() const { return lit && lastColumn < firstColumn; }
};

// The corners of the unit's input patch on one map, clockwise from above left; none where it reads the whole map.
struct PatchFrame {
  int sheet = -1;
  std::array<Vec3, 4> corners;
};

// Everything that is shown about one unit, ready for a renderer.
struct Discussion {
  UnitEdges edges;
  CellRef cell;                   // of the unit
  std::vector<int> shown;         // which edges are drawn
  std::vector<SheetFocus> focus;  // per sheet
  std::vector<PatchFrame> patches;
};

inline constexpr std::size_t kMostEdges = 400;
Discussion discuss(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                   std::size_t most = kMostEdges);

}  // namespace scene
