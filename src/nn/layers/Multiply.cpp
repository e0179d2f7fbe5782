#include <algorithm>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The product of its inputs, cell by cell. An input that has one number for each channel multiplies whole maps by it, as the
// gates of squeeze-and-excitation do (Hu et al. 2018); one that has a single map multiplies all maps by it, as spatial attention
// does (Woo et al. 2018).
class Multiply : public Layer {
 public:
  Multiply(std::span<const Shape> inputs, const Shape& shape) : Layer({inputs.begin(), inputs.end()}, shape) {}
  std::string_view type() const override { return "multiply"; }
  Combine combineKind() const override { return Combine::Product; }
  std::optional<Window> window() const override {
    for (const Shape& shape : m_inputShapes)
      if (shape.height != m_outputShape.height || shape.width != m_outputShape.width) return std::nullopt;
    return Window{};
  }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int i = 0; i < int(m_inputShapes.size()); ++i) links.terms.push_back({i, cellOf(i, cell)});
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    float product = 1;
    for (const float value : inputs) product *= value;
    return {product, product};
  }
  // Each factor has an equal share of the product.
  void contributions(const Cell&, const CellLinks&, std::span<const float> inputs, const Combined&, std::span<const float>,
                     std::span<float> weights) const override {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      double others = 1;
      for (std::size_t j = 0; j < inputs.size(); ++j)
        if (j != i) others *= inputs[j];
      weights[i] = float(others / double(inputs.size()));
    }
  }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size() * (m_inputShapes.size() - 1); }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x) {
        float product[Lanes];
        std::copy_n(valuesOf(call.inputs, 0, c, y, x), Lanes, product);
        for (int i = 1; i < int(m_inputShapes.size()); ++i) {
          const float* factor = valuesOf(call.inputs, i, c, y, x);
          for (int l = 0; l < Lanes; ++l) product[l] *= factor[l];
        }
        std::copy_n(product, Lanes, call.output.at(c, y, x));
      });
    });
  }
  // The gradient times all other inputs: no division, which a zero would spoil.
  void backward(const BackwardCall& call) const override {
    for (int own = 0; own < int(m_inputShapes.size()); ++own) {
      const GradientTarget& target = call.inputGradients[std::size_t(own)];
      if (!target.wanted) continue;
      if (!target.accumulate) fillCells(target.tensor, 0.0f);
      withLanes(call.gradient.lanes, [&]<int Lanes>() {
        forEachCell([&](int c, int y, int x) {
          float product[Lanes];
          std::copy_n(call.gradient.at(c, y, x), Lanes, product);
          for (int i = 0; i < int(m_inputShapes.size()); ++i) {
            if (i == own) continue;
            const float* factor = valuesOf(call.inputs, i, c, y, x);
            for (int l = 0; l < Lanes; ++l) product[l] *= factor[l];
          }
          const Cell cell = cellOf(own, {c, y, x});
          float* to = target.tensor.at(cell.channel, cell.row, cell.column);
          for (int l = 0; l < Lanes; ++l) to[l] += product[l];
        });
      });
    }
  }

 private:
  // The cell of an input that is a factor of the output's cell: what is one wide, high or deep counts for all.
  Cell cellOf(int input, const Cell& cell) const {
    const Shape& shape = m_inputShapes[std::size_t(input)];
    return {shape.channels == 1 ? 0 : cell.channel, shape.height == 1 ? 0 : cell.row, shape.width == 1 ? 0 : cell.column};
  }
  const float* valuesOf(std::span<const ConstTensor> inputs, int i, int c, int y, int x) const {
    const Cell cell = cellOf(i, {c, y, x});
    return inputs[std::size_t(i)].at(cell.channel, cell.row, cell.column);
  }

  template <typename Function>
  void forEachCell(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x);
  }
};

std::shared_ptr<const Layer> createMultiply(const LayerRequest& request) {
  Shape shape{1, 1, 1};
  for (const Shape& input : request.inputs)
    shape = {std::max(shape.channels, input.channels), std::max(shape.height, input.height), std::max(shape.width, input.width)};
  const auto fits = [](int size, int all) { return size == all || size == 1; };
  for (const Shape& input : request.inputs) {
    if (fits(input.channels, shape.channels) && fits(input.height, shape.height) && fits(input.width, shape.width)) continue;
    const Shape& other = *std::find_if(request.inputs.begin(), request.inputs.end(), [&](const Shape& each) { return each != input; });
    request.report("It multiplies inputs of different shapes: " + request.inputs[0].text() + " and " +
                       (input == request.inputs[0] ? other : input).text(),
                   "Give all inputs the same shape, or one number for each channel, or one map for all of them");
    return nullptr;
  }
  return std::make_shared<Multiply>(request.inputs, shape);
}

}  // namespace

LayerType describeMultiply() {
  return {"multiply",     "Multiply", "Multiplies its inputs cell by cell, whole maps by one number each, or all maps by one.",
          createMultiply, 2,          -1};
}

}  // namespace nn
