#include "nn/Counted.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The same values in the same order, channel by channel and row by row, as maps of another size.
class Reshape : public Layer {
 public:
  Reshape(const Shape& from, const Shape& to) : Layer({from}, to) {}
  std::string_view type() const override { return "reshape"; }
  Combine combineKind() const override { return Combine::Copy; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    links.terms.push_back({0, cellAt(m_inputShapes[0], flatIndex(m_outputShape, cell))});
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() { move<Lanes, false>(call.inputs[0], call.output); });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      target.accumulate ? move<Lanes, true>(call.gradient, target.tensor) : move<Lanes, false>(call.gradient, target.tensor);
    });
  }

 private:
  // Both may have gaps between their rows.
  template <int Lanes, bool Add>
  static void move(const ConstTensor& from, const Tensor& to) {
    Cell source;
    for (int c = 0; c < to.shape.channels; ++c)
      for (int y = 0; y < to.shape.height; ++y)
        for (int x = 0; x < to.shape.width; ++x) {
          const float* in = from.at(source.channel, source.row, source.column);
          float* out = to.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) out[l] = Add ? out[l] + in[l] : in[l];
          if (++source.column < from.shape.width) continue;
          source.column = 0;
          if (++source.row < from.shape.height) continue;
          source.row = 0;
          ++source.channel;
        }
  }
};

std::shared_ptr<const Layer> createReshape(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto& dims = std::get<std::vector<std::int64_t>>(request.fields.at("shape"));
  if (dims.size() != 3) {
    request.report("Its shape has " + counted(dims.size(), "number", "numbers"), "Give channels, height and width");
    return nullptr;
  }
  if (!checkShape(request, dims[0], dims[1], dims[2])) return nullptr;
  const Shape shape{int(dims[0]), int(dims[1]), int(dims[2])};
  if (shape.size() != input.size()) {
    request.report("Its shape " + shape.text() + " has " + counted(shape.size(), "cell", "cells") + ", its input " + input.text() +
                       " has " + std::to_string(input.size()),
                   "Give a shape with as many cells as the input");
    return nullptr;
  }
  return std::make_shared<Reshape>(input, shape);
}

}  // namespace

LayerType describeReshape() {
  LayerType type{"reshape", "Reshape", "Reads the same values, in their order, as maps of another size.", createReshape};
  FieldInfo shape{"shape", "Shape", "Channels, height and width of the result.", std::vector<std::int64_t>{1, 1, 1}, 1, 2147483647};
  shape.maximumCount = 3;
  shape.required = true;
  type.fields = {shape};
  return type;
}

}  // namespace nn
