#include <cmath>

#include "nn/layers/OverChannels.h"

namespace nn {

namespace {

// The logarithm of the softmax, x - log(sum of exp), over the channels, at each position on its own.
class LogSoftmax : public OverChannels {
 public:
  using OverChannels::OverChannels;
  std::string_view type() const override { return "log-softmax"; }
  Combine combineKind() const override { return Combine::LogSoftmax; }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float own = inputs[std::size_t(cell.channel)];
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    double sum = 0;
    for (const float value : inputs) sum += std::exp(double(value) - largest);
    const auto value = float(double(own) - largest - std::log(sum));
    return {value, value};
  }

  void forward(const ForwardCall& call) const override {
    forEachColumn(call, [this](const auto& in, const auto& out, float largest) {
      float sum = 0;
      for (int c = 0; c < m_outputShape.channels; ++c) sum += std::exp(in[c] - largest);
      const float logarithm = std::log(sum);
      for (int c = 0; c < m_outputShape.channels; ++c) out[c] = (in[c] - largest) - logarithm;
    });
  }
  // dx = dy - exp(y) * sum(dy)
  void backward(const BackwardCall& call) const override {
    backwardWith(
        call, [](float, float dy) { return dy; }, [](float y, float dy, float sum) { return dy - std::exp(y) * sum; });
  }
};

std::shared_ptr<const Layer> createLogSoftmax(const LayerRequest& request) {
  return std::make_shared<LogSoftmax>(request.inputs[0]);
}

}  // namespace

LayerType describeLogSoftmax() {
  return {"log-softmax",   "Log-softmax", "Turns scores into the logarithms of probabilities that add up to one.", 1, 1, {},
          createLogSoftmax};
}

}  // namespace nn
