#include "nn/layers/Pointwise.h"
#include "nn/layers/RandomBits.h"

namespace nn {

namespace {

// Switches units off at random while training (Srivastava et al. 2014) and scales the others, so that nothing changes at inference.
class Dropout : public Pointwise {
 public:
  Dropout(const Shape& shape, double rate)
      : Pointwise(shape), m_threshold(std::uint32_t(rate * 16777216.0)), m_scale(float(1.0 / (1.0 - rate))) {}
  std::string_view type() const override { return "dropout"; }
  Combine combineKind() const override { return Combine::Copy; }
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override {
    Layer::contributions(cell, links, inputs, combined, parameters, weights);  // passed on as it is, a zero too
  }

  void forward(const ForwardCall& call) const override {
    if (call.training)
      applyMask<false>(call.inputs[0], call.output, call.randomKey);
    else
      copyCells(call.inputs[0], call.output);
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (!call.training)
      passGradient(call.gradient, target);
    else if (target.accumulate)
      applyMask<true>(call.gradient, target.tensor, call.randomKey);
    else
      applyMask<false>(call.gradient, target.tensor, call.randomKey);
  }

 private:
  // The mask is a function of key, cell and lane: nothing has to be kept for the way back.
  template <bool Add>
  void applyMask(const ConstTensor& from, const Tensor& to, std::uint64_t key) const {
    const auto count = std::uint32_t(to.rowFloats());
    std::uint32_t cell = 0;
    for (int c = 0; c < to.shape.channels; ++c)
      for (int y = 0; y < to.shape.height; ++y) {
        const float* source = from.at(c, y, 0);
        float* target = to.at(c, y, 0);
        for (std::uint32_t i = 0; i < count; ++i) {
          const float value = randomBits(key, cell + i) < m_threshold ? 0.0f : source[i] * m_scale;
          target[i] = Add ? target[i] + value : value;
        }
        cell += count;
      }
  }

  std::uint32_t m_threshold;  // of 2^24
  float m_scale;
};

std::shared_ptr<const Layer> createDropout(const LayerRequest& request) {
  return std::make_shared<Dropout>(request.inputs[0], realField(request.fields, "rate"));
}

}  // namespace

LayerType describeDropout() {
  LayerType type{"dropout", "Dropout", "Switches units off at random while training, against overfitting.", 1, 1, {}, createDropout};
  type.fields = {{"rate", "Rate", "The share of units that is switched off in each training step.", 0.5, 0.0, 0.95}};
  return type;
}

}  // namespace nn
