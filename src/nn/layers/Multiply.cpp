#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The product of its inputs, cell by cell. An input that has one number for each channel multiplies whole maps by it, as the
// gates of squeeze-and-excitation do (Hu et al. 2018).
class Multiply : public Layer {
 public:
  Multiply(std::span<const Shape> inputs, const Shape& shape) : Layer({inputs.begin(), inputs.end()}, shape) {}
  std::string_view type() const override { return "multiply"; }
  Combine combineKind() const override { return Combine::Product; }
  std::optional<Window> window() const override {
    for (const Shape& shape : m_inputShapes)
      if (shape != m_outputShape) return std::nullopt;
    return Window{};
  }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int i = 0; i < int(m_inputShapes.size()); ++i) links.terms.push_back({i, isGate(i) ? Cell{cell.channel, 0, 0} : cell});
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
          float* to = isGate(own) ? target.tensor.at(c, 0, 0) : target.tensor.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) to[l] += product[l];
        });
      });
    }
  }

 private:
  bool isGate(int input) const { return m_inputShapes[std::size_t(input)] != m_outputShape; }
  const float* valuesOf(std::span<const ConstTensor> inputs, int i, int c, int y, int x) const {
    return isGate(i) ? inputs[std::size_t(i)].at(c, 0, 0) : inputs[std::size_t(i)].at(c, y, x);
  }

  template <typename Function>
  void forEachCell(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x);
  }
};

std::shared_ptr<const Layer> createMultiply(const LayerRequest& request) {
  Shape shape = request.inputs[0];
  for (const Shape& input : request.inputs)
    if (!input.isVector()) shape = input;
  for (const Shape& input : request.inputs) {
    if (input == shape || (input.isVector() && input.channels == shape.channels)) continue;
    request.report("It multiplies inputs of different shapes: " + shape.text() + " and " + input.text(),
                   "Give all inputs the same shape, or one number for each channel");
    return nullptr;
  }
  return std::make_shared<Multiply>(request.inputs, shape);
}

}  // namespace

LayerType describeMultiply() {
  return {"multiply", "Multiply", "Multiplies its inputs cell by cell, or whole maps by one number each.", createMultiply, 2, -1};
}

}  // namespace nn
