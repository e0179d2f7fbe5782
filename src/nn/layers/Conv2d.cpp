#include "nn/layers/Connections.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Slides one kernel per pair of connected maps over the input (as a correlation: the kernel is not turned).
class Conv2d : public Layer {
 public:
  Conv2d(const Shape& input, const WindowPlan& plan, Connections connections, int filters, bool bias, Activation activation)
      : m_plan(plan), m_connections(std::move(connections)), m_activation(activation) {
    m_inputShapes = {input};
    m_outputShape = {filters, plan.outputHeight, plan.outputWidth};
    const auto kernels = std::size_t(m_connections.kernels());
    const std::size_t weights = kernels * std::size_t(plan.cells());
    // With a table, maps differ in what they read: the mean.
    const int fanIn = int((weights + std::size_t(filters) - 1) / std::size_t(filters));
    const int fanOut = int((weights + std::size_t(input.channels) - 1) / std::size_t(input.channels));
    m_blocks.push_back({"kernel", {filters, input.channels, plan.window.height, plan.window.width}, 0, weights, fanIn, fanOut});
    if (bias) m_blocks.push_back({"bias", {filters}, weights, std::size_t(filters), fanIn, fanOut, Initial::Zero});
  }
  std::string_view type() const override { return "conv2d"; }
  std::span<const ParameterBlock> parameterBlocks() const override { return m_blocks; }
  Activation activation() const override { return m_activation; }
  Combine combineKind() const override { return Combine::WeightedSum; }
  std::optional<Window> window() const override { return m_plan.window; }
  std::uint64_t multiplyAdds() const override {
    return std::uint64_t(m_blocks[0].count) * std::uint64_t(m_outputShape.height) * std::uint64_t(m_outputShape.width);
  }
  std::ptrdiff_t kernelOffset(int output, int input) const override {
    const std::int64_t kernel = m_connections.kernelIndex(output, input);
    return kernel < 0 ? -1 : std::ptrdiff_t(kernel) * m_plan.cells();
  }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.clear();
    links.bias = hasBias() ? std::ptrdiff_t(m_blocks[1].offset) + cell.channel : -1;
    links.scale = -1;
    const Window& window = m_plan.window;
    const auto [firstY, lastY] = m_plan.rowsInside(cell.row, m_inputShapes[0].height);
    const auto [firstX, lastX] = m_plan.columnsInside(cell.column, m_inputShapes[0].width);
    const int top = cell.row * window.strideY - window.paddingTop, left = cell.column * window.strideX - window.paddingLeft;
    for (int c = 0; c < m_inputShapes[0].channels; ++c) {
      const std::ptrdiff_t kernel = kernelOffset(cell.channel, c);
      if (kernel < 0) continue;
      for (int ky = firstY; ky < lastY; ++ky)
        for (int kx = firstX; kx < lastX; ++kx) links.terms.push_back({0, {c, top + ky, left + kx}, kernel + ky * window.width + kx});
    }
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float> parameters) const override {
    double sum = links.bias < 0 ? 0 : parameters[std::size_t(links.bias)];
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += double(inputs[i]) * parameters[std::size_t(links.terms[i].parameter)];
    return {float(sum), activate(m_activation, float(sum))};
  }

  MemoryNeeds memoryNeeds(int, bool) const override {
    MemoryNeeds needs;
    needs.input = m_plan.halo;
    return needs;
  }
  void forward(const ForwardCall& call) const override {
    if (call.output.lanes == 1)
      forwardLanes<1>(call);
    else
      forwardLanes<16>(call);
    applyActivation(m_activation, call.output);
  }
  void backward(const BackwardCall& call) const override {
    if (call.gradient.lanes == 1)
      backwardLanes<1>(call);
    else
      backwardLanes<16>(call);
  }

 private:
  bool hasBias() const { return m_blocks.size() > 1; }
  int inputRow(int outputRow) const { return outputRow * m_plan.window.strideY - m_plan.window.paddingTop; }
  int inputColumn(int outputColumn) const { return outputColumn * m_plan.window.strideX - m_plan.window.paddingLeft; }

  template <int Lanes>
  void forwardLanes(const ForwardCall& call) const {
    for (int o = 0; o < m_outputShape.channels; ++o)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) {
          float sums[Lanes];
          std::fill_n(sums, Lanes, hasBias() ? call.parameters[m_blocks[1].offset + std::size_t(o)] : 0.0f);
          for (int c = 0; c < m_inputShapes[0].channels; ++c) addWindow<Lanes>(call, o, c, y, x, sums);
          std::copy_n(sums, Lanes, call.output.at(o, y, x));
        }
  }

  template <int Lanes>
  void addWindow(const ForwardCall& call, int o, int c, int y, int x, float* sums) const {
    const std::ptrdiff_t kernel = kernelOffset(o, c);
    if (kernel < 0) return;
    const float* weights = call.parameters + kernel;
    for (int ky = 0; ky < m_plan.window.height; ++ky) {
      const float* in = call.inputs[0].at(c, inputRow(y) + ky, inputColumn(x));
      for (int kx = 0; kx < m_plan.window.width; ++kx, ++weights)
        for (int l = 0; l < Lanes; ++l) sums[l] += *weights * in[kx * Lanes + l];
    }
  }

  template <int Lanes>
  void backwardLanes(const BackwardCall& call) const {
    const GradientTarget& target = call.inputGradients[0];
    if (target.wanted && !target.accumulate) fillCells(target.tensor, 0.0f);
    for (int o = 0; o < m_outputShape.channels; ++o) {
      if (hasBias()) call.parameterGradients[m_blocks[1].offset + std::size_t(o)] += sumOfMap(call.gradient, o);
      for (int c = 0; c < m_inputShapes[0].channels; ++c) {
        const std::ptrdiff_t kernel = kernelOffset(o, c);
        if (kernel < 0) continue;
        weightGradient<Lanes>(call, o, c, call.parameterGradients + kernel);
        if (target.wanted) inputGradient<Lanes>(call, o, c, call.parameters + kernel);
      }
    }
  }

  float sumOfMap(const ConstTensor& tensor, int channel) const {
    double sum = 0;
    for (int y = 0; y < tensor.shape.height; ++y) {
      const float* row = tensor.at(channel, y, 0);
      for (std::size_t i = 0; i < tensor.rowFloats(); ++i) sum += row[i];
    }
    return float(sum);
  }

  template <int Lanes>
  void weightGradient(const BackwardCall& call, int o, int c, float* gradients) const {
    for (int ky = 0; ky < m_plan.window.height; ++ky)
      for (int kx = 0; kx < m_plan.window.width; ++kx) {
        float sums[Lanes] = {};
        for (int y = 0; y < m_outputShape.height; ++y)
          for (int x = 0; x < m_outputShape.width; ++x) {
            const float* gradient = call.gradient.at(o, y, x);
            const float* in = call.inputs[0].at(c, inputRow(y) + ky, inputColumn(x) + kx);
            for (int l = 0; l < Lanes; ++l) sums[l] += gradient[l] * in[l];
          }
        float sum = 0;
        for (int l = 0; l < Lanes; ++l) sum += sums[l];
        gradients[ky * m_plan.window.width + kx] += sum;
      }
  }

  template <int Lanes>
  void inputGradient(const BackwardCall& call, int o, int c, const float* weights) const {
    const Shape& input = m_inputShapes[0];
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const float* gradient = call.gradient.at(o, y, x);
        const auto [firstY, lastY] = m_plan.rowsInside(y, input.height);
        const auto [firstX, lastX] = m_plan.columnsInside(x, input.width);
        for (int ky = firstY; ky < lastY; ++ky)
          for (int kx = firstX; kx < lastX; ++kx) {
            float* to = call.inputGradients[0].tensor.at(c, inputRow(y) + ky, inputColumn(x) + kx);
            const float weight = weights[ky * m_plan.window.width + kx];
            for (int l = 0; l < Lanes; ++l) to[l] += weight * gradient[l];
          }
      }
  }

  WindowPlan m_plan;
  Connections m_connections;
  Activation m_activation;
  std::vector<ParameterBlock> m_blocks;
};

