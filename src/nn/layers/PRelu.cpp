#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

// x above zero, a learned slope times x below: He et al. 2015. One slope for each map, or one for all.
class PRelu : public Pointwise {
 public:
  PRelu(const Shape& shape, bool shared) : Pointwise(shape) {
    const int slopes = shared ? 1 : shape.channels;
    m_blocks.push_back({"slope", {slopes}, 0, std::size_t(slopes), 1, 1, Initial::Quarter});
  }
  std::string_view type() const override { return "prelu"; }
  Combine combineKind() const override { return Combine::Pointwise; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size(); }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    Pointwise::linksInto(cell, links);
    links.scale = slopeOf(cell.channel);
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float> parameters) const override {
    const float value = inputs[0] < 0 ? inputs[0] * parameters[std::size_t(links.scale)] : inputs[0];
    return {value, value};
  }

  void forward(const ForwardCall& call) const override {
    const std::size_t count = call.output.rowFloats();
    forEachRow([&](int c, int y) {
      const float* in = call.inputs[0].at(c, y, 0);
      float* out = call.output.at(c, y, 0);
      const float slope = call.parameters[slopeOf(c)];
      for (std::size_t i = 0; i < count; ++i) out[i] = in[i] < 0 ? in[i] * slope : in[i];
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    const std::size_t count = call.gradient.rowFloats();
    double sum = 0;
    for (int c = 0; c < m_outputShape.channels; ++c) {
      const float slope = call.parameters[slopeOf(c)];
      for (int y = 0; y < m_outputShape.height; ++y) {
        const float *in = call.inputs[0].at(c, y, 0), *gradient = call.gradient.at(c, y, 0);
        sum += double(slopeGradient(in, gradient, count));
        if (!target.wanted) continue;
        float* to = target.tensor.at(c, y, 0);
        for (std::size_t i = 0; i < count; ++i) {
          const float value = in[i] > 0 ? gradient[i] : gradient[i] * slope;
          to[i] = target.accumulate ? to[i] + value : value;
        }
      }
      if (isShared() && c + 1 < m_outputShape.channels) continue;  // one sum for all maps
      if (call.parameterGradients) call.parameterGradients[slopeOf(c)] += float(sum);
      sum = 0;
    }
  }

 private:
  bool isShared() const { return m_blocks[0].count == 1; }
  std::ptrdiff_t slopeOf(int channel) const { return isShared() ? 0 : channel; }
  // Sixteen sums side by side: as many as a block has lanes.
  static float slopeGradient(const float* in, const float* gradient, std::size_t count) {
    float sums[16] = {};
    for (std::size_t i = 0; i < count; ++i) sums[i % 16] += in[i] > 0 ? 0.0f : in[i] * gradient[i];
    float sum = 0;
    for (const float part : sums) sum += part;
    return sum;
  }
};

std::shared_ptr<const Layer> createPRelu(const LayerRequest& request) {
  return std::make_shared<PRelu>(request.inputs[0], boolField(request.fields, "shared"));
}

}  // namespace

LayerType describePRelu() {
  LayerType type{"prelu", "PReLU", "Lets positive values through and multiplies negative ones by a learned slope.", createPRelu};
  type.fields = {{"shared", "One slope", "Whether all maps share one slope instead of having one each.", false}};
  return type;
}

}  // namespace nn
