#include "nn/layers/DenseProduct.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

class Dense : public Layer {
 public:
  Dense(const Shape& input, int units, bool bias, Activation activation)
      : m_activation(activation), m_inputCount(int(input.size())), m_product(input, units, bias) {
    m_inputShapes = {input};
    m_outputShape = {units, 1, 1};
    const auto weights = std::size_t(units) * input.size();
    m_blocks.push_back({"kernel", {units, m_inputCount}, 0, weights, m_inputCount, units});
    if (bias) m_blocks.push_back({"bias", {units}, weights, std::size_t(units), m_inputCount, units, Initial::Zero});
  }
  std::string_view type() const override { return "dense"; }
  std::span<const ParameterBlock> parameterBlocks() const override { return m_blocks; }
  bool addsGradientsOnce() const override { return true; }
  Activation activation() const override { return m_activation; }
  Combine combineKind() const override { return Combine::WeightedSum; }
  std::uint64_t multiplyAdds() const override { return std::uint64_t(m_blocks[0].count); }
  std::ptrdiff_t kernelOffset(int output, int input) const override { return std::ptrdiff_t(output) * m_inputCount + input; }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.clear();
    for (int i = 0; i < m_inputCount; ++i)
      links.terms.push_back({0, cellAt(m_inputShapes[0], std::size_t(i)), kernelOffset(cell.channel, i)});
    links.bias = hasBias() ? std::ptrdiff_t(m_blocks[1].offset) + cell.channel : -1;
    links.scale = -1;
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float> parameters) const override {
    double sum = links.bias < 0 ? 0 : parameters[std::size_t(links.bias)];
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += double(inputs[i]) * parameters[std::size_t(links.terms[i].parameter)];
    return {float(sum), activate(m_activation, float(sum))};
  }

  MemoryNeeds memoryNeeds(int lanes, bool gradients) const override { return m_product.memoryNeeds(lanes, gradients); }
  bool fusesInputDerivative() const override { return true; }
  bool replacesGradients() const override { return true; }

  void forward(const ForwardCall& call) const override { m_product.forward(call); }
  void backward(const BackwardCall& call) const override { m_product.backward(call); }

 private:
  bool hasBias() const { return m_blocks.size() > 1; }

  std::vector<ParameterBlock> m_blocks;
  Activation m_activation;
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
  LayerType type{"dense", "Dense", "Every unit reads every value of its input.", 1, 1, {}, createDense};
  type.fields = {{"units", "Units", "How many units the layer has.", std::int64_t(10), 1, 1 << 24},
                 activationField(),
                 {"bias", "Bias", "Whether each unit adds a trainable constant.", true},
                 initializationField(),
                 constantField()};
  type.fields[0].required = true;
  return type;
}

}  // namespace nn
