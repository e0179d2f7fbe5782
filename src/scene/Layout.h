// Where everything of a network stands: blocks (a layer together with the pointwise layers that follow it), their sheets of
// cells, and the kernels between them. Depends on the network and on the shape of the picture, never on values. Immutable, shared; pure
// computation.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "scene/Math.h"
#include "scene/Scene.h"
#include "scene/ViewShape.h"

namespace scene {

// From the input up, tilted sheets on an arc; the same on one upright plane; from left to right, sheets turned to the left. A deep network
// goes on in a further stage to the right, or below.
enum class Arrangement { Space, Flat, Rightward };

// A plane of cells that is drawn, picked and dimmed as one thing: a feature map, a piece of a dense layer, all kernels that lead
// into one map, the slab that stands for a layer that is folded away (one cell, whatever rows and columns say), or the picture that the
// three channels of an input in color make together (three values a cell, 0..1, one plane after the other; it is no unit's place).
struct Sheet {
  enum class Kind { Map, Vector, Kernels, Slab, Picture };
  Kind kind = Kind::Map;
  int block = 0;
  int channel = 0;            // Map: its channel; Kernels: the output channel; Vector: the piece
  Vec3 origin;                // corner above left, seen from the front
  Vec3 right, down;           // unit vectors along columns and rows
  float pitch = 1;            // side of a cell
  int rows = 1, columns = 1;  // cells; Kernels: of one tile
  int tilesAcross = 1;        // Kernels: tiles beside each other
  float tileGap = 0;          // between tiles, in cells
  int count = 0;              // cells that exist; a last row may be short
  std::size_t firstCell = 0;  // in the array of displayed cells
  std::size_t firstTile = 0;  // Kernels: into Layout::tiles
  int tileCount = 1;
  float width() const;  // world units, gaps between tiles included
  float height() const;
  Vec3 normal() const { return cross(down, right); }  // towards the person
  Vec3 point(float column, float row) const { return origin + right * (column * pitch) + down * (row * pitch); }
  Vec3 center() const { return origin + right * (width() * 0.5f) + down * (height() * 0.5f); }
};

struct KernelTile {
  int inputChannel = 0;
  std::size_t parameter = 0;  // of its first weight, in the network's flat array
};

struct Block {
  int node = -1;             // whose links say where its cells come from
  int valueNode = -1;        // the last merged pointwise node: whose values are shown
  std::vector<int> nodes;    // all that are merged here, in order
  std::vector<int> sources;  // blocks it reads
  nn::Shape shape;           // as shown
  std::string name;          // "conv1"
  std::string dims;          // "6 × 28 × 28", as Shape::text() writes it
  std::string kernelDims;    // "6 × 5 × 5", "5 × 5" over one map, empty without kernels
  int level = 0;
  int stage = 0;  // of those that stand beside each other, in the order in which they are read
  bool isInput = false, isOutput = false;
  bool folded = false;        // away: one slab stands for it, and its kernels are not shown
  bool tiles = false;         // an output whose units are shown large, each with its label
  bool nonNegative = false;   // by construction (ReLU, sigmoid, softmax, pooling of those)
  bool unitRange = false;     // values lie in 0..1 by construction (softmax, sigmoid)
  std::size_t firstCell = 0;  // its units are displayed cells firstCell .. firstCell + cellCount()
  std::size_t cellCount() const { return folded ? 1 : shape.size(); }
  int firstSheet = 0, sheetCount = 0;
  int unitsPerSheet = 1;
  int firstKernelSheet = 0, kernelSheetCount = 0;
  Box bounds, kernelBounds;
  Vec3 labelAnchor, legendAnchor;              // left and right of the block, half way up; Rightward: below and above its middle
  Vec3 kernelLabelAnchor, kernelLegendAnchor;  // the same for its kernels
};

// A cell on a sheet. Kernels: row and column count within the tile.
struct CellRef {
  int sheet = -1;
  int row = 0, column = 0;
  int tile = 0;
  bool operator==(const CellRef&) const = default;
};

// From a block to one of another stage that reads it, around what stands between them.
struct Route {
  int from = 0, to = 0;  // blocks
  std::vector<Vec3> points;
};

struct Layout {
  std::shared_ptr<const nn::Network> network;
  Arrangement arrangement = Arrangement::Space;
  std::vector<Block> blocks;  // in topological order
  std::vector<Sheet> sheets;  // of the blocks, then pictures
  std::vector<KernelTile> tiles;
  std::vector<int> blockOfNode;
  std::vector<Route> routes;
  // In the array of displayed cells: units, then the cells of pictures, then from firstKernelCell on the kernels' weights.
  std::size_t unitCells = 0, firstKernelCell = 0;
  std::size_t cellCount = 0;
  Box bounds;

  // The cell that shows a unit (of a folded layer: its slab); nullopt when the node does not exist or the cell lies outside it.
  std::optional<CellRef> locate(const UnitId& unit) const;
  // Where the flow goes, from inputs to outputs.
  Vec3 flow() const { return arrangement == Arrangement::Rightward ? Vec3{1, 0, 0} : Vec3{0, 1, 0}; }
  const Block& blockOf(const CellRef& cell) const { return blocks[std::size_t(sheets[std::size_t(cell.sheet)].block)]; }
  // The unit that a cell shows, as a unit of the block's first node (whose links explain it). Not for kernels.
  UnitId unitAt(const CellRef& cell) const;
  // The same unit where its shown value is read: in the block's last merged node.
  UnitId shownUnit(const UnitId& unit) const;
  Vec3 center(const CellRef& cell) const;
  // Corners of a cell, clockwise from above left.
  std::array<Vec3, 4> corners(const CellRef& cell) const;
  std::size_t cellIndex(const CellRef& cell) const;
  // Parameter shown by a kernel's cell.
  std::size_t parameterAt(const CellRef& cell) const;
};

// folded: first nodes of the blocks that are folded away. shape: of the picture, which decides into how many stages a deep network is
// folded, and whether maps stand in few long rows or in many short ones.
std::shared_ptr<const Layout> buildLayout(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement,
                                          const std::set<int>& folded = {}, ViewShape shape = ViewShape::Even);

// Fill the array of displayed cells (cellCount floats): the part of the units with that of the pictures, and the part of the kernels.
void gatherUnits(const Layout& layout, const Values& values, std::span<float> cells);
void gatherKernels(const Layout& layout, std::span<const float> parameters, std::span<float> cells);

}  // namespace scene
