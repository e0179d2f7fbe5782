#include "analysis/Contribution.h"

#include <algorithm>
#include <utility>

namespace analysis {

namespace {

std::span<const float> parametersOf(const Activations& at, const nn::Network::Node& node) {
  return at.parameters.subspan(node.parameterOffset, node.parameterCount);
}

// First and last position (both included; none where last < first) of a window that covers `at`, of `count`.
std::pair<int, int> positionsOver(int at, int size, int stride, int padding, int dilation, int count) {
  const int reach = (size - 1) * dilation;
  const int lowest = at + padding - reach;
  return {lowest <= 0 ? 0 : (lowest + stride - 1) / stride, std::min(count - 1, (at + padding) / stride)};
}

// Everything about one consumer, and which of its inputs is looked at.
struct Reading {
  const Activations& at;
  int node;  // the consumer
  int input;
  nn::Cell cell;
  std::vector<OutgoingLink>& found;

  const nn::Network::Node& consumer() const { return at.network.node(node); }
  float value() const { return at.at(consumer().inputs[std::size_t(input)], cell); }
};

void askUnit(const Reading& q, const nn::Cell& reader, UnitDecomposition& sum) {
  nn::CellLinks& links = sum.links;
  q.consumer().layer->linksInto(reader, links);
  const auto wanted = [&](const nn::Link& link) { return link.input == q.input && link.cell == q.cell; };
  if (std::none_of(links.terms.begin(), links.terms.end(), wanted)) return;
  decompose(q.at, q.node, reader, sum);
  for (std::size_t i = 0; i < links.terms.size(); ++i) {
    if (wanted(links.terms[i])) q.found.push_back({q.node, reader, links.terms[i].parameter >= 0, sum.weights[i], sum.amount(i)});
  }
}

void addWeighted(const Reading& q, const nn::Cell& reader, std::ptrdiff_t parameter) {
  const float weight = q.at.parameters[q.consumer().parameterOffset + std::size_t(parameter)];
  q.found.push_back({q.node, reader, true, weight, weight * q.value()});
}

void askDense(const Reading& q) {
  const nn::Layer& layer = *q.consumer().layer;
  const int flat = int(nn::flatIndex(layer.inputShapes()[std::size_t(q.input)], q.cell));
  for (int o = 0; o < layer.outputShape().channels; ++o) addWeighted(q, {o, 0, 0}, layer.kernelOffset(o, flat));
}

void askWindows(const Reading& q, const nn::Window& window) {
  const nn::Layer& layer = *q.consumer().layer;
  const nn::Shape& shape = layer.outputShape();
  const auto [top, bottom] = positionsOver(q.cell.row, window.height, window.strideY, window.paddingTop, window.dilationY, shape.height);
  const auto [left, right] = positionsOver(q.cell.column, window.width, window.strideX, window.paddingLeft, window.dilationX, shape.width);
  const bool weighted = layer.combineKind() == nn::Combine::WeightedSum;
  UnitDecomposition sum;
  for (int o = 0; o < shape.channels; ++o) {
    const std::ptrdiff_t kernel = weighted ? layer.kernelOffset(o, q.cell.channel) : -1;
    if (weighted && kernel < 0) continue;
    for (int row = top; row <= bottom; ++row)
      for (int column = left; column <= right; ++column) {
        if (!weighted) {
          askUnit(q, {o, row, column}, sum);
          continue;
        }
        const int y = q.cell.row + window.paddingTop - row * window.strideY,
                  x = q.cell.column + window.paddingLeft - column * window.strideX;
        if (y % window.dilationY != 0 || x % window.dilationX != 0) continue;
        addWeighted(q, {o, row, column}, kernel + y / window.dilationY * window.width + x / window.dilationX);
      }
  }
}

// Upsampling and transposed convolution: the cells that this one is stamped on.
void askStamps(const Reading& q, const nn::Window& window) {
  const nn::Shape& shape = q.consumer().layer->outputShape();
  const int top = q.cell.row * window.shrinkY - window.paddingTop, left = q.cell.column * window.shrinkX - window.paddingLeft;
  UnitDecomposition sum;
  for (int o = 0; o < shape.channels; ++o)
    for (int row = std::max(0, top); row < std::min(shape.height, top + window.height); ++row)
      for (int column = std::max(0, left); column < std::min(shape.width, left + window.width); ++column) askUnit(q, {o, row, column}, sum);
}

void askConsumer(const Reading& q) {
  const nn::Layer& layer = *q.consumer().layer;
  const nn::Shape& shape = layer.outputShape();
  const nn::Combine kind = layer.combineKind();
  UnitDecomposition sum;
  if (layer.isPointwise() && (kind == nn::Combine::Copy || kind == nn::Combine::Pointwise)) {
    const nn::Shape& from = layer.inputShapes()[0];
    if (from.size() == shape.size()) return askUnit(q, nn::cellAt(shape, nn::flatIndex(from, q.cell)), sum);
  }
  const std::optional<nn::Window> window = layer.window();
  if (window && window->transposed) return askStamps(q, *window);
  if (window && layer.inputShapes().size() == 1) return askWindows(q, *window);
  if (!window && kind == nn::Combine::WeightedSum && shape.isVector() && layer.kernelOffset(0, 0) >= 0) return askDense(q);
  // Cell by cell over several inputs: only the same place of some map can read it.
  const bool samePlace = window && window->height * window->width == 1;
  for (int o = 0; samePlace && o < shape.channels; ++o) askUnit(q, {o, q.cell.row, q.cell.column}, sum);
  for (std::size_t i = 0; !samePlace && i < shape.size(); ++i) askUnit(q, nn::cellAt(shape, i), sum);
}

}  // namespace

void decompose(const Activations& at, int node, const nn::Cell& cell, UnitDecomposition& sum) {
  const nn::Network::Node& current = at.network.node(node);
  sum.inputs.clear();
  sum.bias = 0;
  if (current.inputs.empty()) {
    sum.links.terms.clear();
    sum.weights.clear();
    sum.rest = sum.preActivation = sum.value = at.at(node, cell);
    return;
  }
  const std::span<const float> parameters = parametersOf(at, current);
  current.layer->linksInto(cell, sum.links);
  sum.inputs.reserve(sum.links.terms.size());
  for (const nn::Link& link : sum.links.terms) sum.inputs.push_back(at.at(current.inputs[std::size_t(link.input)], link.cell));
  const nn::Layer::Combined combined = current.layer->combine(cell, sum.links, sum.inputs, parameters);
  sum.preActivation = combined.preActivation;
  sum.value = combined.value;
  if (sum.links.bias >= 0) sum.bias = parameters[std::size_t(sum.links.bias)];
  sum.weights.resize(sum.inputs.size());
  current.layer->contributions(cell, sum.links, sum.inputs, combined, parameters, sum.weights);
  double rest = double(sum.preActivation) - sum.bias;
  for (std::size_t i = 0; i < sum.inputs.size(); ++i) rest -= double(sum.inputs[i]) * sum.weights[i];
  sum.rest = float(rest);
}

std::vector<OutgoingLink> outgoingLinksOf(const Activations& at, int node, const nn::Cell& cell) {
  std::vector<OutgoingLink> found;
  std::vector<int> asked;
  for (const int consumer : at.network.node(node).consumers) {
    if (std::find(asked.begin(), asked.end(), consumer) != asked.end()) continue;  // a node may read another one twice
    asked.push_back(consumer);
    const std::vector<int>& inputs = at.network.node(consumer).inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i] == node) askConsumer({at, consumer, int(i), cell, found});
  }
  return found;
}

}  // namespace analysis
