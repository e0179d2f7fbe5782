#include "nn/Counted.h"
#include "nn/Workspace.h"
#include "nn/layers/Connections.h"
#include "nn/layers/DenseProduct.h"
#include "nn/layers/GroupedConv2d.h"
#include "nn/layers/WeightedSum.h"
#include "nn/layers/Winograd.h"

namespace nn {

namespace {

// How the sums are computed.
enum class Algorithm {
  Product,   // one window over everything, without padding: a dense layer, with the weights in the same order
  Winograd,  // blocks of samples, where Winograd.h says that it pays
  Taps,      // tap by tap, in vectors
  Loops,     // of one sample, whose vectors lie along the row, where a stride leaves gaps
};

// Slides one kernel per pair of connected maps over the input (as a correlation: the kernel is not turned).
class Conv2d : public WeightedSum {
 public:
  Conv2d(const Shape& input, const WindowPlan& plan, Connections connections, int filters, bool bias, Activation function)
      : WeightedSum(input, {filters, plan.outputHeight, plan.outputWidth}, function),
        m_plan(plan),
        m_connections(std::move(connections)),
        m_product(input, filters, bias) {
    const auto kernels = std::size_t(m_connections.kernels());
    const std::size_t weights = kernels * std::size_t(plan.cells());
    // With a table, maps differ in what they read: the mean.
    const int fanIn = int((weights + std::size_t(filters) - 1) / std::size_t(filters));
    const int fanOut = int((weights + std::size_t(input.channels) - 1) / std::size_t(input.channels));
    setBlocks({filters, input.channels, plan.window.height, plan.window.width}, weights, fanIn, fanOut, bias);
    m_ofBlock = coversInput()                                                                        ? Algorithm::Product
                : m_connections.isFull() && winogradPays(plan.window, input.channels, m_outputShape) ? Algorithm::Winograd
                                                                                                     : Algorithm::Taps;
    m_ofSample = m_ofBlock == Algorithm::Product ? Algorithm::Product : plan.window.strideX != 1 ? Algorithm::Loops : Algorithm::Taps;
  }
  std::string_view type() const override { return "conv2d"; }
  bool addsGradientsOnce() const override { return true; }
  std::optional<Window> window() const override { return m_plan.window; }
  std::uint64_t multiplyAdds() const override {
    return std::uint64_t(m_blocks[0].count) * std::uint64_t(m_outputShape.height) * std::uint64_t(m_outputShape.width);
  }
  std::ptrdiff_t kernelOffset(int output, int input) const override {
    const std::int64_t kernel = m_connections.kernelIndex(output, input);
    return kernel < 0 ? -1 : std::ptrdiff_t(kernel) * m_plan.cells();
  }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    clearLinks(cell, links);
    for (int c = 0; c < maps(); ++c) {
      const std::ptrdiff_t kernel = kernelOffset(cell.channel, c);
      if (kernel < 0) continue;
      m_plan.forEachTap(m_inputShapes[0], cell.row, cell.column, [&](int y, int x, int tap) {
        links.terms.push_back({0, {c, y, x}, kernel + tap});
      });
    }
  }

