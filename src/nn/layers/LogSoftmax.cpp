#include <cmath>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The logarithm of the softmax, x - log(sum of exp), over the channels, at each position on its own.
class LogSoftmax : public Layer {
 public:
  explicit LogSoftmax(const Shape& shape) {
    m_inputShapes = {shape};
    m_outputShape = shape;
  }
  std::string_view type() const override { return "log-softmax"; }
  Combine combineKind() const override { return Combine::LogSoftmax; }
  std::optional<Window> window() const override { return m_outputShape.isVector() ? std::nullopt : std::optional(Window{}); }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.clear();
    links.bias = links.scale = -1;
    for (int c = 0; c < m_outputShape.channels; ++c) links.terms.push_back({0, {c, cell.row, cell.column}});
  }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float own = inputs[std::size_t(cell.channel)];
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    double sum = 0;
    for (const float value : inputs) sum += std::exp(double(value) - largest);
    const auto value = float(double(own) - largest - std::log(sum));
    return {value, value};
  }

  void forward(const ForwardCall& call) const override {
    forEachColumn(
        [&](int y, int x, int lane) {
          const float* in = call.inputs[0].at(0, y, x) + lane;
          float* out = call.output.at(0, y, x) + lane;
          const std::ptrdiff_t inStep = call.inputs[0].channelStride, outStep = call.output.channelStride;
          float largest = in[0];
          for (int c = 1; c < m_outputShape.channels; ++c) largest = std::max(largest, in[c * inStep]);
          float sum = 0;
          for (int c = 0; c < m_outputShape.channels; ++c) sum += std::exp(in[c * inStep] - largest);
          const float logarithm = std::log(sum);
          for (int c = 0; c < m_outputShape.channels; ++c) out[c * outStep] = (in[c * inStep] - largest) - logarithm;
        },
        call.output.lanes);
  }
  // dx = dy - exp(y) * sum(dy)
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    forEachColumn(
        [&](int y, int x, int lane) {
          const float* out = call.output.at(0, y, x) + lane;
          const float* from = call.gradient.at(0, y, x) + lane;
          float* to = target.tensor.at(0, y, x) + lane;
          float sum = 0;
          for (int c = 0; c < m_outputShape.channels; ++c) sum += from[c * call.gradient.channelStride];
          for (int c = 0; c < m_outputShape.channels; ++c) {
            const float value = from[c * call.gradient.channelStride] - std::exp(out[c * call.output.channelStride]) * sum;
            float& cell = to[c * target.tensor.channelStride];
            cell = target.accumulate ? cell + value : value;
          }
        },
        call.output.lanes);
  }

 private:
  template <typename Function>
  void forEachColumn(Function function, int lanes) const {
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x)
        for (int lane = 0; lane < lanes; ++lane) function(y, x, lane);
  }
};

std::shared_ptr<const Layer> create(const LayerRequest& request) {
  return std::make_shared<LogSoftmax>(request.inputs[0]);
}

}  // namespace

LayerType describeLogSoftmax() {
  return {"log-softmax", "Log-softmax", "Turns scores into the logarithms of probabilities that add up to one.", 1, 1, {}, create};
}

}  // namespace nn
