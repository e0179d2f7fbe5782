// The edges of a unit: what it reads, or who reads it, with weights and contributions; and all edges of one shared weight.
// Everything comes from the layers' own links (analysis/Contribution.h). Pure functions.
#pragma once

#include <span>
#include <vector>

#include "analysis/Contribution.h"
#include "scene/Layout.h"
#include "scene/Picking.h"

namespace scene {

enum class Direction { Incoming, Outgoing };
// What an edge's color and width stand for: the weight itself, or activation x weight.
enum class Measure { Contribution, Weight };

struct Edge {
  UnitId other;      // at the far end, as a unit of its block's first node
  CellRef cell;      // where that one is shown
  float weight = 1;  // the parameter, or where there is none what one unit of the input adds (analysis::UnitDecomposition)
  bool hasWeight = false;
  float input = 0;  // the value that flows along it
  float contribution = 0;
  float measured(Measure measure) const { return measure == Measure::Weight ? weight : contribution; }
};

struct UnitEdges {
  UnitId unit;
  Direction direction = Direction::Incoming;
  std::vector<Edge> edges;  // all links, in the layer's order; outgoing: reader by reader
  float largest(Measure measure) const;
};

// The same unit as one of its block's first node, whose links explain it.
UnitId firstOf(const Layout& layout, const UnitId& unit);
analysis::Activations activationsOf(const Values& values, std::span<const float> parameters);

// `unit` may name any node of a block. Incoming edges are those of the block's first node; outgoing ones lead from its last.
UnitEdges edgesInto(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit);
UnitEdges edgesOutOf(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit);

// One number and everything that it connects: an edge for every place of the kernel at which the weight lies inside the input.
// `weight` is a cell of a kernel's sheet. In every edge, `other` is the unit that reads, and `from` lies in `sources`.
struct WeightEdges {
  int node = -1;
  std::size_t parameter = 0;
  std::vector<Edge> edges;
  std::vector<CellRef> sources;  // as long as edges
};
WeightEdges edgesOfWeight(const Layout& layout, std::span<const float> parameters, const Values& values, const CellRef& weight);

// Indices of the k edges that measure most (ties by order), strongest last, so that they are drawn on top.
std::vector<int> strongest(std::span<const Edge> edges, std::size_t k, Measure measure);

}  // namespace scene
