#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The mean of the cells under each window (padding does not count). Scaled: times a trainable coefficient plus a trainable
// bias, both per map, as the subsampling layers of LeNet-5.
class AveragePool : public Layer {
 public:
  AveragePool(const Shape& input, const WindowPlan& plan, bool scaled, Activation function)
      : Layer({input}, {input.channels, plan.outputHeight, plan.outputWidth}), m_plan(plan) {
    m_activation = function;
    if (!scaled) return;
    const auto maps = std::size_t(input.channels);
    m_blocks.push_back({"scale", {input.channels}, 0, maps, plan.cells(), 1, Initial::One});
    m_blocks.push_back({"bias", {input.channels}, maps, maps, plan.cells(), 1, Initial::Zero});
  }
  std::string_view type() const override { return "average-pool"; }
  bool addsGradientsOnce() const override { return true; }
  Combine combineKind() const override { return Combine::Average; }
  std::optional<Window> window() const override { return m_plan.window; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size() * std::uint64_t(m_plan.cells()); }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    if (scaled()) links.scale = cell.channel, links.bias = m_outputShape.channels + cell.channel;
    forEachTap(cell.row, cell.column, [&](int y, int x, int) { links.terms.push_back({0, {cell.channel, y, x}}); });
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float> parameters) const override {
    double sum = 0;
    for (const float value : inputs) sum += value;
    auto mean = float(sum / double(inputs.size()));
    if (links.scale >= 0) mean = mean * parameters[std::size_t(links.scale)] + parameters[std::size_t(links.bias)];
    return {mean, activate(m_activation, mean)};
  }
  void contributions(const Cell&, const CellLinks& links, std::span<const float>, const Combined&, std::span<const float> parameters,
                     std::span<float> weights) const override {
    averageContributions(links, parameters, weights);
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      for (int c = 0; c < m_outputShape.channels; ++c) {
        const float scale = scaled() ? call.parameters[c] : 1.0f;
        const float bias = scaled() ? call.parameters[m_outputShape.channels + c] : 0.0f;
        for (int y = 0; y < m_outputShape.height; ++y)
          for (int x = 0; x < m_outputShape.width; ++x) {
            float sums[Lanes];
            const float factor = scale / float(sumInto<Lanes>(sums, call.inputs[0], c, y, x));
            float* out = call.output.at(c, y, x);
            for (int l = 0; l < Lanes; ++l) out[l] = sums[l] * factor + bias;
          }
      }
    });
    applyActivation(*call.kernels, call.activation, call.output);
  }
  void backward(const BackwardCall& call) const override {
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      const GradientTarget& target = call.inputGradients[0];
      if (target.wanted && !target.accumulate) fillCells(target.tensor, 0.0f);
      for (int c = 0; c < m_outputShape.channels; ++c) {
        if (scaled() && call.parameterGradients) parameterGradients<Lanes>(call, c);
        if (target.wanted) inputGradient<Lanes>(call, c, scaled() ? call.parameters[c] : 1.0f);
      }
    });
  }

 private:
  bool scaled() const { return !m_blocks.empty(); }

  template <typename Function>
  int forEachTap(int row, int column, Function function) const {
    return m_plan.forEachTap(m_inputShapes[0], row, column, function);
  }

  template <int Lanes>
  int sumInto(float* sums, const ConstTensor& input, int c, int y, int x) const {
    std::fill_n(sums, Lanes, 0.0f);
    return forEachTap(y, x, [&](int inY, int inX, int) {
      const float* in = input.at(c, inY, inX);
      for (int l = 0; l < Lanes; ++l) sums[l] += in[l];
    });
  }

  template <int Lanes>
  void parameterGradients(const BackwardCall& call, int c) const {
    float scaleSums[Lanes] = {}, biasSums[Lanes] = {};
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const float* gradient = call.gradient.at(c, y, x);
        float sums[Lanes];
        const float share = 1.0f / float(sumInto<Lanes>(sums, call.inputs[0], c, y, x));
        for (int l = 0; l < Lanes; ++l) {
          scaleSums[l] += gradient[l] * sums[l] * share;
          biasSums[l] += gradient[l];
        }
      }
    float scale = 0, bias = 0;
    for (int l = 0; l < Lanes; ++l) scale += scaleSums[l], bias += biasSums[l];
    call.parameterGradients[c] += scale;
    call.parameterGradients[m_outputShape.channels + c] += bias;
  }

  template <int Lanes>
  void inputGradient(const BackwardCall& call, int c, float scale) const {
    const Tensor& target = call.inputGradients[0].tensor;
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const float* gradient = call.gradient.at(c, y, x);
        const float factor = scale / float(forEachTap(y, x, [](int, int, int) {}));
        forEachTap(y, x, [&](int inY, int inX, int) {
          float* to = target.at(c, inY, inX);
          for (int l = 0; l < Lanes; ++l) to[l] += gradient[l] * factor;
        });
      }
  }

  WindowPlan m_plan;
};

std::shared_ptr<const Layer> createAveragePool(const LayerRequest& request) {
  const auto plan = planWindow(request, request.inputs[0], true);
  if (!plan || !checkShape(request, request.inputs[0].channels, plan->outputHeight, plan->outputWidth)) return nullptr;
  return std::make_shared<AveragePool>(request.inputs[0], *plan, boolField(request.fields, "scaled"), activationOf(request.fields));
}

}  // namespace

LayerType describeAveragePool() {
  LayerType type{"average-pool", "Average pooling",
                 "Takes the mean under each window; LeNet-5's also scales it by a trainable number per map.", createAveragePool};
  type.fields = {kernelField(2, "Size of the window."),
                 strideField({}, "How far the window moves; as much as its size when empty."),
                 paddingField(),
                 {"scaled", "Trainable scale", "Multiplies each map by a trainable coefficient and adds a trainable bias.", false},
                 activationField()};
  return type;
}

}  // namespace nn
