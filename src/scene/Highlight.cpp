#include "scene/Highlight.h"

#include <algorithm>

#include "analysis/ReceptiveField.h"
#include "scene/HighlightParts.h"

namespace scene {

namespace {

constexpr std::size_t kPassing = 6;          // edges followed through one unit of a folded layer
constexpr std::size_t kMostOfWeight = 2500;  // edges of one weight that are drawn

void light(SheetFocus& focus, const CellRef& cell) {
  if (focus.lit && focus.whole()) return;
  if (!focus.lit) {
    focus = {true, cell.column, cell.row, cell.column, cell.row, -1};
    return;
  }
  focus.firstColumn = std::min(focus.firstColumn, cell.column);
  focus.firstRow = std::min(focus.firstRow, cell.row);
  focus.lastColumn = std::max(focus.lastColumn, cell.column);
  focus.lastRow = std::max(focus.lastRow, cell.row);
}

PatchFrame frameOf(const Layout& layout, int index, const SheetFocus& f) {
  return frameAround(layout, index, f.firstColumn, f.firstRow, f.lastColumn + 1, f.lastRow + 1);
}

bool covers(const SheetFocus& f, const Sheet& sheet) {
  return f.firstColumn == 0 && f.firstRow == 0 && f.lastColumn == sheet.columns - 1 && f.lastRow == sheet.rows - 1;
}

// Frames on the maps of every block that the unit sees, below those that its edges lead to.
void addReceptiveField(const Layout& layout, Highlight& highlight) {
  const std::vector<analysis::UnitReceptiveField> receptiveFields =
      analysis::receptiveFieldsOf(*layout.network, highlight.unit.node, highlight.unit.cell);
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    const analysis::UnitReceptiveField& receptiveField = receptiveFields[std::size_t(block.node)];
    if (block.node == highlight.unit.node || receptiveField.empty() || block.shape.isVector()) continue;
    if (block.folded) {
      highlight.focus[std::size_t(block.firstSheet)] = wholeSheet();
      continue;
    }
    const analysis::MapRegion& region = receptiveField.region;
    SheetFocus seen{true, region.left, region.top, region.right, region.bottom, -1};
    int last = -1;
    for (int c = 0; c < block.sheetCount; ++c) {
      if (!receptiveField.channels[std::size_t(c)]) continue;
      last = block.firstSheet + c;
      SheetFocus& focus = highlight.focus[std::size_t(last)];
      if (focus.lit) continue;
      focus = seen;
      if (!covers(seen, layout.sheets[std::size_t(last)])) highlight.receptiveFields.push_back(frameOf(layout, last, seen));
    }
    if (last < 0) continue;
    const Sheet& sheet = layout.sheets[std::size_t(last)];
    highlight.receptiveFieldNames.push_back({int(b), receptiveField.height(), receptiveField.width(), covers(seen, sheet),
                                             sheet.point(float(region.right + 1), float(region.top + region.bottom + 1) / 2)});
  }
}

void drawStrongest(const UnitEdges& edges, const ConnectionOptions& connectionOptions, Highlight& highlight) {
  highlight.measure = connectionOptions.measure;
  highlight.edgeCount = edges.edges.size();
  highlight.largest = edges.largest(connectionOptions.measure);
  for (const int index : strongest(edges.edges, connectionOptions.most, connectionOptions.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    const float amount = edge.measured(connectionOptions.measure), strength = highlight.largest > 0 ? amount / highlight.largest : 0;
    const bool in = edges.direction == Direction::Incoming;
    highlight.edges.push_back({in ? edge.cell : highlight.cell, in ? highlight.cell : edge.cell, strength, amount, 0});
  }
}

// The strongest edges, of those that lead out only such as reach a reader that is not silent: nothing goes on from the others.
std::vector<int> passing(const Layout& layout, const Values& values, const UnitEdges& edges, Measure measure) {
  if (edges.direction == Direction::Incoming) return strongest(edges.edges, kPassing, measure);
  std::vector<int> order = strongest(edges.edges, edges.edges.size(), measure);
  std::erase_if(order, [&](int i) { return values.at(layout.shownUnit(edges.edges[std::size_t(i)].other)) == 0; });
  if (order.size() > kPassing) order.erase(order.begin(), order.end() - kPassing);
  return order;
}

// Edges pass through layers that are folded away: what the strongest of them carry comes from further below, or goes on to those
// further above.
void passThrough(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitEdges& edges,
                 const ConnectionOptions& connectionOptions, float strength, Highlight& highlight) {
  const auto folded = [&](const Edge& edge) { return layout.sheets[std::size_t(edge.cell.sheet)].kind == Sheet::Kind::Slab; };
  if (std::none_of(edges.edges.begin(), edges.edges.end(), folded)) return;
  const bool in = edges.direction == Direction::Incoming;
  const auto edgesOf = in ? edgesInto : edgesOutOf;
  for (const int index : passing(layout, values, edges, connectionOptions.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    if (!folded(edge)) continue;
    const float most = edges.largest(connectionOptions.measure);
    const float own = most > 0 ? strength * edge.measured(connectionOptions.measure) / most : 0;
    const UnitEdges beyond = edgesOf(layout, parameters, values, edge.other);
    const float largest = beyond.largest(connectionOptions.measure);
    for (const int next : strongest(beyond.edges, kPassing, connectionOptions.measure)) {
      const Edge& further = beyond.edges[std::size_t(next)];
      const float amount = further.measured(connectionOptions.measure);
      if (further.cell.sheet == edge.cell.sheet || amount == 0) continue;
      const float share = largest > 0 ? own * amount / largest : 0;
      highlight.edges.push_back({in ? further.cell : edge.cell, in ? edge.cell : further.cell, share, amount, 0});
      light(highlight.focus[std::size_t(further.cell.sheet)], further.cell);
    }
    passThrough(layout, parameters, values, beyond, connectionOptions, own, highlight);
  }
}

std::vector<analysis::TraceTarget> targetsOf(const Layout& layout, const UnitId& unit, const ConnectionOptions& connectionOptions) {
  std::vector<analysis::TraceTarget> targets = {{unit.node, unit.cell, 1}};
  if (connectionOptions.against >= 0 && isLogit(layout, unit) && connectionOptions.against != unit.cell.channel) {
    nn::Cell other = unit.cell;
    other.channel = connectionOptions.against;
    if (other.channel < layout.network->node(unit.node).shape.channels) targets.push_back({unit.node, other, -1});
  }
  return targets;
}

void drawTrace(const Layout& layout, Highlight& highlight) {
  std::vector<float> largest(layout.blocks.size(), 0.0f);
  const auto blockAt = [&](int node) { return std::size_t(layout.blockOfNode[std::size_t(node)]); };
  for (const analysis::TraceEdge& edge : highlight.trace->edges)
    largest[blockAt(edge.node)] = std::max(largest[blockAt(edge.node)], std::abs(edge.amount));
  for (const analysis::TraceEdge& edge : highlight.trace->edges) {
    if (blockAt(edge.node) == blockAt(edge.source)) continue;  // merged: shown as one unit
    highlight.edges.push_back({*layout.locate({edge.source, edge.from}), *layout.locate({edge.node, edge.cell}),
                               edge.amount / largest[blockAt(edge.node)], edge.amount, edge.share});
  }
  highlight.edgeCount = highlight.edges.size();
}

}  // namespace

bool isLogit(const Layout& layout, const UnitId& unit) {
  const nn::Network& network = *layout.network;
  return std::any_of(network.outputs().begin(), network.outputs().end(), [&](int output) {
    const int logits = network.logitsNode(output);
    return layout.blockOfNode[std::size_t(unit.node)] == layout.blockOfNode[std::size_t(logits)] &&
           network.node(unit.node).shape == network.node(logits).shape;
  });
}

Highlight highlightUnit(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                        const ConnectionOptions& connectionOptions) {
  Highlight highlight;
  const bool incoming = connectionOptions.direction == Direction::Incoming;
  const UnitEdges edges = incoming ? edgesInto(layout, parameters, values, unit) : edgesOutOf(layout, parameters, values, unit);
  highlight.unit = edges.unit;
  highlight.cell = *layout.locate(edges.unit);
  highlight.focus.resize(layout.sheets.size());
  drawStrongest(edges, connectionOptions, highlight);
  passThrough(layout, parameters, values, edges, connectionOptions, 1, highlight);
  for (const Edge& edge : edges.edges) light(highlight.focus[std::size_t(edge.cell.sheet)], edge.cell);
  for (std::size_t i = 0; i < highlight.focus.size(); ++i) {
    const SheetFocus& f = highlight.focus[i];
    if (f.lit && layout.sheets[i].kind == Sheet::Kind::Map && !covers(f, layout.sheets[i]))
      highlight.patches.push_back(frameOf(layout, int(i), f));
  }
  if (incoming && connectionOptions.receptiveField) addReceptiveField(layout, highlight);
  highlight.focus[std::size_t(highlight.cell.sheet)] = wholeSheet();
  const Block& block = layout.blockOf(highlight.cell);
  if (incoming && block.kernelSheetCount > 0)
    highlight.focus[std::size_t(block.firstKernelSheet + highlight.unit.cell.channel)] = wholeSheet();
  return highlight;
}

Highlight highlightWeight(const Layout& layout, std::span<const float> parameters, const Values& values, const CellRef& weight,
                          const ConnectionOptions& connectionOptions) {
  Highlight highlight;
  highlight.kind = Highlight::Kind::Weight;
  const WeightEdges edges = edgesOfWeight(layout, parameters, values, weight);
  const Sheet& sheet = layout.sheets[std::size_t(weight.sheet)];
  highlight.unit = {edges.node, {sheet.channel, 0, 0}};
  highlight.cell = weight;
  highlight.measure = connectionOptions.measure;
  highlight.edgeCount = edges.edges.size();
  highlight.focus.resize(layout.sheets.size());
  for (const Edge& edge : edges.edges) highlight.largest = std::max(highlight.largest, std::abs(edge.measured(connectionOptions.measure)));
  for (const int index : strongest(edges.edges, kMostOfWeight, connectionOptions.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    const float amount = edge.measured(connectionOptions.measure);
    highlight.edges.push_back(
        {edges.sources[std::size_t(index)], edge.cell, highlight.largest > 0 ? amount / highlight.largest : 0, amount, 0});
  }
  for (const CellRef& source : edges.sources) light(highlight.focus[std::size_t(source.sheet)], source);
  SheetFocus tile = wholeSheet();
  tile.tile = weight.tile;
  highlight.focus[std::size_t(weight.sheet)] = tile;
  // Every unit of the map uses this kernel, also where the weight itself meets the padding.
  highlight.focus[std::size_t(layout.locate({edges.node, {sheet.channel, 0, 0}})->sheet)] = wholeSheet();
  return highlight;
}

Highlight highlightTrace(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                         const ConnectionOptions& connectionOptions) {
  Highlight highlight;
  highlight.kind = Highlight::Kind::Trace;
  highlight.cell = *layout.locate(unit);
  highlight.unit = firstOf(layout, unit);
  analysis::TraceOptions options;
  options.edges = connectionOptions.paths;
  const std::vector<analysis::TraceTarget> targets = targetsOf(layout, highlight.unit, connectionOptions);
  highlight.trace = analysis::traceOf(activationsOf(values, parameters), targets, options);
  if (targets.size() > 1) highlight.against = targets[1].cell.channel;
  highlight.focus.resize(layout.sheets.size());
  for (const Block& block : layout.blocks) {
    if (highlight.trace->amounts[std::size_t(block.node)].empty()) continue;
    std::fill_n(highlight.focus.begin() + block.firstSheet, block.sheetCount, wholeSheet());
  }
  drawTrace(layout, highlight);
  return highlight;
}

}  // namespace scene