  MemoryNeeds memoryNeeds(int, bool gradients) const override;
  bool fusesInputDerivative() const override { return true; }
  bool replacesGradients() const override { return m_ofBlock == Algorithm::Product; }
  std::size_t packedCount() const override {
    if (m_ofBlock == Algorithm::Product) return 0;
    const std::size_t winograd = m_ofBlock == Algorithm::Winograd ? winogradCount() + winogradTurnedCount() : 0;
    return forwardCount() + (movesByOne() ? turnedCount() : 0) + winograd;
  }
  void pack(std::span<const float> parameters, std::span<float> packed) const override;
  void forward(const ForwardCall& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  int maps() const { return m_inputShapes[0].channels; }
  int filters() const { return m_outputShape.channels; }
  // Decided at construction: of one sample it differs from that of a block of kLanes.
  Algorithm algorithm(int lanes) const { return lanes == 1 ? m_ofSample : m_ofBlock; }
  bool coversInput() const {
    const Shape& input = m_inputShapes[0];
    return m_connections.isFull() && m_outputShape.isVector() && m_plan.window.height == input.height &&
           m_plan.window.width == input.width && m_plan.window.paddingTop == 0 && m_plan.window.paddingLeft == 0;
  }
  bool movesByOne() const { return m_plan.window.strideX == 1 && m_plan.window.strideY == 1; }
  std::size_t winogradCount() const { return winogradWeightCount(maps(), filters()); }
  std::size_t winogradTurnedCount() const { return winogradWeightCount(filters(), maps()); }
  std::size_t groups(int channels) const { return (std::size_t(channels) + kFilterGroup - 1) / kFilterGroup * kFilterGroup; }
  std::size_t forwardCount() const { return groups(filters()) * std::size_t(maps()) * std::size_t(m_plan.cells()); }
  std::size_t turnedCount() const { return groups(maps()) * std::size_t(filters()) * std::size_t(m_plan.cells()); }
  std::size_t denseGradientCount() const {
    return m_connections.isFull() ? 0 : std::size_t(filters()) * std::size_t(maps()) * std::size_t(m_plan.cells());
  }
  int inputRow(int outputRow) const { return outputRow * m_plan.window.strideY - m_plan.window.paddingTop; }
  int inputColumn(int outputColumn) const { return outputColumn * m_plan.window.strideX - m_plan.window.paddingLeft; }

  void weightGradient(const BackwardCall& call) const;
  void inputGradient(const BackwardCall& call, const GradientTarget& target) const;
  void scatterGradient(const BackwardCall& call, const GradientTarget& target) const;
  void plainForward(const ForwardCall& call) const;
  void plainWeightGradient(const BackwardCall& call) const;

  WindowPlan m_plan;
  Connections m_connections;
  DenseProduct m_product;  // for Algorithm::Product
  Algorithm m_ofBlock, m_ofSample;
};

MemoryNeeds Conv2d::memoryNeeds(int lanes, bool gradients) const {
  if (algorithm(lanes) == Algorithm::Product) return m_product.memoryNeeds(lanes, gradients);
  // The kernels skip rows outside the maps; columns they must find as zeros.
  MemoryNeeds needs;
  needs.input = {0, m_plan.halo.left, 0, m_plan.halo.right};
  const bool winograd = algorithm(lanes) == Algorithm::Winograd;
  if (winograd) needs.scratchFloats = winogradScratch(std::max(maps(), filters()));
  if (!gradients) return needs;
  const int reach = m_plan.window.width - 1;
  if (movesByOne()) needs.gradient = {0, reach - m_plan.halo.left, 0, reach - m_plan.halo.right};
  needs.scratchFloats = winograd ? std::max(needs.scratchFloats, winogradGradientScratch(maps(), filters(), m_outputShape.width))
                                 : convolutionScratch(maps(), m_plan.window.height, m_plan.window.width) + denseGradientCount();
  return needs;
}

// [filter group][map][row][column][kFilterGroup], and for the data gradient the same with the roles of maps and filters swapped
// and the kernels turned by half a turn; then both again in the form of Winograd, where blocks of samples are computed so.
void Conv2d::pack(std::span<const float> parameters, std::span<float> packed) const {
  if (m_ofBlock == Algorithm::Product) return;
  std::fill(packed.begin(), packed.end(), 0.0f);
  const int cells = m_plan.cells();
  float* turned = packed.data() + forwardCount();
  for (int f = 0; f < filters(); ++f)
    for (int c = 0; c < maps(); ++c) {
      const std::ptrdiff_t kernel = kernelOffset(f, c);
      if (kernel < 0) continue;
      const float* weights = parameters.data() + kernel;
      float* to = packed.data() + (std::ptrdiff_t(f / kFilterGroup) * maps() + c) * cells * kFilterGroup + f % kFilterGroup;
      for (int i = 0; i < cells; ++i) to[i * kFilterGroup] = weights[i];
      if (!movesByOne()) continue;
      float* back = turned + (std::ptrdiff_t(c / kFilterGroup) * filters() + f) * cells * kFilterGroup + c % kFilterGroup;
      for (int i = 0; i < cells; ++i) back[i * kFilterGroup] = weights[cells - 1 - i];
    }
  if (m_ofBlock != Algorithm::Winograd) return;
  KernelStack kernels{parameters.data(), maps(), filters(), cells, std::ptrdiff_t(maps()) * cells, false};
  packWinograd(kernels, turned + turnedCount());
  std::swap(kernels.inputs, kernels.outputs);
  std::swap(kernels.inputStride, kernels.outputStride);
  kernels.turned = true;
  packWinograd(kernels, turned + turnedCount() + winogradCount());
}

void Conv2d::forward(const ForwardCall& call) const {
  const Algorithm chosen = algorithm(call.output.lanes);
  if (chosen == Algorithm::Product) return m_product.forward(call);
  if (chosen == Algorithm::Loops) return plainForward(call);
  ConvolutionCall convolution;
  convolution.input = mapsOf(call.inputs[0]);
  convolution.output = mapsOf(call.output);
  convolution.lanes = call.output.lanes;
  convolution.window = windowSize(m_plan.window);
  convolution.weights = call.packed;
  convolution.bias = hasBias() ? call.parameters + m_blocks[1].offset : nullptr;
  convolution.finish.activation = call.activation;
  if (chosen == Algorithm::Taps) return call.kernels->convolution(convolution);
  convolution.weights += forwardCount() + turnedCount();
  convolution.scratch = call.scratch;
  call.kernels->winograd(convolution);
}

void Conv2d::backward(const BackwardCall& call) const {
  const Algorithm chosen = algorithm(call.gradient.lanes);
  if (chosen == Algorithm::Product) return m_product.backward(call);
  if (call.parameterGradients && chosen == Algorithm::Loops)
    plainWeightGradient(call);
  else if (call.parameterGradients)
    weightGradient(call);
  const GradientTarget& target = call.inputGradients[0];
  if (!target.wanted) return;
  if (movesByOne())
    inputGradient(call, target);
  else
    scatterGradient(call, target);
}

void Conv2d::weightGradient(const BackwardCall& call) const {
  ConvolutionGradientCall gradient;
  gradient.input = mapsOf(call.inputs[0]);
  gradient.gradient = mapsOf(call.gradient);
  gradient.lanes = call.gradient.lanes;
  gradient.window = windowSize(m_plan.window);
  gradient.weights = call.parameterGradients;
  gradient.bias = hasBias() ? call.parameterGradients + m_blocks[1].offset : nullptr;
  gradient.scratch = call.scratch + denseGradientCount();
  if (algorithm(gradient.lanes) == Algorithm::Winograd) return call.kernels->winogradGradient(gradient);
  if (m_connections.isFull()) return call.kernels->convolutionGradient(gradient);
  // All pairs of maps, of which only the connected ones count.
  gradient.weights = call.scratch;
  std::fill_n(call.scratch, denseGradientCount(), 0.0f);
  call.kernels->convolutionGradient(gradient);
  for (int f = 0; f < filters(); ++f)
    for (int c = 0; c < maps(); ++c) {
      const std::ptrdiff_t kernel = kernelOffset(f, c);
      const float* from = call.scratch + (std::ptrdiff_t(f) * maps() + c) * m_plan.cells();
      for (int i = 0; kernel >= 0 && i < m_plan.cells(); ++i) call.parameterGradients[kernel + i] += from[i];
    }
}

// The full correlation of the gradient with the turned kernels.
void Conv2d::inputGradient(const BackwardCall& call, const GradientTarget& target) const {
  ConvolutionCall convolution;
  convolution.input = mapsOf(call.gradient);
  convolution.output = mapsOf(target.tensor);
  convolution.lanes = call.gradient.lanes;
  const Window& window = m_plan.window;
  convolution.window = {window.height, window.width, 1, 1, window.height - 1 - window.paddingTop, window.width - 1 - window.paddingLeft};
  convolution.weights = call.packed + forwardCount();
  convolution.finish.accumulate = target.accumulate;
  convolution.finish.derivative = target.activation;
  convolution.finish.values = call.inputs[0].data;
  convolution.finish.channelStride = call.inputs[0].channelStride;
  convolution.finish.rowStride = call.inputs[0].rowStride;
  if (algorithm(convolution.lanes) != Algorithm::Winograd) return call.kernels->convolution(convolution);
  convolution.weights += turnedCount() + winogradCount();
  convolution.scratch = call.scratch;
  call.kernels->winograd(convolution);
}

void Conv2d::scatterGradient(const BackwardCall& call, const GradientTarget& target) const {
  if (!target.accumulate) fillCells(target.tensor, 0.0f);
  ScatterCall scatter = scatterCall(call.gradient, target.tensor, windowSize(m_plan.window));
  for (int c = 0; c < maps(); ++c)
    for (int f = 0; f < filters(); ++f) {
      const std::ptrdiff_t kernel = kernelOffset(f, c);
      if (kernel < 0) continue;
      scatter.gradient = call.gradient.at(f, 0, 0);
      scatter.target = target.tensor.at(c, 0, 0);
      scatter.weights = call.parameters + kernel;
      call.kernels->scatter(scatter);
    }
  if (target.activation != Activation::None)
    applyDerivative(*call.kernels, target.activation, call.inputs[0], target.tensor, target.tensor);
}

void Conv2d::plainForward(const ForwardCall& call) const {
  const int width = m_plan.window.width;
  for (int f = 0; f < filters(); ++f)
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        float sum = hasBias() ? call.parameters[m_blocks[1].offset + std::size_t(f)] : 0.0f;
        const auto [first, last] = m_plan.rowsInside(y, m_inputShapes[0].height);
        for (int c = 0; c < maps(); ++c) {
          const std::ptrdiff_t kernel = kernelOffset(f, c);
          for (int ky = first; kernel >= 0 && ky < last; ++ky) {
            const float* in = call.inputs[0].at(c, inputRow(y) + ky, inputColumn(x));
            for (int kx = 0; kx < width; ++kx) sum += call.parameters[kernel + ky * width + kx] * in[kx];
          }
        }
        *call.output.at(f, y, x) = sum;
      }
  applyActivation(*call.kernels, call.activation, call.output);
}

void Conv2d::plainWeightGradient(const BackwardCall& call) const {
  const int width = m_plan.window.width;
  for (int f = 0; f < filters(); ++f)
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const float gradient = *call.gradient.at(f, y, x);
        if (hasBias()) call.parameterGradients[m_blocks[1].offset + std::size_t(f)] += gradient;
        const auto [first, last] = m_plan.rowsInside(y, m_inputShapes[0].height);
        for (int c = 0; c < maps(); ++c) {
          const std::ptrdiff_t kernel = kernelOffset(f, c);
          for (int ky = first; kernel >= 0 && ky < last; ++ky) {
            const float* in = call.inputs[0].at(c, inputRow(y) + ky, inputColumn(x));
            for (int kx = 0; kx < width; ++kx) call.parameterGradients[kernel + ky * width + kx] += gradient * in[kx];
          }
        }
      }
}

