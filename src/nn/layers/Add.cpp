#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

class Add : public Layer {
 public:
  explicit Add(std::span<const Shape> inputs) : Layer({inputs.begin(), inputs.end()}, inputs[0]) {}
  std::string_view type() const override { return "add"; }
  Combine combineKind() const override { return Combine::Sum; }
  std::optional<Window> window() const override { return Window{}; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int i = 0; i < int(m_inputShapes.size()); ++i) links.terms.push_back({i, cell});
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    float sum = 0;
    for (const float value : inputs) sum += value;
    return {sum, sum};
  }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size() * (m_inputShapes.size() - 1); }
  void forward(const ForwardCall& call) const override {
    copyCells(call.inputs[0], call.output);
    for (std::size_t i = 1; i < call.inputs.size(); ++i) addCells(call.inputs[i], call.output);
  }
  void backward(const BackwardCall& call) const override {
    for (const GradientTarget& target : call.inputGradients) passGradient(call.gradient, target);
  }
};

std::shared_ptr<const Layer> createAdd(const LayerRequest& request) {
  for (std::size_t i = 1; i < request.inputs.size(); ++i) {
    if (request.inputs[i] == request.inputs[0]) continue;
    request.report("It adds inputs of different shapes: " + request.inputs[0].text() + " and " + request.inputs[i].text(),
                   "Give all inputs the same channels, height and width");
    return nullptr;
  }
  return std::make_shared<Add>(request.inputs);
}

}  // namespace

LayerType describeAdd() {
  return {"add", "Add", "Adds its inputs cell by cell, as residual networks do.", createAdd, 2, -1};
}

}  // namespace nn
