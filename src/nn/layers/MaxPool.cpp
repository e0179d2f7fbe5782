#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The largest value under each window. Of several equal ones the first wins, row by row; padding never wins.
class MaxPool : public Layer {
 public:
  MaxPool(const Shape& input, const WindowPlan& plan)
      : Layer({input}, {input.channels, plan.outputHeight, plan.outputWidth}), m_plan(plan) {}
  std::string_view type() const override { return "max-pool"; }
  Combine combineKind() const override { return Combine::Maximum; }
  std::optional<Window> window() const override { return m_plan.window; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    m_plan.forEachTap(m_inputShapes[0], cell.row, cell.column, [&](int y, int x, int) {
      links.terms.push_back({0, {cell.channel, y, x}});
    });
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    return {largest, largest};
  }
  void contributions(const Cell&, const CellLinks&, std::span<const float> inputs, const Combined&, std::span<const float>,
                     std::span<float> weights) const override {
    maximumContributions(inputs, weights);
  }

  bool fusesInputDerivative() const override { return true; }
  void forward(const ForwardCall& call) const override {
    call.kernels->maxPool({mapsOf(call.inputs[0]), mapsOf(call.output), call.output.lanes, windowSize(m_plan.window)});
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    PoolGradientCall pool{mapsOf(call.inputs[0]), mapsOf(call.output), mapsOf(call.gradient),
                          mapsOf(target.tensor),  call.gradient.lanes, windowSize(m_plan.window)};
    pool.covers = tilesInput() && !target.accumulate;
    pool.derivative = target.activation;
    if (!pool.covers && !target.accumulate) fillCells(target.tensor, 0.0f);
    call.kernels->maxPoolGradient(pool);
  }

 private:
  // Whether each cell of the input lies in exactly one window.
  bool tilesInput() const {
    const Window& window = m_plan.window;
    return window.strideY == window.height && window.strideX == window.width && window.paddingTop == 0 && window.paddingLeft == 0 &&
           m_outputShape.height * window.height == m_inputShapes[0].height && m_outputShape.width * window.width == m_inputShapes[0].width;
  }

  WindowPlan m_plan;
};

std::shared_ptr<const Layer> createMaxPool(const LayerRequest& request) {
  const auto plan = planWindow(request, request.inputs[0], true);
  if (!plan || !checkShape(request, request.inputs[0].channels, plan->outputHeight, plan->outputWidth)) return nullptr;
  return std::make_shared<MaxPool>(request.inputs[0], *plan);
}

}  // namespace

LayerType describeMaxPool() {
  LayerType type{"max-pool", "Max pooling", "Keeps the largest value under each window.", createMaxPool};
  type.fields = {kernelField(2, "Size of the window."), strideField({}, "How far the window moves; as much as its size when empty."),
                 paddingField()};
  return type;
}

}  // namespace nn
