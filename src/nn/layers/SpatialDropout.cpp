#include "nn/layers/Pointwise.h"
#include "nn/layers/RandomBits.h"

namespace nn {

namespace {

// Dropout of whole maps (Tompson et al. 2015): neighboring cells say nearly the same, so dropping single ones hides nothing.
class SpatialDropout : public Pointwise {
 public:
  SpatialDropout(const Shape& shape, double rate)
      : Pointwise(shape), m_threshold(std::uint32_t(rate * 16777216.0)), m_scale(float(1.0 / (1.0 - rate))) {}
  std::string_view type() const override { return "spatial-dropout"; }
  Combine combineKind() const override { return Combine::Copy; }
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override {
    Layer::contributions(cell, links, inputs, combined, parameters, weights);  // passed on as it is, a zero too
  }

  void forward(const ForwardCall& call) const override {
    if (call.training)
      applyMask(call.inputs[0], call.output, false, call.randomKey);
    else
      copyCells(call.inputs[0], call.output);
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (call.training)
      applyMask(call.gradient, target.tensor, target.accumulate, call.randomKey);
    else
      passGradient(call.gradient, target);
  }

 private:
  void applyMask(const ConstTensor& from, const Tensor& to, bool add, std::uint64_t key) const {
    for (int c = 0; c < to.shape.channels; ++c) {
      float factors[16] = {};
      for (int l = 0; l < to.lanes; ++l) factors[l] = randomBits(key, std::uint32_t(c * to.lanes + l)) < m_threshold ? 0.0f : m_scale;
      for (int y = 0; y < to.shape.height; ++y)
        for (int x = 0; x < to.shape.width; ++x) {
          const float* source = from.at(c, y, x);
          float* target = to.at(c, y, x);
          for (int l = 0; l < to.lanes; ++l) {
            const float value = factors[l] == 0 ? 0.0f : source[l] * factors[l];
            target[l] = add ? target[l] + value : value;
          }
        }
    }
  }

  std::uint32_t m_threshold;  // of 2^24
  float m_scale;
};

std::shared_ptr<const Layer> createSpatialDropout(const LayerRequest& request) {
  return std::make_shared<SpatialDropout>(request.inputs[0], realField(request.fields, "rate"));
}

}  // namespace

LayerType describeSpatialDropout() {
  LayerType type{"spatial-dropout", "Spatial dropout", "Switches whole maps off at random while training.", 1, 1, {}, createSpatialDropout};
  type.fields = {{"rate", "Rate", "The share of maps that is switched off in each training step.", 0.5, 0.0, 0.95}};
  return type;
}

}  // namespace nn
