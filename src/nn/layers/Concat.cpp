#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// All maps of the first input, then all of the second, ...
class Concat : public Layer {
 public:
  Concat(std::span<const Shape> inputs, int channels)
      : Layer({inputs.begin(), inputs.end()}, {channels, inputs[0].height, inputs[0].width}) {
    int first = 0;
    for (const Shape& shape : inputs) {
      m_firstChannels.push_back(first);
      first += shape.channels;
    }
  }
  std::string_view type() const override { return "concat"; }
  Combine combineKind() const override { return Combine::Copy; }
  std::optional<Window> window() const override { return Window{}; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    const auto next = std::upper_bound(m_firstChannels.begin(), m_firstChannels.end(), cell.channel);
    const int input = int(next - m_firstChannels.begin()) - 1;
    links.clear();
    links.terms.push_back({input, {cell.channel - m_firstChannels[std::size_t(input)], cell.row, cell.column}});
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
    return {whole.at(m_firstChannels[input], 0, 0), m_inputShapes[input], whole.lanes, whole.rowStride, whole.channelStride};
  }
  std::vector<int> m_firstChannels;
};

std::shared_ptr<const Layer> createConcat(const LayerRequest& request) {
  const Shape& first = request.inputs[0];
  std::int64_t channels = 0;
  for (const Shape& shape : request.inputs) {
    channels += shape.channels;
    if (shape.height == first.height && shape.width == first.width) continue;
    request.report("It joins maps of different sizes: " + first.text() + " and " + shape.text(),
                   "Give all inputs the same height and width");
    return nullptr;
  }
  if (!checkShape(request, channels, first.height, first.width)) return nullptr;
  return std::make_shared<Concat>(request.inputs, int(channels));
}

}  // namespace

LayerType describeConcat() {
  return {"concat", "Concatenate", "Puts the maps of several inputs one after the other.", createConcat, 2, -1};
}

}  // namespace nn
