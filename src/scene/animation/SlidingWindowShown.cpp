// The sliding window as an animation: frames, edges, what is lit and what is still blank.
#include <algorithm>
#include <cmath>

#include "scene/HighlightParts.h"
#include "scene/animation/Animation.h"
#include "scene/animation/SlidingWindow.h"
#include "scene/text/Captions.h"

namespace scene {

extern const AnimationType kSlidingWindow;

namespace {

constexpr std::size_t kMostPadding = 600;  // cells outside the map that are drawn one by one

PatchFrame frameOn(const Layout& layout, int index, const WindowRect& rect) {
  return frameAround(layout, index, rect.left, rect.top, rect.left + rect.width, rect.top + rect.height);
}

bool outside(const nn::Shape& shape, int row, int column) {
  return row < 0 || column < 0 || row >= shape.height || column >= shape.width;
}

bool isPadded(const SlidingWindow& run) {
  return run.regular && (run.window.paddingTop > 0 || run.window.paddingLeft > 0);
}

// The map and all that the window reaches around it.
WindowRect paddedMap(const nn::Network& network, const SlidingWindow& run, const nn::Shape& shape) {
  const WindowRect first = windowAt(network, run, 0, 0), last = windowAt(network, run, run.rows - 1, run.columns - 1);
  const int bottom = std::max(shape.height, last.top + last.height), right = std::max(shape.width, last.left + last.width);
  return {first.top, first.left, bottom - first.top, right - first.left};
}

// The window on each map that it lies on. In the padding it stands beside the map, its cells there one by one.
void addWindows(const Layout& layout, const SlidingWindow& run, const WindowStep& step, Highlight& highlight) {
  const nn::Network& network = *layout.network;
  const WindowRect rect = windowAt(network, run, step.unit.cell.row, step.unit.cell.column);
  for (const SlidingWindow::Input& input : run.inputs) {
    const int source = network.node(run.node).inputs[std::size_t(input.input)];
    const nn::Shape& shape = network.node(source).shape;
    const std::optional<CellRef> corner = layout.locate({source, {input.channel, 0, 0}});
    if (!corner) continue;
    SheetFocus& focus = highlight.focus[std::size_t(corner->sheet)];
    if (layout.sheets[std::size_t(corner->sheet)].kind != Sheet::Kind::Map) {
      focus = wholeSheet();
      continue;
    }
    const int top = std::max(0, rect.top), left = std::max(0, rect.left);
    const int bottom = std::min(shape.height, rect.top + rect.height) - 1, right = std::min(shape.width, rect.left + rect.width) - 1;
    focus = {bottom >= top && right >= left, left, top, right, bottom, -1, -1};
    if (isPadded(run)) highlight.borders.push_back(frameOn(layout, corner->sheet, paddedMap(network, run, shape)));
    if (rect.height > 0) highlight.patches.push_back(frameOn(layout, corner->sheet, rect));
    for (int r = rect.top; run.regular && r < rect.top + rect.height; r += run.window.dilationY)
      for (int c = rect.left; c < rect.left + rect.width; c += run.window.dilationX)
        if (outside(shape, r, c) && highlight.padding.size() < kMostPadding)
          highlight.padding.push_back(frameOn(layout, corner->sheet, {r, c, 1, 1}));
  }
}

// The input cell and the weight of the product that is being worked out.
void addNow(const Layout& layout, const SlidingWindow& run, const WindowStep& step, Highlight& highlight) {
  const auto area = std::size_t(run.window.height) * std::size_t(run.window.width), last = step.products - 1;
  const int row = int(last % area) / run.window.width, column = int(last % area) % run.window.width;
  const SlidingWindow::Input& input = run.inputs[last / area];
  const WindowRect rect = windowAt(*layout.network, run, step.unit.cell.row, step.unit.cell.column);
  const int source = layout.network->node(run.node).inputs[std::size_t(input.input)];
  if (const auto corner = layout.locate({source, {input.channel, 0, 0}});
      corner && layout.sheets[std::size_t(corner->sheet)].kind == Sheet::Kind::Map) {
    const WindowRect cell{rect.top + row * run.window.dilationY, rect.left + column * run.window.dilationX, 1, 1};
    highlight.now.push_back(frameOn(layout, corner->sheet, cell));
  }
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(run.node)])];
  if (block.kernelSheetCount == 0) return;
  const int index = block.firstKernelSheet + run.channel;
  const Sheet& sheet = layout.sheets[std::size_t(index)];
  const auto tile = int(last / area);
  if (tile >= sheet.tileCount || row >= sheet.rows || column >= sheet.columns) return;
  highlight.focus[std::size_t(index)].tile = tile;
  highlight.now.push_back({index, layout.corners({index, row, column, tile})});
}

// Of the products that are worked out, the last one on top at full strength.
void addEdges(const Explanation& explanation, const UnitEdges& edges, const WindowStep& step, const ConnectionOptions& connectionOptions,
              Highlight& highlight) {
  highlight.edgeCount = edges.edges.size();
  highlight.largest = edges.largest(connectionOptions.measure);
  const auto draw = [&](std::size_t index, bool on) {
    const Edge& edge = edges.edges[index];
    const float amount = edge.measured(connectionOptions.measure), share = highlight.largest > 0 ? amount / highlight.largest : 0;
    highlight.edges.push_back({edge.cell, highlight.cell, on ? std::copysign(amount == 0 ? 0.0f : 1.0f, amount) : share, amount, 0});
  };
  if (step.writes) {
    for (const int index : strongest(edges.edges, connectionOptions.most, connectionOptions.measure)) draw(std::size_t(index), false);
    return;
  }
  const std::vector<PatchCell> cells = windowCells(explanation, step.products);
  for (std::size_t i = 0; i < step.products; ++i) {
    const bool last = i + 1 == step.products;
    if (cells[i].term >= 0 && (last || highlight.edges.size() < connectionOptions.most)) draw(std::size_t(cells[i].term), last);
  }
}

}  // namespace

