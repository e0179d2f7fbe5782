#include <cmath>

#include "nn/layers/OverChannels.h"

namespace nn {

namespace {

// exp(x) / sum of exp over the channels, at each position on its own.
class Softmax : public OverChannels {
 public:
  using OverChannels::OverChannels;
  std::string_view type() const override { return "softmax"; }
  Combine combineKind() const override { return Combine::Softmax; }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float own = inputs[std::size_t(cell.channel)];
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    double sum = 0;
    for (const float value : inputs) sum += std::exp(double(value) - largest);
    return {own, float(std::exp(double(own) - largest) / sum)};
  }

  void forward(const ForwardCall& call) const override {
    forEachColumn(call, [this](const auto& in, const auto& out, float largest) {
      float sum = 0;
      for (int c = 0; c < m_outputShape.channels; ++c) sum += out[c] = std::exp(in[c] - largest);
      for (int c = 0; c < m_outputShape.channels; ++c) out[c] /= sum;
    });
  }
  // dx = y * (dy - sum(y * dy))
  void backward(const BackwardCall& call) const override {
    backwardWith(
        call, [](float y, float dy) { return y * dy; }, [](float y, float dy, float sum) { return y * (dy - sum); });
  }
};

std::shared_ptr<const Layer> createSoftmax(const LayerRequest& request) {
  return std::make_shared<Softmax>(request.inputs[0]);
}

}  // namespace

LayerType describeSoftmax() {
  return {"softmax", "Softmax", "Turns scores into probabilities that add up to one.", 1, 1, {}, createSoftmax};
}

}  // namespace nn