std::shared_ptr<const Layer> create(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto filters = wholeField(request.fields, "filters");
  const auto plan = planWindow(request, input, false);
  if (!plan || !checkShape(request, filters, plan->outputHeight, plan->outputWidth)) return nullptr;
  const auto kernels = checkedProduct({filters, input.channels});
  if (!kernels || !checkedProduct({*kernels, plan->cells()}) || *kernels * plan->cells() + filters > kMaximumCount) {
    request.report("It would have more than 2^31 parameters", "Give it fewer filters or a smaller kernel");
    return nullptr;
  }
  auto connections = Connections::parse(textField(request.fields, "connections"), int(filters), input.channels, request);
  if (!connections) return nullptr;
  return std::make_shared<Conv2d>(input, *plan, std::move(*connections), int(filters), boolField(request.fields, "bias"),
                                  activationOf(request.fields));
}

}  // namespace

LayerType describeConv2d() {
  LayerType type{"conv2d", "Convolution", "Slides small kernels over its input, one set per feature map.", 1, 1, {}, create};
  FieldInfo filters{"filters", "Filters", "How many feature maps the layer makes.", std::int64_t(8), 1, 65536};
  filters.required = true;
  FieldInfo connections{"connections", "Connections",
                        "Which input maps each filter reads, filters apart by semicolons, as \"0 1 2; 1 2 3\"; empty for all.",
                        std::string()};
  type.fields = {filters,
                 kernelField(3, "Size of each kernel."),
                 strideField({1}, "How far the kernel moves from one cell to the next."),
                 paddingField(),
                 activationField(),
                 {"bias", "Bias", "Whether each feature map adds a trainable constant.", true},
                 connections};
  return type;
}

}  // namespace nn