Highlight highlightWindow(const Layout& layout, std::span<const float> parameters, const Values& values, const SlidingWindow& run,
                          const WindowStep& step, const ConnectionOptions& connectionOptions) {
  Highlight highlight;
  highlight.kind = Highlight::Kind::Animation;
  highlight.paddingIsZero = layout.network->node(run.node).layer->combineKind() == nn::Combine::WeightedSum;
  highlight.unit = step.unit;
  highlight.cell = *layout.locate(step.unit);
  highlight.measure = connectionOptions.measure;
  highlight.focus.resize(layout.sheets.size());
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(run.node)])];
  if (!block.folded && block.kernelSheetCount > 0) highlight.focus[std::size_t(block.firstKernelSheet + run.channel)] = wholeSheet();
  addWindows(layout, run, step, highlight);
  if (!step.writes) addNow(layout, run, step, highlight);
  addEdges(explain(*layout.network, parameters, values, step.unit), edgesInto(layout, parameters, values, step.unit), step,
           connectionOptions, highlight);
  SheetFocus& written = highlight.focus[std::size_t(highlight.cell.sheet)];
  written = wholeSheet();
  if (layout.sheets[std::size_t(highlight.cell.sheet)].kind == Sheet::Kind::Map) written.written = int(step.written);
  return highlight;
}

namespace {

class SlidingWindowAnimation final : public Animation {
 public:
  SlidingWindowAnimation(SlidingWindow run, bool eachProduct) : m_run(std::move(run)), m_eachProduct(eachProduct && m_run.regular) {}
  const AnimationType& type() const override { return kSlidingWindow; }
  std::size_t steps() const override { return stepCount(m_run, m_eachProduct); }
  double stepsPerSecond() const override { return m_eachProduct ? 3 : 4; }
  AnimationPlace place(const Layout& layout, std::size_t step) const override;
  AnimationFrame frame(const AnimationScene& scene, std::size_t step) const override;
  std::size_t stepOf(const UnitId& unit) const override { return scene::stepOf(m_run, m_eachProduct, unit.cell); }
  bool offersDetail() const override { return m_run.regular; }

 private:
  SlidingWindow m_run;
  bool m_eachProduct;
};

// The eye sees the maps that are read and written, and the kernels between them.
AnimationPlace SlidingWindowAnimation::place(const Layout& layout, std::size_t at) const {
  const WindowStep step = windowStep(m_run, m_eachProduct, at);
  AnimationPlace place{step.cell + 1, m_run.cells(), step.unit, step.writes ? -1 : int(step.products), {}};
  const auto add = [&](int index) {
    const Sheet& sheet = layout.sheets[std::size_t(index)];
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) place.focus.add(sheet.origin + sheet.right * x + sheet.down * y);
  };
  const nn::Network::Node& node = layout.network->node(m_run.node);
  for (const SlidingWindow::Input& input : m_run.inputs)
    add(layout.locate({node.inputs[std::size_t(input.input)], {input.channel, 0, 0}})->sheet);
  add(layout.locate({m_run.node, {m_run.channel, 0, 0}})->sheet);
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(m_run.node)])];
  if (block.kernelSheetCount > 0) add(block.firstKernelSheet + m_run.channel);
  return place;
}

AnimationFrame SlidingWindowAnimation::frame(const AnimationScene& scene, std::size_t at) const {
  const WindowStep step = windowStep(m_run, m_eachProduct, at);
  return {highlightWindow(scene.layout, scene.parameters, scene.values, m_run, step, scene.connectionOptions),
          windowCaption(*scene.layout.network, m_run, step, explain(*scene.layout.network, scene.parameters, scene.values, step.unit))};
}

std::unique_ptr<const Animation> createSlidingWindow(const Layout& layout, const AnimationStart& start) {
  const std::optional<SlidingWindow> run = start.unit ? slidingWindow(*layout.network, *start.unit) : std::nullopt;
  return run ? std::make_unique<SlidingWindowAnimation>(*run, start.detailed) : nullptr;
}

}  // namespace

constinit const AnimationType kSlidingWindow = {
    .open = {"sliding-window", "The s&liding window",
             "A kernel slides over its input and writes the pinned unit's map, from its first cell, cell by cell", "L"},
    .name = "Sliding window",
    .create = createSlidingWindow,
    .closeUp = true,
    .unit = AnimationOfUnit{.fromHere = {"from-here", "The sliding window from &here",
                                         "The same, beginning at the pinned unit or the one under the pointer", "Ctrl+L"},
                            .button = "Slide",
                            .menu = "Let the &window write this map",
                            .menuFromHere = "The same, from &here on",
                            .wanted = "a unit of the map that is written",
                            .nowhere = "No window slides in this network: it has neither convolution nor pooling.",
                            .refusal = "no window slides over what this layer reads",
                            .hint = "Choose a unit of a convolution or a pooling layer"},
    .detail = AnimationDetail{{"each-product", "Each &product", "The sliding window stops at every single multiplication, or comparison",
                               "Shift+L"},
                              "the window of this layer is not the same everywhere"},
};

}  // namespace scene
