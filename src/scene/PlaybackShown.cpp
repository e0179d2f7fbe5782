// What the scene shows of a player's step: frames, edges, what is lit and what is still blank.
#include <algorithm>
#include <cmath>

#include "scene/Lit.h"
#include "scene/Playback.h"

namespace scene {

namespace {

constexpr std::size_t kMostPadding = 600;  // cells outside the map that are drawn one by one

PatchFrame frameOn(const Layout& layout, int index, const WindowRect& rect) {
  return frameAround(layout, index, rect.left, rect.top, rect.left + rect.width, rect.top + rect.height);
}

bool outside(const nn::Shape& shape, int row, int column) {
  return row < 0 || column < 0 || row >= shape.height || column >= shape.width;
}

bool isPadded(const WindowRun& run) {
  return run.regular && (run.window.paddingTop > 0 || run.window.paddingLeft > 0);
}

// The map and all that the window reaches around it.
WindowRect paddedMap(const nn::Network& network, const WindowRun& run, const nn::Shape& shape) {
  const WindowRect first = windowAt(network, run, 0, 0), last = windowAt(network, run, run.rows - 1, run.columns - 1);
  const int bottom = std::max(shape.height, last.top + last.height), right = std::max(shape.width, last.left + last.width);
  return {first.top, first.left, bottom - first.top, right - first.left};
}

// The window on each map that it lies on. In the padding it stands beside the map, its cells there one by one.
void addWindows(const Layout& layout, const WindowRun& run, const WindowStep& step, Discussion& talk) {
  const nn::Network& network = *layout.network;
  const WindowRect rect = windowAt(network, run, step.unit.cell.row, step.unit.cell.column);
  for (const WindowRun::Input& input : run.inputs) {
    const int source = network.node(run.node).inputs[std::size_t(input.input)];
    const nn::Shape& shape = network.node(source).shape;
    const std::optional<CellRef> corner = layout.locate({source, {input.channel, 0, 0}});
    if (!corner) continue;
    SheetFocus& focus = talk.focus[std::size_t(corner->sheet)];
    if (layout.sheets[std::size_t(corner->sheet)].kind != Sheet::Kind::Map) {
      focus = wholeSheet();
      continue;
    }
    const int top = std::max(0, rect.top), left = std::max(0, rect.left);
    const int bottom = std::min(shape.height, rect.top + rect.height) - 1, right = std::min(shape.width, rect.left + rect.width) - 1;
    focus = {bottom >= top && right >= left, left, top, right, bottom, -1, -1};
    if (isPadded(run)) talk.borders.push_back(frameOn(layout, corner->sheet, paddedMap(network, run, shape)));
    if (rect.height > 0) talk.patches.push_back(frameOn(layout, corner->sheet, rect));
    for (int r = rect.top; run.regular && r < rect.top + rect.height; r += run.window.dilationY)
      for (int c = rect.left; c < rect.left + rect.width; c += run.window.dilationX)
        if (outside(shape, r, c) && talk.padding.size() < kMostPadding)
          talk.padding.push_back(frameOn(layout, corner->sheet, {r, c, 1, 1}));
  }
}

// The input cell and the weight of the product that is being worked out.
void addNow(const Layout& layout, const WindowRun& run, const WindowStep& step, Discussion& talk) {
  const auto area = std::size_t(run.window.height) * std::size_t(run.window.width), last = step.products - 1;
  const int row = int(last % area) / run.window.width, column = int(last % area) % run.window.width;
  const WindowRun::Input& input = run.inputs[last / area];
  const WindowRect rect = windowAt(*layout.network, run, step.unit.cell.row, step.unit.cell.column);
  const int source = layout.network->node(run.node).inputs[std::size_t(input.input)];
  if (const auto corner = layout.locate({source, {input.channel, 0, 0}});
      corner && layout.sheets[std::size_t(corner->sheet)].kind == Sheet::Kind::Map) {
    const WindowRect cell{rect.top + row * run.window.dilationY, rect.left + column * run.window.dilationX, 1, 1};
    talk.now.push_back(frameOn(layout, corner->sheet, cell));
  }
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(run.node)])];
  if (block.kernelSheetCount == 0) return;
  const int index = block.firstKernelSheet + run.channel;
  const Sheet& sheet = layout.sheets[std::size_t(index)];
  const auto tile = int(last / area);
  if (tile >= sheet.tileCount || row >= sheet.rows || column >= sheet.columns) return;
  talk.focus[std::size_t(index)].tile = tile;
  talk.now.push_back({index, layout.corners({index, row, column, tile})});
}