std::shared_ptr<const Layer> createGrouped(const LayerRequest& request, const WindowPlan& plan, std::int64_t groups, std::int64_t filters) {
  const Shape& input = request.inputs[0];
  if (filters % groups != 0 || input.channels % groups != 0) {
    request.report(std::to_string(groups) + " groups divide neither or only one of " + counted(std::size_t(filters), "filter", "filters") +
                       " and " + counted(std::size_t(input.channels), "map", "maps"),
                   "Use a number of groups that divides both");
    return nullptr;
  }
  if (!textField(request.fields, "connections").empty()) {
    request.report("Its table of connections does not go with groups or dilation", "Leave one of them out");
    return nullptr;
  }
  const std::int64_t height = std::int64_t(plan.window.height - 1) * plan.window.dilationY + 1,
                     width = std::int64_t(plan.window.width - 1) * plan.window.dilationX + 1;
  const auto spread = checkedProduct({height, width});
  const auto kernels = checkedProduct({filters, input.channels / groups});
  if (!spread || !kernels || !checkedProduct({*spread, *kernels})) {
    request.report("Its kernels would cover more than 2^31 cells with their gaps", "Use less dilation or a smaller kernel");
    return nullptr;
  }
  return std::make_shared<GroupedConv2d>(input, plan, int(groups), int(filters), boolField(request.fields, "bias"),
                                         activationOf(request.fields));
}

