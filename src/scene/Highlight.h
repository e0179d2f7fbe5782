// What the scene shows about the unit, the weight or the trace that is highlighted: which edges, which frames, what stays
// lit. Plain data for every renderer, computed from the layout, the values and what the person asks. Pure functions.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "analysis/Trace.h"
#include "scene/Edges.h"

namespace scene {

// What the person wants to know; kept while the pointer goes from unit to unit.
struct ConnectionOptions {
  Direction direction = Direction::Incoming;
  Measure measure = Measure::Contribution;
  std::size_t most = 400;      // edges shown: the strongest
  bool receptiveField = true;  // frames around what the unit sees of every layer below
  bool trace = false;          // of the pinned unit, else of the winner, down to the pixels
  std::size_t paths = 12;      // edges of a trace into each layer
  int against = -1;            // of a pinned output: the class that its logit is compared with; -1: none
  bool operator==(const ConnectionOptions&) const = default;
};

// What of one sheet stays lit: the cells of a rectangle, everything, or nothing.
struct SheetFocus {
  bool lit = false;
  int firstColumn = 0, firstRow = 0, lastColumn = -1, lastRow = -1;  // inclusive; empty: the whole sheet
  int tile = -1;                                                     // Kernels: one tile only
  int written = -1;                                                  // cells that have their value yet, row by row; -1: all
  bool whole() const { return lit && lastColumn < firstColumn; }
  bool blank(int cell) const { return written >= 0 && cell >= written; }
};

struct DrawnEdge {
  CellRef from, to;    // in the direction in which values flow
  float strength = 0;  // -1..1: of the strongest edge shown, in a trace of the strongest into that layer
  float amount = 0;    // the number behind it
  float share = 0;     // in a trace: of all that flows into the layer (analysis::TraceEdge)
};

// The corners of a rectangle of cells on one map, clockwise from above left.
struct PatchFrame {
  int sheet = -1;
  std::array<Vec3, 4> corners;
};

// The receptive field in one layer: how many rows and columns, and where its name stands (beside the last map).
struct ReceptiveFieldName {
  int block = -1;
  int rows = 0, columns = 0;
  bool wholeMap = false;
  Vec3 anchor;
};

struct Highlight {
  enum class Kind { Unit, Weight, Trace, Animation };  // the last: a step of one (scene/animation/Animation.h)
  Kind kind = Kind::Unit;
  UnitId unit;                   // as a unit of its block's first node; of a weight: the reader's node
  CellRef cell;                  // of the unit or the weight
  std::vector<DrawnEdge> edges;  // strongest last, so that they are drawn on top
  std::size_t edgeCount = 0;     // all that there are
  float largest = 0;             // the amount at strength 1; not of a trace
  Measure measure = Measure::Contribution;
  std::vector<SheetFocus> focus;            // per sheet
  std::vector<PatchFrame> patches;          // the unit's input patch on each map that it reads itself
  std::vector<PatchFrame> receptiveFields;  // the same in the layers further below
  // Of an animation alone.
  std::vector<PatchFrame> padding;  // cells of a window that lie outside the map
  bool paddingIsZero = false;       // they count as zero, and it is written there
  std::vector<PatchFrame> borders;  // how far the padding reaches around each map
  std::vector<PatchFrame> now;      // the cells of what is being worked out
  int reachedBlock = -1;            // the layer that the step is about, with the threads that lead there; -1: it is about the cell
  std::vector<ReceptiveFieldName> receptiveFieldNames;
  std::optional<analysis::Trace> trace;
  int against = -1;  // the class that the traced one is compared with
};

Highlight highlightUnit(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                        const ConnectionOptions& connectionOptions = {});
// One number of a kernel and all edges that it stands for (however many: connectionOptions.most counts for units).
Highlight highlightWeight(const Layout& layout, std::span<const float> parameters, const Values& values, const CellRef& weight,
                          const ConnectionOptions& connectionOptions = {});
// From the unit down to the pixels; connectionOptions.against counts where the unit is one of the logits.
Highlight highlightTrace(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                         const ConnectionOptions& connectionOptions = {});
// Whether `against` can be asked of the unit: it is a logit of any of the outputs, or the softmax above it.
bool isLogit(const Layout& layout, const UnitId& unit);

}  // namespace scene
