#include <algorithm>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// The matrix product of two computed tensors, map by map: the rows of the first by the columns of the second. Attention is two of
// them around a softmax (Vaswani et al. 2017).
class MatMul : public Layer {
 public:
  MatMul(const Shape& first, const Shape& second)
      : Layer({first, second}, {std::max(first.channels, second.channels), first.height, second.width}), m_inner(first.width) {}
  std::string_view type() const override { return "matmul"; }
  Combine combineKind() const override { return Combine::Product; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size() * std::uint64_t(m_inner); }
  // First the row, then the column; the factors of a product stand at the same place of both.
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int k = 0; k < m_inner; ++k) links.terms.push_back({0, {mapOf(0, cell.channel), cell.row, k}});
    for (int k = 0; k < m_inner; ++k) links.terms.push_back({1, {mapOf(1, cell.channel), k, cell.column}});
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    double sum = 0;
    for (std::size_t k = 0; k < std::size_t(m_inner); ++k) sum += double(inputs[k]) * inputs[k + std::size_t(m_inner)];
    return {float(sum), float(sum)};
  }
  // Both factors have an equal share of a product.
  void contributions(const Cell&, const CellLinks&, std::span<const float> inputs, const Combined&, std::span<const float>,
                     std::span<float> weights) const override {
    const auto count = std::size_t(m_inner);
    for (std::size_t i = 0; i < inputs.size(); ++i) weights[i] = inputs[(i + count) % (2 * count)] / 2;
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      fillCells(call.output, 0.0f);
      forEachRow([&](int c, int y, int k) {
        const float *factor = call.inputs[0].at(mapOf(0, c), y, k), *row = call.inputs[1].at(mapOf(1, c), k, 0);
        float* out = call.output.at(c, y, 0);
        for (int x = 0; x < m_outputShape.width; ++x)
          for (int l = 0; l < Lanes; ++l) out[x * Lanes + l] += factor[l] * row[x * Lanes + l];
      });
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget &first = call.inputGradients[0], &second = call.inputGradients[1];
    for (const GradientTarget* target : {&first, &second})
      if (target->wanted && !target->accumulate) fillCells(target->tensor, 0.0f);
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      forEachRow([&](int c, int y, int k) {
        const float* gradient = call.gradient.at(c, y, 0);
        if (first.wanted) {
          const float* row = call.inputs[1].at(mapOf(1, c), k, 0);
          float* to = first.tensor.at(mapOf(0, c), y, k);
          for (int x = 0; x < m_outputShape.width; ++x)
            for (int l = 0; l < Lanes; ++l) to[l] += gradient[x * Lanes + l] * row[x * Lanes + l];
        }
        if (second.wanted) {
          const float* factor = call.inputs[0].at(mapOf(0, c), y, k);
          float* to = second.tensor.at(mapOf(1, c), k, 0);
          for (int x = 0; x < m_outputShape.width; ++x)
            for (int l = 0; l < Lanes; ++l) to[x * Lanes + l] += gradient[x * Lanes + l] * factor[l];
        }
      });
    });
  }

 private:
  // A single map of one input meets all maps of the other.
  int mapOf(int input, int channel) const { return m_inputShapes[std::size_t(input)].channels == 1 ? 0 : channel; }
  // Calls function(map, row, place in the row) for all rows of the first input.
  template <typename Function>
  void forEachRow(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int k = 0; k < m_inner; ++k) function(c, y, k);
  }

  int m_inner;  // products that are summed
};

std::shared_ptr<const Layer> createMatMul(const LayerRequest& request) {
  const Shape &first = request.inputs[0], &second = request.inputs[1];
  if (first.width != second.height) {
    request.report("Its first input has rows of " + std::to_string(first.width) + " values, its second has columns of " +
                       std::to_string(second.height),
                   "Give a first input that is as wide as the second is high");
    return nullptr;
  }
  if (first.channels != second.channels && first.channels != 1 && second.channels != 1) {
    request.report("Its inputs have " + std::to_string(first.channels) + " and " + std::to_string(second.channels) + " maps",
                   "Give as many maps to both, or one map to one of them");
    return nullptr;
  }
  if (!checkShape(request, std::max(first.channels, second.channels), first.height, second.width)) return nullptr;
  return std::make_shared<MatMul>(first, second);
}

}  // namespace

LayerType describeMatMul() {
  return {"matmul", "Matrix product", "Multiplies the rows of its first input by the columns of its second, map by map.", createMatMul, 2,
          2};
}

}  // namespace nn
