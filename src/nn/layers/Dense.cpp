#include "nn/layers/DenseProduct.h"
#include "nn/layers/WeightedSum.h"

namespace nn {

namespace {

class Dense : public WeightedSum {
 public:
  Dense(const Shape& input, int units, bool bias, Activation function)
      : WeightedSum(input, {units, 1, 1}, function), m_inputCount(int(input.size())), m_product(input, units, bias) {
    setBlocks({units, m_inputCount}, std::size_t(units) * input.size(), m_inputCount, units, bias);
  }
  std::string_view type() const override { return "dense"; }
  bool addsGradientsOnce() const override { return true; }
  std::uint64_t multiplyAdds() const override { return std::uint64_t(m_blocks[0].count); }
  std::ptrdiff_t kernelOffset(int output, int input) const override { return std::ptrdiff_t(output) * m_inputCount + input; }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    clearLinks(cell, links);
    for (int i = 0; i < m_inputCount; ++i)
      links.terms.push_back({0, cellAt(m_inputShapes[0], std::size_t(i)), kernelOffset(cell.channel, i)});
  }

  MemoryNeeds memoryNeeds(int lanes, bool gradients) const override { return m_product.memoryNeeds(lanes, gradients); }
  bool fusesInputDerivative() const override { return true; }
  bool replacesGradients() const override { return true; }

  void forward(const ForwardCall& call) const override { m_product.forward(call); }
  void backward(const BackwardCall& call) const override { m_product.backward(call); }

 private:
  int m_inputCount;
  DenseProduct m_product;
};

std::shared_ptr<const Layer> createDense(const LayerRequest& request) {
  const auto units = wholeField(request.fields, "units");
  if (!checkedProduct({std::int64_t(request.inputs[0].size()) + 1, units})) {
    request.report("It would have more than 2^31 parameters", "Give it fewer units or a smaller input");
    return nullptr;
  }
  return std::make_shared<Dense>(request.inputs[0], int(units), boolField(request.fields, "bias"), activationOf(request.fields));
}

}  // namespace

LayerType describeDense() {
  LayerType type{"dense", "Dense", "Every unit reads every value of its input.", createDense};
  type.fields = {{"units", "Units", "How many units the layer has.", std::int64_t(10), 1, 1 << 24},
                 activationField(),
                 {"bias", "Bias", "Whether each unit adds a trainable constant.", true},
                 initializationField(),
                 constantField()};
  type.fields[0].required = true;
  return type;
}

}  // namespace nn