// Of the products that are worked out, the last one on top at full strength.
void addEdges(const Explanation& explanation, const UnitEdges& edges, const WindowStep& step, const Inquiry& inquiry, Discussion& talk) {
  talk.edgeCount = edges.edges.size();
  talk.largest = edges.largest(inquiry.measure);
  const auto draw = [&](std::size_t index, bool on) {
    const Edge& edge = edges.edges[index];
    const float amount = edge.measured(inquiry.measure), share = talk.largest > 0 ? amount / talk.largest : 0;
    talk.edges.push_back({edge.cell, talk.cell, on ? std::copysign(amount == 0 ? 0.0f : 1.0f, amount) : share, amount, 0});
  };
  if (step.writes) {
    for (const int index : strongest(edges.edges, inquiry.most, inquiry.measure)) draw(std::size_t(index), false);
    return;
  }
  const std::vector<PatchCell> cells = windowCells(explanation, step.products);
  for (std::size_t i = 0; i < step.products; ++i) {
    const bool last = i + 1 == step.products;
    if (cells[i].term >= 0 && (last || talk.edges.size() < inquiry.most)) draw(std::size_t(cells[i].term), last);
  }
}

}  // namespace

Discussion discussWindow(const Layout& layout, std::span<const float> parameters, const Values& values, const WindowRun& run,
                         const WindowStep& step, const Inquiry& inquiry) {
  Discussion talk;
  talk.kind = Discussion::Kind::Window;
  talk.unit = step.unit;
  talk.cell = *layout.locate(step.unit);
  talk.measure = inquiry.measure;
  talk.focus.resize(layout.sheets.size());
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(run.node)])];
  if (!block.folded && block.kernelSheetCount > 0) talk.focus[std::size_t(block.firstKernelSheet + run.channel)] = wholeSheet();
  addWindows(layout, run, step, talk);
  if (!step.writes) addNow(layout, run, step, talk);
  addEdges(explain(*layout.network, parameters, values, step.unit), edgesInto(layout, parameters, values, step.unit), step, inquiry, talk);
  SheetFocus& written = talk.focus[std::size_t(talk.cell.sheet)];
  written = wholeSheet();
  if (layout.sheets[std::size_t(talk.cell.sheet)].kind == Sheet::Kind::Map) written.written = int(step.written);
  return talk;
}

Discussion discussFlow(const Layout& layout, std::size_t step) {
  Discussion talk;
  talk.kind = Discussion::Kind::Flow;
  talk.flowBlock = int(std::min(step, layout.blocks.size() - 1));
  const Block& now = layout.blocks[std::size_t(talk.flowBlock)];
  talk.unit = {now.node, {0, 0, 0}};
  talk.cell = {now.firstSheet, 0, 0, 0};
  talk.focus.resize(layout.sheets.size());
  SheetFocus blank;
  blank.written = 0;
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    const bool reached = int(b) <= talk.flowBlock;
    std::fill_n(talk.focus.begin() + block.firstSheet, block.sheetCount, reached ? wholeSheet() : blank);
    if (block.kernelSheetCount > 0 && int(b) == talk.flowBlock)
      std::fill_n(talk.focus.begin() + block.firstKernelSheet, block.kernelSheetCount, wholeSheet());
  }
  return talk;
}

}  // namespace scene
