#include "nn/layers/Pointwise.h"
#include "nn/layers/RandomBits.h"

namespace nn {

namespace {

// Switches units off at random while training (Srivastava et al. 2014) and scales the others, so that nothing changes at inference; or
// whole maps (Tompson et al. 2015): neighboring cells say nearly the same, so dropping single ones hides nothing.
class Dropout : public Pointwise {
 public:
  Dropout(const Shape& shape, bool maps, double rate)
      : Pointwise(shape), m_maps(maps), m_threshold(std::uint32_t(rate * 16777216.0)), m_scale(float(1.0 / (1.0 - rate))) {}
  std::string_view type() const override { return m_maps ? "spatial-dropout" : "dropout"; }
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
  // The mask is a function of key, place and lane: nothing has to be kept for the way back.
  void applyMask(const ConstTensor& from, const Tensor& to, bool add, std::uint64_t key) const {
    if (m_maps)
      maskMaps(from, to, add, key);
    else
      add ? maskUnits<true>(from, to, key) : maskUnits<false>(from, to, key);
  }
  template <bool Add>
  void maskUnits(const ConstTensor& from, const Tensor& to, std::uint64_t key) const {
    const auto count = std::uint32_t(to.rowFloats());
    std::uint32_t cell = 0;
    forEachRow([&](int c, int y) {
      const float* source = from.at(c, y, 0);
      float* target = to.at(c, y, 0);
      for (std::uint32_t i = 0; i < count; ++i) {
        const float value = randomBits(key, cell + i) < m_threshold ? 0.0f : source[i] * m_scale;
        target[i] = Add ? target[i] + value : value;
      }
      cell += count;
    });
  }
  void maskMaps(const ConstTensor& from, const Tensor& to, bool add, std::uint64_t key) const {
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

  bool m_maps;
  std::uint32_t m_threshold;  // of 2^24
  float m_scale;
};

template <bool Maps>
std::shared_ptr<const Layer> createDropout(const LayerRequest& request) {
  return std::make_shared<Dropout>(request.inputs[0], Maps, realField(request.fields, "rate"));
}

}  // namespace

LayerType describeDropout() {
  LayerType type{"dropout", "Dropout", "Switches units off at random while training, against overfitting.", createDropout<false>};
  type.fields = {{"rate", "Rate", "The share of units that is switched off in each training step.", 0.5, 0.0, 0.95}};
  return type;
}

LayerType describeSpatialDropout() {
  LayerType type{"spatial-dropout", "Spatial dropout", "Switches whole maps off at random while training.", createDropout<true>};
  type.fields = {{"rate", "Rate", "The share of maps that is switched off in each training step.", 0.5, 0.0, 0.95}};
  return type;
}

}  // namespace nn
