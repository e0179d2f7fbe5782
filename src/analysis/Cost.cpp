#include "analysis/Cost.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace analysis {

namespace {

// One axis of a receptive field, and the span of input pixels that all cells of the map see together.
struct Axis {
  double size = 1, stride = 1, first = 0;
  double coverFirst = 0, coverLast = 0;
  double last = 0;  // of the input's pixels; of several inputs, of the longest that it reaches
};

// One axis of the sliding window.
struct Step {
  int kernel = 1, stride = 1, padding = 0, dilation = 1, shrink = 1;
  bool transposed = false;
};

Step rowsOf(const nn::Window& window) {
  return {window.height, window.strideY, window.paddingTop, window.dilationY, window.shrinkY, window.transposed};
}
Step columnsOf(const nn::Window& window) {
  return {window.width, window.strideX, window.paddingLeft, window.dilationX, window.shrinkX, window.transposed};
}

Axis inputAxis(int length) {
  return {1, 1, 0, 0, double(length - 1), double(length - 1)};
}

Axis through(const Axis& source, const Step& step, int outputLength) {
  Axis result;
  result.last = source.last;
  if (!step.transposed) {
    result.size = source.size + double((step.kernel - 1) * step.dilation) * source.stride;
    result.first = source.first - step.padding * source.stride;
  } else {
    // The kernel falls on whole cells at some places only: the most that it meets, in the middle of where it lies.
    const int more = (step.kernel - 1) / step.shrink;
    result.size = source.size + more * source.stride;
    result.first = source.first + ((2.0 * step.padding - step.kernel + 1) / (2.0 * step.shrink) - more / 2.0) * source.stride;
  }
  result.stride = source.stride * step.stride / step.shrink;
  result.coverFirst = std::max(result.first, 0.0);
  result.coverLast = std::min(result.first + (outputLength - 1) * result.stride + result.size - 1, source.last);
  // The map before it may have lost its position (stride 0) or not see everything.
  result.coverFirst = std::max(result.coverFirst, source.coverFirst);
  result.coverLast = std::min(result.coverLast, source.coverLast);
  return result;
}

Axis everything(const Axis& source) {
  return {source.coverLast - source.coverFirst + 1, 0, source.coverFirst, source.coverFirst, source.coverLast, source.last};
}

Axis positionLost(const Axis& source) {
  return {source.size, 0, source.coverFirst, source.coverFirst, source.coverLast, source.last};
}

Axis united(const Axis& a, const Axis& b) {
  Axis result;
  result.first = std::min(a.first, b.first);
  result.size = std::max(a.first + a.size, b.first + b.size) - result.first;
  result.stride = std::max(a.stride, b.stride);
  result.coverFirst = std::min(a.coverFirst, b.coverFirst);
  result.coverLast = std::max(a.coverLast, b.coverLast);
  result.last = std::max(a.last, b.last);
  return result;
}

struct Axes {
  Axis y, x;
};

Axes axesThrough(const nn::Layer& layer, const Axes& source, const nn::Shape& from) {
  const nn::Shape& to = layer.outputShape();
  if (layer.combineKind() == nn::Combine::Copy && to.isVector() && !from.isVector())
    return {positionLost(source.y), positionLost(source.x)};
  const std::optional<nn::Window> window = layer.window();
  if (!window) {
    // Softmax and its kin over a vector do not widen what is seen where every cell sees the same already.
    return {everything(source.y), everything(source.x)};
  }
  return {through(source.y, rowsOf(*window), to.height), through(source.x, columnsOf(*window), to.width)};
}

std::vector<Axes> allAxes(const nn::Network& network) {
  std::vector<Axes> axes;
  axes.reserve(network.nodes().size());
  for (const nn::Network::Node& node : network.nodes()) {
    if (node.inputs.empty()) {
      axes.push_back({inputAxis(node.shape.height), inputAxis(node.shape.width)});
      continue;
    }
    Axes all;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const int source = node.inputs[i];
      const Axes one = axesThrough(*node.layer, axes[std::size_t(source)], network.node(source).shape);
      all = i == 0 ? one : Axes{united(all.y, one.y), united(all.x, one.x)};
    }
    axes.push_back(all);
  }
  return axes;
}

}  // namespace

NetworkCost costOf(const nn::Network& network) {
  NetworkCost result;
  const std::vector<Axes> axes = allAxes(network);
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const nn::Network::Node& node = network.nodes()[i];
    const Axis &y = axes[i].y, &x = axes[i].x;
    NodeCost cost;
    cost.node = int(i);
    cost.name = node.name;
    cost.type = std::string(node.layer->type());
    cost.outputShape = node.shape;
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks())
      if (block.learned) cost.parameters += block.count;
    cost.multiplyAdds = node.layer->multiplyAdds();
    cost.activationBytes = node.shape.size() * sizeof(float);
    cost.receptiveField = {y.size, x.size, y.stride, x.stride, y.first, x.first};
    result.parameters += cost.parameters;
    result.multiplyAdds += cost.multiplyAdds;
    result.activationBytes += cost.activationBytes;
    result.nodes.push_back(std::move(cost));
  }
  return result;
}

}  // namespace analysis
