#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

class Dense : public Layer {
 public:
  Dense(const Shape& input, int units, bool bias, Activation activation) : m_activation(activation), m_inputCount(int(input.size())) {
    m_inputShapes = {input};
    m_outputShape = {units, 1, 1};
    const auto weights = std::size_t(units) * input.size();
    m_blocks.push_back({"kernel", {units, m_inputCount}, 0, weights, m_inputCount, units});
    if (bias) m_blocks.push_back({"bias", {units}, weights, std::size_t(units), m_inputCount, units, Initial::Zero});
  }
  std::string_view type() const override { return "dense"; }
  std::span<const ParameterBlock> parameterBlocks() const override { return m_blocks; }
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

  MemoryNeeds memoryNeeds(int lanes, bool gradients) const override {
    MemoryNeeds needs;
    needs.contiguousInput = true;
    needs.scratchFloats = cells(lanes) + (gradients ? cells(lanes) + denseScratch(m_inputCount, lanes) : 0);
    return needs;
  }
  bool fusesInputDerivative() const override { return true; }

  void forward(const ForwardCall& call) const override {
    DenseCall dense;
    dense.input = contiguousCells(call.inputs[0], call.scratch);
    dense.output = call.output.data;
    dense.weights = call.parameters;
    dense.bias = hasBias() ? call.parameters + m_blocks[1].offset : nullptr;
    dense.inputs = m_inputCount;
    dense.units = m_outputShape.channels;
    dense.lanes = call.output.lanes;
    dense.finish.activation = m_activation;
    call.kernels->dense(dense);
  }

  void backward(const BackwardCall& call) const override {
    const int lanes = call.gradient.lanes;
    DenseGradientCall dense;
    dense.input = contiguousCells(call.inputs[0], call.scratch);
    dense.gradient = call.gradient.data;
    dense.weights = call.parameters;
    dense.weightGradients = call.parameterGradients;
    dense.biasGradients = hasBias() ? call.parameterGradients + m_blocks[1].offset : nullptr;
    dense.scratch = call.scratch + 2 * cells(lanes);
    dense.inputs = m_inputCount;
    dense.units = m_outputShape.channels;
    dense.lanes = lanes;
    call.kernels->denseWeightGradient(dense);
    if (call.inputGradients[0].wanted) inputGradient(call, dense);
  }

 private:
  bool hasBias() const { return m_blocks.size() > 1; }
  std::size_t cells(int lanes) const { return std::size_t(m_inputCount) * std::size_t(lanes); }

  void inputGradient(const BackwardCall& call, DenseGradientCall& dense) const {
    const GradientTarget& target = call.inputGradients[0];
    dense.finish.derivative = target.activation;
    dense.finish.values = dense.input;
    if (target.tensor.isContiguous()) {
      dense.inputGradient = target.tensor.data;
      dense.finish.accumulate = target.accumulate;
      call.kernels->denseInputGradient(dense);
      return;
    }
    dense.inputGradient = call.scratch + cells(dense.lanes);
    call.kernels->denseInputGradient(dense);
    const Shape& shape = m_inputShapes[0];
    const std::ptrdiff_t row = std::ptrdiff_t(shape.width) * dense.lanes;
    const ConstTensor source(dense.inputGradient, shape, dense.lanes, row, row * shape.height);
    if (target.accumulate)
      addCells(source, target.tensor);
    else
      copyCells(source, target.tensor);
  }

  std::vector<ParameterBlock> m_blocks;
  Activation m_activation;
  int m_inputCount;
};

std::shared_ptr<const Layer> create(const LayerRequest& request) {
  const auto units = wholeField(request.fields, "units");
  if (!checkedProduct({std::int64_t(request.inputs[0].size()) + 1, units})) {
    request.report("It would have more than 2^31 parameters", "Give it fewer units or a smaller input");
    return nullptr;
  }
  return std::make_shared<Dense>(request.inputs[0], int(units), boolField(request.fields, "bias"), activationOf(request.fields));
}

}  // namespace

LayerType describeDense() {
  LayerType type{"dense", "Dense", "Every unit reads every value of its input.", 1, 1, {}, create};
  type.fields = {{"units", "Units", "How many units the layer has.", std::int64_t(10), 1, 1 << 24},
                 activationField(),
                 {"bias", "Bias", "Whether each unit adds a trainable constant.", true}};
  type.fields[0].required = true;
  return type;
}

}  // namespace nn
