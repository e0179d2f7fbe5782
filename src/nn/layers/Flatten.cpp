#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The maps as one row of units, channel by channel, row by row.
class Flatten : public Layer {
 public:
  explicit Flatten(const Shape& shape) {
    m_inputShapes = {shape};
    m_outputShape = {int(shape.size()), 1, 1};
  }
  std::string_view type() const override { return "flatten"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return Window{}; }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.assign(1, Link{0, cellAt(m_inputShapes[0], std::size_t(cell.channel))});
    links.bias = links.scale = -1;
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    return {inputs[0], inputs[0]};
  }

  MemoryNeeds memoryNeeds(int, bool) const override {
    MemoryNeeds needs;
    needs.contiguousInput = true;
    return needs;
  }
  void forward(const ForwardCall& call) const override { copyCells(call.inputs[0], asMaps(call.output)); }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (target.accumulate)
      addCells(asMaps(call.gradient), target.tensor);
    else
      copyCells(asMaps(call.gradient), target.tensor);
  }

 private:
  // A vector has no gaps, so it can be seen in the input's shape.
  template <typename T>
  BasicTensor<T> asMaps(const BasicTensor<T>& vector) const {
    const Shape& shape = m_inputShapes[0];
    const std::ptrdiff_t row = std::ptrdiff_t(shape.width) * vector.lanes;
    return {vector.data, shape, vector.lanes, row, row * shape.height};
  }
};

std::shared_ptr<const Layer> createFlatten(const LayerRequest& request) {
  return std::make_shared<Flatten>(request.inputs[0]);
}

}  // namespace

LayerType describeFlatten() {
  return {"flatten", "Flatten", "Lines all maps up as one row of units.", 1, 1, {}, createFlatten};
}

}  // namespace nn
