#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Cells of zeros around every map.
class ZeroPad : public Layer {
 public:
  ZeroPad(const Shape& input, const Halo& border)
      : Layer({input}, {input.channels, input.height + border.top + border.bottom, input.width + border.left + border.right}),
        m_border(border) {}
  std::string_view type() const override { return "zero-pad"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return Window{.paddingTop = m_border.top, .paddingLeft = m_border.left}; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    const int row = cell.row - m_border.top, column = cell.column - m_border.left;
    const Shape& shape = m_inputShapes[0];
    if (row >= 0 && row < shape.height && column >= 0 && column < shape.width) links.terms.push_back({0, {cell.channel, row, column}});
  }
  void forward(const ForwardCall& call) const override {
    fillCells(call.output, 0.0f);
    copyCells(call.inputs[0], middle(call.output));
  }
  void backward(const BackwardCall& call) const override { passGradient(middle(call.gradient), call.inputGradients[0]); }

 private:
  template <typename T>
  BasicTensor<T> middle(const BasicTensor<T>& whole) const {
    return {whole.at(0, m_border.top, m_border.left), m_inputShapes[0], whole.lanes, whole.rowStride, whole.channelStride};
  }
  Halo m_border;
};

std::shared_ptr<const Layer> createZeroPad(const LayerRequest& request) {
  const auto border = borderOf(request, "padding");
  const Shape& input = request.inputs[0];
  if (!border || !checkShape(request, input.channels, std::int64_t(input.height) + border->top + border->bottom,
                             std::int64_t(input.width) + border->left + border->right))
    return nullptr;
  return std::make_shared<ZeroPad>(input, *border);
}

}  // namespace

LayerType describeZeroPad() {
  LayerType type{"zero-pad", "Zero padding", "Puts cells of zeros around each map.", createZeroPad};
  type.fields = {
      sidesField("padding", "Padding", "Cells on every side; or above and below, left and right; or above, left, below, right.", {1}, 0)};
  type.fields[0].maximumCount = 4;
  return type;
}

}  // namespace nn
