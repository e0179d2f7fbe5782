#include "scene/animation/SlidingWindow.h"

#include <algorithm>

namespace scene {

namespace {

bool slides(const nn::Network::Node& node) {
  const nn::Combine kind = node.layer->combineKind();
  const bool pools = kind == nn::Combine::Maximum || kind == nn::Combine::Average;
  return pools || (kind == nn::Combine::WeightedSum && node.layer->window());
}

// Those that the cell in the middle reads: there the window lies inside.
std::vector<SlidingWindow::Input> inputsOf(const nn::Network::Node& node, int channel) {
  nn::CellLinks links;
  node.layer->linksInto({channel, node.shape.height / 2, node.shape.width / 2}, links);
  std::vector<SlidingWindow::Input> inputs;
  for (const nn::Link& link : links.terms) {
    const SlidingWindow::Input input{link.input, link.cell.channel};
    if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
  }
  return inputs;
}

WindowRect rectOfLinks(const nn::Network::Node& node, const nn::Cell& cell) {
  nn::CellLinks links;
  node.layer->linksInto(cell, links);
  if (links.terms.empty()) return {0, 0, 0, 0};
  int top = links.terms[0].cell.row, left = links.terms[0].cell.column, bottom = top, right = left;
  for (const nn::Link& link : links.terms) {
    top = std::min(top, link.cell.row), bottom = std::max(bottom, link.cell.row);
    left = std::min(left, link.cell.column), right = std::max(right, link.cell.column);
  }
  return {top, left, bottom - top + 1, right - left + 1};
}

}  // namespace

std::optional<SlidingWindow> slidingWindow(const nn::Network& network, const UnitId& unit) {
  if (unit.node < 0 || unit.node >= int(network.nodes().size())) return std::nullopt;
  const nn::Network::Node& node = network.node(unit.node);
  if (node.inputs.empty() || !slides(node) || unit.cell.channel >= node.shape.channels) return std::nullopt;
  SlidingWindow run;
  run.node = unit.node;
  run.channel = unit.cell.channel;
  run.rows = node.shape.height;
  run.columns = node.shape.width;
  run.regular = node.layer->window() && !node.layer->window()->transposed;
  run.inputs = inputsOf(node, run.channel);
  if (run.inputs.empty() || (!run.regular && node.shape.isVector())) return std::nullopt;
  if (node.layer->window()) run.window = *node.layer->window();
  if (run.regular) run.products = run.inputs.size() * std::size_t(run.window.height) * std::size_t(run.window.width);
  // A mean over everything does not slide.
  const nn::Shape& from = node.layer->inputShapes()[0];
  if (node.shape.isVector() && node.layer->parameterBlocks().empty() && run.window.height >= from.height && run.window.width >= from.width)
    return std::nullopt;
  return run;
}

WindowRect windowAt(const nn::Network& network, const SlidingWindow& run, int row, int column) {
  if (!run.regular) return rectOfLinks(network.node(run.node), {run.channel, row, column});
  const nn::Window& window = run.window;
  return {row * window.strideY - window.paddingTop, column * window.strideX - window.paddingLeft,
          (window.height - 1) * window.dilationY + 1, (window.width - 1) * window.dilationX + 1};
}

std::size_t stepCount(const SlidingWindow& run, bool eachProduct) {
  return run.cells() * (eachProduct && run.regular ? run.products + 1 : 1);
}

WindowStep windowStep(const SlidingWindow& run, bool eachProduct, std::size_t at) {
  const bool apart = eachProduct && run.regular;
  const std::size_t each = apart ? run.products + 1 : 1;
  WindowStep step;
  step.cell = at / each;
  step.unit = {run.node, {run.channel, int(step.cell) / run.columns, int(step.cell) % run.columns}};
  step.writes = !apart || at % each == run.products;
  step.products = step.writes ? run.products : at % each + 1;
  step.written = step.cell + (step.writes ? 1 : 0);
  return step;
}

std::size_t stepOf(const SlidingWindow& run, bool eachProduct, const nn::Cell& cell) {
  const std::size_t index = std::size_t(cell.row) * std::size_t(run.columns) + std::size_t(cell.column);
  return std::min(index, run.cells() - 1) * (eachProduct && run.regular ? run.products + 1 : 1);
}

std::vector<PatchCell> windowCells(const Explanation& explanation, std::size_t products) {
  std::vector<PatchCell> cells;
  cells.reserve(products);
  for (const Patch& patch : explanation.patches) cells.insert(cells.end(), patch.cells.begin(), patch.cells.end());
  // A window of one cell has no patches to lay out.
  for (std::size_t i = 0; explanation.patches.empty() && i < explanation.terms.size(); ++i) {
    const Term& term = explanation.terms[i];
    cells.push_back({true, int(i), term.input, term.weight, term.product, term.winner});
  }
  cells.resize(products, PatchCell{.inside = false});  // all of it in the padding
  return cells;
}

Running runningOver(const std::vector<PatchCell>& cells, std::size_t products) {
  Running running;
  bool any = false;
  for (std::size_t i = 0; i < std::min(products, cells.size()); ++i) {
    const PatchCell& cell = cells[i];
    running.last = cell;
    running.news = cell.inside && (!any || cell.input > running.largest);
    if (running.news) running.largest = cell.input;
    any = any || cell.inside;
    running.sum += cell.product;
  }
  return running;
}

}  // namespace scene
