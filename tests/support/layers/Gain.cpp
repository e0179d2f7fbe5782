// A layer that only tests know, added as any is: by one file and its name in a list. It multiplies every value by a field.
#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

class Gain : public Pointwise {
 public:
  Gain(const Shape& shape, float factor) : Pointwise(shape), m_factor(factor) {}
  std::string_view type() const override { return "gain"; }
  Combine combineKind() const override { return Combine::Pointwise; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size(); }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    return {inputs[0] * m_factor, inputs[0] * m_factor};
  }
  void forward(const ForwardCall& call) const override {
    forEachRow([&](int c, int y) {
      const float* in = call.inputs[0].at(c, y, 0);
      float* out = call.output.at(c, y, 0);
      for (std::size_t i = 0; i < call.output.rowFloats(); ++i) out[i] = in[i] * m_factor;
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    forEachRow([&](int c, int y) {
      const float* gradient = call.gradient.at(c, y, 0);
      float* to = target.tensor.at(c, y, 0);
      for (std::size_t i = 0; i < call.gradient.rowFloats(); ++i) to[i] = (target.accumulate ? to[i] : 0) + gradient[i] * m_factor;
    });
  }

 private:
  float m_factor;
};

std::shared_ptr<const Layer> createGain(const LayerRequest& request) {
  return std::make_shared<Gain>(request.inputs[0], float(std::get<double>(request.fields.at("factor"))));
}

}  // namespace

LayerType describeGain();
LayerType describeGain() {
  LayerType type{"gain", "Gain", "Multiplies every value by a fixed number.", createGain};
  type.fields = {{"factor", "Factor", "What every value is multiplied by.", 0.5, -100, 100}};
  return type;
}

}  // namespace nn
