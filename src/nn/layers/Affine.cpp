#include "nn/layers/LayerTools.h"
#include "nn/layers/WeightedSum.h"

namespace nn {

namespace {

// Each cell times a number of its own plus another: a mean picture that is taken away, a picture of weights.
class Affine : public WeightedSum {
 public:
  explicit Affine(const Shape& shape) : WeightedSum(shape, shape, Activation::None) {
    const std::vector<int> dims{shape.channels, shape.height, shape.width};
    m_blocks.push_back({"scale", dims, 0, shape.size(), 1, 1, Initial::One});
    m_blocks.push_back({"bias", dims, shape.size(), shape.size(), 1, 1, Initial::Zero});
  }
  std::string_view type() const override { return "affine"; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size(); }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    links.terms.push_back({0, cell, parameterOf(cell)});
    links.bias = parameterOf(cell) + std::ptrdiff_t(m_outputShape.size());
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachCell([&](const Cell& cell, std::size_t index) {
        const float* in = call.inputs[0].at(cell.channel, cell.row, cell.column);
        const float scale = call.parameters[index], bias = call.parameters[index + m_outputShape.size()];
        float* out = call.output.at(cell.channel, cell.row, cell.column);
        for (int l = 0; l < Lanes; ++l) out[l] = in[l] * scale + bias;
      });
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      forEachCell([&](const Cell& cell, std::size_t index) {
        const float *in = call.inputs[0].at(cell.channel, cell.row, cell.column),
                    *gradient = call.gradient.at(cell.channel, cell.row, cell.column);
        const float scale = call.parameters[index];
        float scaleSum = 0, biasSum = 0;
        for (int l = 0; l < Lanes; ++l) scaleSum += gradient[l] * in[l], biasSum += gradient[l];
        if (call.parameterGradients) {
          call.parameterGradients[index] += scaleSum;
          call.parameterGradients[index + m_outputShape.size()] += biasSum;
        }
        if (!target.wanted) return;
        float* to = target.tensor.at(cell.channel, cell.row, cell.column);
        for (int l = 0; l < Lanes; ++l) to[l] = target.accumulate ? to[l] + gradient[l] * scale : gradient[l] * scale;
      });
    });
  }

 private:
  std::ptrdiff_t parameterOf(const Cell& cell) const { return std::ptrdiff_t(flatIndex(m_outputShape, cell)); }
  template <typename Function>
  void forEachCell(Function function) const {
    std::size_t index = 0;
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(Cell{c, y, x}, index++);
  }
};

}  // namespace

LayerType describeAffine() {
  return {"affine", "Scale and shift", "Multiplies every cell by a learned number of its own and adds another.", createOfShape<Affine>};
}

}  // namespace nn
