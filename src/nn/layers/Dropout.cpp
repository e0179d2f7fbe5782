#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

// Murmur3's finaliser: every input bit reaches every output bit.
inline std::uint32_t mix(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return x;
}

// Switches units off at random while training (Srivastava et al. 2014) and scales the others, so that nothing changes at inference.
class Dropout : public Pointwise {
 public:
  Dropout(const Shape& shape, double rate)
      : Pointwise(shape), m_threshold(std::uint32_t(rate * 16777216.0)), m_scale(float(1.0 / (1.0 - rate))) {}
  std::string_view type() const override { return "dropout"; }
  Combine combineKind() const override { return Combine::Copy; }

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
    const auto low = std::uint32_t(key), high = std::uint32_t(key >> 32);
    const auto count = std::uint32_t(to.rowFloats());
    std::uint32_t cell = 0;
    for (int c = 0; c < to.shape.channels; ++c)
      for (int y = 0; y < to.shape.height; ++y) {
        const float* source = from.at(c, y, 0);
        float* target = to.at(c, y, 0);
        for (std::uint32_t i = 0; i < count; ++i) {
          const std::uint32_t random = mix(mix(cell + i + low) ^ high) >> 8;
          const float value = random < m_threshold ? 0.0f : source[i] * m_scale;
          target[i] = Add ? target[i] + value : value;
        }
        cell += count;
      }
  }

  std::uint32_t m_threshold;  // of 2^24
  float m_scale;
};

std::shared_ptr<const Layer> create(const LayerRequest& request) {
  return std::make_shared<Dropout>(request.inputs[0], realField(request.fields, "rate"));
}

}  // namespace

LayerType describeDropout() {
  LayerType type{"dropout", "Dropout", "Switches units off at random while training, against overfitting.", 1, 1, {}, create};
  type.fields = {{"rate", "Rate", "The share of units that is switched off in each training step.", 0.5, 0.0, 0.95}};
  return type;
}

}  // namespace nn
