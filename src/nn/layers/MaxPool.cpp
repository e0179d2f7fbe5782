#include <limits>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The largest value under each window. Of several equal ones the first wins, row by row; padding never wins.
class MaxPool : public Layer {
 public:
  MaxPool(const Shape& input, const WindowPlan& plan) : m_plan(plan) {
    m_inputShapes = {input};
    m_outputShape = {input.channels, plan.outputHeight, plan.outputWidth};
  }
  std::string_view type() const override { return "max-pool"; }
  Combine combineKind() const override { return Combine::Maximum; }
  std::optional<Window> window() const override { return m_plan.window; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.clear();
    links.bias = links.scale = -1;
    forEachTap(cell.row, cell.column, [&](int y, int x) { links.terms.push_back({0, {cell.channel, y, x}}); });
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    return {largest, largest};
  }

  void forward(const ForwardCall& call) const override {
    if (call.output.lanes == 1)
      forwardLanes<1>(call);
    else
      forwardLanes<16>(call);
  }
  void backward(const BackwardCall& call) const override {
    if (!call.inputGradients[0].wanted) return;
    if (!call.inputGradients[0].accumulate) fillCells(call.inputGradients[0].tensor, 0.0f);
    if (call.gradient.lanes == 1)
      backwardLanes<1>(call);
    else
      backwardLanes<16>(call);
  }

 private:
  template <typename Function>
  void forEachTap(int row, int column, Function function) const {
    const Window& window = m_plan.window;
    const auto [firstY, lastY] = m_plan.rowsInside(row, m_inputShapes[0].height);
    const auto [firstX, lastX] = m_plan.columnsInside(column, m_inputShapes[0].width);
    const int top = row * window.strideY - window.paddingTop, left = column * window.strideX - window.paddingLeft;
    for (int ky = firstY; ky < lastY; ++ky)
      for (int kx = firstX; kx < lastX; ++kx) function(top + ky, left + kx);
  }

  template <int Lanes>
  void forwardLanes(const ForwardCall& call) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) {
          float largest[Lanes];
          std::fill_n(largest, Lanes, -std::numeric_limits<float>::infinity());
          forEachTap(y, x, [&](int inY, int inX) {
            const float* in = call.inputs[0].at(c, inY, inX);
            for (int l = 0; l < Lanes; ++l)
              largest[l] = in[l] <= largest[l] || largest[l] != largest[l] ? largest[l] : in[l];  // a NaN stays
          });
          std::copy_n(largest, Lanes, call.output.at(c, y, x));
        }
  }

  // The winner is found again by its value.
  template <int Lanes>
  void backwardLanes(const BackwardCall& call) const {
    const Tensor& target = call.inputGradients[0].tensor;
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) {
          float open[Lanes];
          std::copy_n(call.gradient.at(c, y, x), Lanes, open);
          const float* largest = call.output.at(c, y, x);
          forEachTap(y, x, [&](int inY, int inX) {
            const float* in = call.inputs[0].at(c, inY, inX);
            float* to = target.at(c, inY, inX);
            for (int l = 0; l < Lanes; ++l) {
              const bool wins = in[l] == largest[l];
              to[l] += wins ? open[l] : 0.0f;
              open[l] = wins ? 0.0f : open[l];
            }
          });
        }
  }

  WindowPlan m_plan;
};

std::shared_ptr<const Layer> create(const LayerRequest& request) {
  const auto plan = planWindow(request, request.inputs[0], true);
  if (!plan || !checkShape(request, request.inputs[0].channels, plan->outputHeight, plan->outputWidth)) return nullptr;
  return std::make_shared<MaxPool>(request.inputs[0], *plan);
}

}  // namespace

LayerType describeMaxPool() {
  LayerType type{"max-pool", "Max pooling", "Keeps the largest value under each window.", 1, 1, {}, create};
  type.fields = {kernelField(2, "Size of the window."), strideField({}, "How far the window moves; as much as its size when empty."),
                 paddingField()};
  return type;
}

}  // namespace nn