std::shared_ptr<const Layer> createConv2d(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto filters = wholeField(request.fields, "filters");
  const auto plan = planWindow(request, input, false);
  if (!plan || !checkShape(request, filters, plan->outputHeight, plan->outputWidth)) return nullptr;
  const auto kernels = checkedProduct({filters, input.channels});
  if (!kernels || !checkedProduct({*kernels, plan->cells()}) || *kernels * plan->cells() + filters > kMaximumCount) {
    request.report("It would have more than 2^31 parameters", "Give it fewer filters or a smaller kernel");
    return nullptr;
  }
  const auto groups = wholeField(request.fields, "groups");
  if (groups > 1 || plan->window.dilationY > 1 || plan->window.dilationX > 1) return createGrouped(request, *plan, groups, filters);
  auto connections = Connections::parse(textField(request.fields, "connections"), int(filters), input.channels, request);
  if (!connections) return nullptr;
  return std::make_shared<Conv2d>(input, *plan, std::move(*connections), int(filters), boolField(request.fields, "bias"),
                                  activationOf(request.fields));
}

}  // namespace

LayerType describeConv2d() {
  LayerType type{"conv2d", "Convolution", "Slides small kernels over its input, one set per feature map.", createConv2d};
  type.fields = {
      filtersField(),
      kernelField(3, "Size of each kernel."),
      strideField({1}, "How far the kernel moves from one cell to the next."),
      paddingField(),
      activationField(),
      {"bias", "Bias", "Whether each feature map adds a trainable constant.", true},
      {"connections", "Connections", "Which input maps each filter reads, filters apart by semicolons, as \"0 1 2; 1 2 3\"; empty for all.",
       std::string()},
      {"groups", "Groups", "Filters and maps are split into so many groups that know nothing of each other.", std::int64_t(1), 1, 65536},
      sidesField("dilation", "Dilation", "How far apart the cells are that the kernel reads; 1 is side by side.", {1}),
      initializationField(),
      constantField()};
  return type;
}

}  // namespace nn
