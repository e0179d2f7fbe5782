#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The maps as one row of units, channel by channel, row by row.
class Flatten : public Layer {
 public:
  explicit Flatten(const Shape& shape) : Layer({shape}, {int(shape.size()), 1, 1}) {}
  std::string_view type() const override { return "flatten"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return Window{}; }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    links.terms.push_back({0, cellAt(m_inputShapes[0], std::size_t(cell.channel))});
  }

  MemoryNeeds memoryNeeds(int, bool) const override { return {.contiguousInput = true}; }
  void forward(const ForwardCall& call) const override { copyCells(call.inputs[0], asMaps(call.output)); }
  void backward(const BackwardCall& call) const override { passGradient(asMaps(call.gradient), call.inputGradients[0]); }

 private:
  // A vector has no gaps, so it can be seen in the input's shape.
  template <typename T>
  BasicTensor<T> asMaps(const BasicTensor<T>& vector) const {
    const Shape& shape = m_inputShapes[0];
    const std::ptrdiff_t row = std::ptrdiff_t(shape.width) * vector.lanes;
    return {vector.data, shape, vector.lanes, row, row * shape.height};
  }
};

}  // namespace

LayerType describeFlatten() {
  return {"flatten", "Flatten", "Lines all maps up as one row of units.", createOfShape<Flatten>};
}

}  // namespace nn
