#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Which number of a shape or a cell.
enum class Side { Channels, Rows, Columns };

int& sizeOf(Shape& shape, Side side) {
  return side == Side::Channels ? shape.channels : side == Side::Rows ? shape.height : shape.width;
}
int& placeOf(Cell& cell, Side side) {
  return side == Side::Channels ? cell.channel : side == Side::Rows ? cell.row : cell.column;
}

// All maps of the first input, then all of the second, ...; or all rows, or all columns.
class Concat : public Layer {
 public:
  Concat(std::span<const Shape> inputs, const Shape& output, Side side) : Layer({inputs.begin(), inputs.end()}, output), m_side(side) {
    int first = 0;
    for (Shape shape : inputs) {
      m_firsts.push_back(first);
      first += sizeOf(shape, side);
    }
  }
  std::string_view type() const override { return "concat"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return m_side == Side::Channels ? std::optional(Window{}) : std::nullopt; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    Cell source = cell;
    int& place = placeOf(source, m_side);
    const auto next = std::upper_bound(m_firsts.begin(), m_firsts.end(), place);
    const int input = int(next - m_firsts.begin()) - 1;
    place -= m_firsts[std::size_t(input)];
    links.clear();
    links.terms.push_back({input, source});
  }
  void forward(const ForwardCall& call) const override {
    for (std::size_t i = 0; i < call.inputs.size(); ++i) copyCells(call.inputs[i], part(call.output, i));
  }
  void backward(const BackwardCall& call) const override {
    for (std::size_t i = 0; i < call.inputGradients.size(); ++i) passGradient(part(call.gradient, i), call.inputGradients[i]);
  }

 private:
  template <typename T>
  BasicTensor<T> part(const BasicTensor<T>& whole, std::size_t input) const {
    Cell first;
    placeOf(first, m_side) = m_firsts[input];
    return {whole.at(first.channel, first.row, first.column), m_inputShapes[input], whole.lanes, whole.rowStride, whole.channelStride};
  }
  Side m_side;
  std::vector<int> m_firsts;
};

std::shared_ptr<const Layer> createConcat(const LayerRequest& request) {
  const std::string& axis = textField(request.fields, "axis");
  const Side side = axis == "channels" ? Side::Channels : axis == "rows" ? Side::Rows : Side::Columns;
  Shape first = request.inputs[0], output = first;
  std::int64_t size = 0;
  for (Shape shape : request.inputs) {
    size += sizeOf(shape, side);
    sizeOf(shape, side) = sizeOf(first, side);
    if (shape == first) continue;
    const bool channels = side == Side::Channels;
    request.report("It joins maps of different sizes: " + first.text() + " and " + shape.text(),
                   channels ? "Give all inputs the same height and width" : "Let all inputs differ in their " + axis + " alone");
    return nullptr;
  }
  sizeOf(output, side) = int(std::min<std::int64_t>(size, kMaximumCount - 1));
  if (!checkShape(request, side == Side::Channels ? size : output.channels, output.height, output.width)) return nullptr;
  return std::make_shared<Concat>(request.inputs, output, side);
}

}  // namespace

LayerType describeConcat() {
  LayerType type{"concat", "Concatenate", "Puts the maps of several inputs one after the other.", createConcat, 2, -1};
  type.fields = {choiceField("axis", "Along", "What is put one after the other: whole maps, or their rows or columns.",
                             {"channels", "rows", "columns"})};
  return type;
}

}  // namespace nn
