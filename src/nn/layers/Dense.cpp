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
    needs.scratchFloats = std::size_t(m_inputCount) * std::size_t(lanes) * (gradients ? 2 : 1);
    return needs;
  }
  void forward(const ForwardCall& call) const override {
    const float* in = contiguousCells(call.inputs[0], call.scratch);
    if (call.output.lanes == 1)
      forwardLanes<1>(call, in);
    else
      forwardLanes<16>(call, in);
    applyActivation(m_activation, call.output);
  }
  void backward(const BackwardCall& call) const override {
    const float* in = contiguousCells(call.inputs[0], call.scratch);
    if (call.gradient.lanes == 1)
      backwardLanes<1>(call, in);
    else
      backwardLanes<16>(call, in);
  }

 private:
  bool hasBias() const { return m_blocks.size() > 1; }

  template <int Lanes>
  void forwardLanes(const ForwardCall& call, const float* in) const {
    for (int o = 0; o < m_outputShape.channels; ++o) {
      const float* weights = call.parameters + kernelOffset(o, 0);
      float sums[Lanes];
      std::fill_n(sums, Lanes, hasBias() ? call.parameters[m_blocks[1].offset + std::size_t(o)] : 0.0f);
      for (int i = 0; i < m_inputCount; ++i)
        for (int l = 0; l < Lanes; ++l) sums[l] += weights[i] * in[std::ptrdiff_t(i) * Lanes + l];
      std::copy_n(sums, Lanes, call.output.at(o, 0, 0));
    }
  }

  template <int Lanes>
  void backwardLanes(const BackwardCall& call, const float* in) const {
    for (int o = 0; o < m_outputShape.channels; ++o) {
      const float* gradient = call.gradient.at(o, 0, 0);
      float* weightGradients = call.parameterGradients + kernelOffset(o, 0);
      for (int i = 0; i < m_inputCount; ++i) {
        float sum = 0;
        for (int l = 0; l < Lanes; ++l) sum += gradient[l] * in[std::ptrdiff_t(i) * Lanes + l];
        weightGradients[i] += sum;
      }
      if (!hasBias()) continue;
      float sum = 0;
      for (int l = 0; l < Lanes; ++l) sum += gradient[l];
      call.parameterGradients[m_blocks[1].offset + std::size_t(o)] += sum;
    }
    if (call.inputGradients[0].wanted) inputGradient<Lanes>(call);
  }

  template <int Lanes>
  void inputGradient(const BackwardCall& call) const {
    const GradientTarget& target = call.inputGradients[0];
    float* sums = call.scratch + std::ptrdiff_t(m_inputCount) * Lanes;
    std::fill_n(sums, std::ptrdiff_t(m_inputCount) * Lanes, 0.0f);
    for (int o = 0; o < m_outputShape.channels; ++o) {
      const float* gradient = call.gradient.at(o, 0, 0);
      const float* weights = call.parameters + kernelOffset(o, 0);
      for (int i = 0; i < m_inputCount; ++i)
        for (int l = 0; l < Lanes; ++l) sums[std::ptrdiff_t(i) * Lanes + l] += weights[i] * gradient[l];
    }
    const Shape& shape = m_inputShapes[0];
    const std::ptrdiff_t row = std::ptrdiff_t(shape.width) * Lanes;
    const ConstTensor source(sums, shape, Lanes, row, row * shape.height);
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
