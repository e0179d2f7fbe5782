#include "scene/Discussion.h"

#include <algorithm>

#include "analysis/Sight.h"
#include "scene/Lit.h"

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

const Block& blockOf(const Layout& layout, const CellRef& cell) {
  return layout.blocks[std::size_t(layout.sheets[std::size_t(cell.sheet)].block)];
}

// Frames on the maps of every block that the unit sees, below those that its edges lead to.
void addSight(const Layout& layout, Discussion& talk) {
  const std::vector<analysis::Sight> sights = analysis::sightOf(*layout.network, talk.unit.node, talk.unit.cell);
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    const analysis::Sight& sight = sights[std::size_t(block.node)];
    if (block.node == talk.unit.node || sight.empty() || block.shape.isVector()) continue;
    if (block.folded) {
      talk.focus[std::size_t(block.firstSheet)] = wholeSheet();
      continue;
    }
    const analysis::InputRegion& region = sight.region;
    SheetFocus seen{true, region.left, region.top, region.right, region.bottom, -1};
    int last = -1;
    for (int c = 0; c < block.sheetCount; ++c) {
      if (!sight.channels[std::size_t(c)]) continue;
      last = block.firstSheet + c;
      SheetFocus& focus = talk.focus[std::size_t(last)];
      if (focus.lit) continue;
      focus = seen;
      if (!covers(seen, layout.sheets[std::size_t(last)])) talk.sights.push_back(frameOf(layout, last, seen));
    }
    if (last < 0) continue;
    const Sheet& sheet = layout.sheets[std::size_t(last)];
    talk.sightNames.push_back({int(b), sight.height(), sight.width(), covers(seen, sheet),
                               sheet.point(float(region.right + 1), float(region.top + region.bottom + 1) / 2)});
  }
}

