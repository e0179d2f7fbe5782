#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// A part of its input: some of the maps, or some rows or columns of every map.
class Slice : public Layer {
 public:
  Slice(const Shape& input, const Cell& first, const Shape& part) : Layer({input}, part), m_first(first) {}
  std::string_view type() const override { return "slice"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return Window{.paddingTop = -m_first.row, .paddingLeft = -m_first.column}; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    links.terms.push_back({0, {cell.channel + m_first.channel, cell.row + m_first.row, cell.column + m_first.column}});
  }
  void forward(const ForwardCall& call) const override { copyCells(part(call.inputs[0]), call.output); }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (!target.accumulate) fillCells(target.tensor, 0.0f);
    addCells(call.gradient, part(target.tensor));
  }

 private:
  template <typename T>
  BasicTensor<T> part(const BasicTensor<T>& whole) const {
    return {whole.at(m_first.channel, m_first.row, m_first.column), m_outputShape, whole.lanes, whole.rowStride, whole.channelStride};
  }
  Cell m_first;
};

std::shared_ptr<const Layer> createSlice(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const std::string& axis = textField(request.fields, "axis");
  const std::int64_t first = wholeField(request.fields, "first"), asked = wholeField(request.fields, "count");
  Cell start;
  Shape part = input;
  int& from = axis == "channels" ? start.channel : axis == "rows" ? start.row : start.column;
  int& size = axis == "channels" ? part.channels : axis == "rows" ? part.height : part.width;
  const std::int64_t count = asked == 0 ? size - first : asked;
  if (count < 1 || first + count > size) {
    request.report(
        "It takes " + axis + " " + std::to_string(first) + " to " + std::to_string(first + count) + " of " + std::to_string(size),
        "Stay within the input; counting begins with 0");
    return nullptr;
  }
  from = int(first);
  size = int(count);
  return std::make_shared<Slice>(input, start, part);
}

}  // namespace

LayerType describeSlice() {
  LayerType type{"slice", "Slice", "Takes some of the maps, or some rows or columns of every map.", createSlice};
  type.fields = {choiceField("axis", "Of the", "What is counted.", {"channels", "rows", "columns"}),
                 {"first", "First", "The first one that is taken, counted from 0.", std::int64_t(0), 0, 2147483647},
                 {"count", "Count", "How many are taken; 0 for all from the first on.", std::int64_t(0), 0, 2147483647}};
  return type;
}

}  // namespace nn