void drawStrongest(const UnitEdges& edges, const Inquiry& inquiry, Discussion& talk) {
  talk.measure = inquiry.measure;
  talk.edgeCount = edges.edges.size();
  talk.largest = edges.largest(inquiry.measure);
  for (const int index : strongest(edges.edges, inquiry.most, inquiry.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    const float amount = edge.measured(inquiry.measure), strength = talk.largest > 0 ? amount / talk.largest : 0;
    const bool in = edges.direction == Direction::Incoming;
    talk.edges.push_back({in ? edge.cell : talk.cell, in ? talk.cell : edge.cell, strength, amount, 0});
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
                 const Inquiry& inquiry, float strength, Discussion& talk) {
  const auto folded = [&](const Edge& edge) { return layout.sheets[std::size_t(edge.cell.sheet)].kind == Sheet::Kind::Slab; };
  if (std::none_of(edges.edges.begin(), edges.edges.end(), folded)) return;
  const bool in = edges.direction == Direction::Incoming;
  const auto edgesOf = in ? edgesInto : edgesOutOf;
  for (const int index : passing(layout, values, edges, inquiry.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    if (!folded(edge)) continue;
    const float most = edges.largest(inquiry.measure);
    const float own = most > 0 ? strength * edge.measured(inquiry.measure) / most : 0;
    const UnitEdges beyond = edgesOf(layout, parameters, values, edge.other);
    const float largest = beyond.largest(inquiry.measure);
    for (const int next : strongest(beyond.edges, kPassing, inquiry.measure)) {
      const Edge& further = beyond.edges[std::size_t(next)];
      const float amount = further.measured(inquiry.measure);
      if (further.cell.sheet == edge.cell.sheet || amount == 0) continue;
      const float share = largest > 0 ? own * amount / largest : 0;
      talk.edges.push_back({in ? further.cell : edge.cell, in ? edge.cell : further.cell, share, amount, 0});
      light(talk.focus[std::size_t(further.cell.sheet)], further.cell);
    }
    passThrough(layout, parameters, values, beyond, inquiry, own, talk);
  }
}

std::vector<analysis::TraceTarget> targetsOf(const Layout& layout, const UnitId& unit, const Inquiry& inquiry) {
  std::vector<analysis::TraceTarget> targets = {{unit.node, unit.cell, 1}};
  if (inquiry.against >= 0 && isLogit(layout, unit) && inquiry.against != unit.cell.channel) {
    nn::Cell other = unit.cell;
    other.channel = inquiry.against;
    if (other.channel < layout.network->node(unit.node).shape.channels) targets.push_back({unit.node, other, -1});
  }
  return targets;
}

void drawTrace(const Layout& layout, Discussion& talk) {
  std::vector<float> largest(layout.blocks.size(), 0.0f);
  const auto blockAt = [&](int node) { return std::size_t(layout.blockOfNode[std::size_t(node)]); };
  for (const analysis::TraceEdge& edge : talk.trace->edges)
    largest[blockAt(edge.node)] = std::max(largest[blockAt(edge.node)], std::abs(edge.amount));
  for (const analysis::TraceEdge& edge : talk.trace->edges) {
    if (blockAt(edge.node) == blockAt(edge.source)) continue;  // merged: shown as one unit
    talk.edges.push_back({*layout.locate({edge.source, edge.from}), *layout.locate({edge.node, edge.cell}),
                          edge.amount / largest[blockAt(edge.node)], edge.amount, edge.share});
  }
  talk.edgeCount = talk.edges.size();
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

Discussion discuss(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                   const Inquiry& inquiry) {
  Discussion talk;
  const bool incoming = inquiry.direction == Direction::Incoming;
  const UnitEdges edges = incoming ? edgesInto(layout, parameters, values, unit) : edgesOutOf(layout, parameters, values, unit);
  talk.unit = edges.unit;
  talk.cell = *layout.locate(edges.unit);
  talk.focus.resize(layout.sheets.size());
  drawStrongest(edges, inquiry, talk);
  passThrough(layout, parameters, values, edges, inquiry, 1, talk);
  for (const Edge& edge : edges.edges) light(talk.focus[std::size_t(edge.cell.sheet)], edge.cell);
  for (std::size_t i = 0; i < talk.focus.size(); ++i) {
    const SheetFocus& f = talk.focus[i];
    if (f.lit && layout.sheets[i].kind == Sheet::Kind::Map && !covers(f, layout.sheets[i]))
      talk.patches.push_back(frameOf(layout, int(i), f));
  }
  if (incoming && inquiry.sight) addSight(layout, talk);
  talk.focus[std::size_t(talk.cell.sheet)] = wholeSheet();
  const Block& block = blockOf(layout, talk.cell);
  if (incoming && block.kernelSheetCount > 0) talk.focus[std::size_t(block.firstKernelSheet + talk.unit.cell.channel)] = wholeSheet();
  return talk;
}

Discussion discussWeight(const Layout& layout, std::span<const float> parameters, const Values& values, const CellRef& weight,
                         const Inquiry& inquiry) {
  Discussion talk;
  talk.kind = Discussion::Kind::Weight;
  const WeightEdges edges = edgesOfWeight(layout, parameters, values, weight);
  const Sheet& sheet = layout.sheets[std::size_t(weight.sheet)];
  talk.unit = {edges.node, {sheet.channel, 0, 0}};
  talk.cell = weight;
  talk.measure = inquiry.measure;
  talk.edgeCount = edges.edges.size();
  talk.focus.resize(layout.sheets.size());
  for (const Edge& edge : edges.edges) talk.largest = std::max(talk.largest, std::abs(edge.measured(inquiry.measure)));
  for (const int index : strongest(edges.edges, kMostOfWeight, inquiry.measure)) {
    const Edge& edge = edges.edges[std::size_t(index)];
    const float amount = edge.measured(inquiry.measure);
    talk.edges.push_back({edges.sources[std::size_t(index)], edge.cell, talk.largest > 0 ? amount / talk.largest : 0, amount, 0});
  }
  for (const CellRef& source : edges.sources) light(talk.focus[std::size_t(source.sheet)], source);
  SheetFocus tile = wholeSheet();
  tile.tile = weight.tile;
  talk.focus[std::size_t(weight.sheet)] = tile;
  // Every unit of the map uses this kernel, also where the weight itself meets the padding.
  talk.focus[std::size_t(layout.locate({edges.node, {sheet.channel, 0, 0}})->sheet)] = wholeSheet();
  return talk;
}

Discussion discussTrace(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit,
                        const Inquiry& inquiry) {
  Discussion talk;
  talk.kind = Discussion::Kind::Trace;
  talk.cell = *layout.locate(unit);
  talk.unit = firstOf(layout, unit);
  analysis::TraceOptions options;
  options.edges = inquiry.paths;
  const std::vector<analysis::TraceTarget> targets = targetsOf(layout, talk.unit, inquiry);
  talk.trace = analysis::traceOf(activationsOf(values, parameters), targets, options);
  if (targets.size() > 1) talk.against = targets[1].cell.channel;
  talk.focus.resize(layout.sheets.size());
  for (const Block& block : layout.blocks) {
    if (talk.trace->amounts[std::size_t(block.node)].empty()) continue;
    std::fill_n(talk.focus.begin() + block.firstSheet, block.sheetCount, wholeSheet());
  }
  drawTrace(layout, talk);
  return talk;
}

}  // namespace scene
