#include "nn/layers/WeightedSum.h"

namespace nn {

namespace {

struct TransposedPlan {
  Window window;  // of the convolution that this one turns round
  int height = 0, width = 0;
};

// The data gradient of a convolution as a layer: every cell of the input stamps the kernel, weighted by its value, on the output,
// and the stamps add up (Zeiler et al. 2010; "deconvolution"). Weights as [input map][output map][row][column].
class TransposedConv2d : public WeightedSum {
 public:
  TransposedConv2d(const Shape& input, const TransposedPlan& plan, int filters, bool bias, Activation function)
      : WeightedSum(input, {filters, plan.height, plan.width}, function), m_window(plan.window) {
    const std::size_t weights = std::size_t(filters) * std::size_t(input.channels) * std::size_t(cells());
    // As many weights as meet in one output cell, on average.
    const int fanIn = std::max(1, input.channels * cells() / (m_window.strideY * m_window.strideX)), fanOut = filters * cells();
    setBlocks({input.channels, filters, m_window.height, m_window.width}, weights, fanIn, fanOut, bias);
  }
  std::string_view type() const override { return "transposed-conv2d"; }
  std::optional<Window> window() const override {
    Window window = m_window;
    window.transposed = true;
    window.shrinkY = m_window.strideY, window.shrinkX = m_window.strideX;
    window.strideY = window.strideX = 1;
    return window;
  }
  std::uint64_t multiplyAdds() const override {
    return std::uint64_t(m_blocks[0].count) * std::uint64_t(m_inputShapes[0].height) * std::uint64_t(m_inputShapes[0].width);
  }
  std::ptrdiff_t kernelOffset(int output, int input) const override { return (std::ptrdiff_t(input) * filters() + output) * cells(); }

  void linksInto(const Cell& cell, CellLinks& links) const override;

  MemoryNeeds memoryNeeds(int lanes, bool gradients) const override;
  std::size_t packedCount() const override {
    return (std::size_t(maps()) + kFilterGroup - 1) / kFilterGroup * kFilterGroup * std::size_t(filters()) * std::size_t(cells());
  }
  void pack(std::span<const float> parameters, std::span<float> packed) const override;
  void forward(const ForwardCall& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  int maps() const { return m_inputShapes[0].channels; }
  int filters() const { return m_outputShape.channels; }
  int cells() const { return m_window.height * m_window.width; }
  // With one lane the kernels' vectors lie along the row, where a stride leaves gaps.
  bool needsPlainLoops(int lanes) const { return lanes == 1 && m_window.strideX != 1; }

  void biasGradient(const BackwardCall& call) const;
  void kernelGradient(const BackwardCall& call) const;
  void inputGradient(const BackwardCall& call, const GradientTarget& target) const;
  void plainBackward(const BackwardCall& call) const;
  // Calls function(weight index, output map, row, column) for each place that a cell of the input is stamped on.
  template <typename Function>
  void forEachStamp(int map, int row, int column, Function function) const;

  Window m_window;
};

void TransposedConv2d::linksInto(const Cell& cell, CellLinks& links) const {
  clearLinks(cell, links);
  const Shape& from = m_inputShapes[0];
  for (int c = 0; c < from.channels; ++c)
    for (int ky = 0; ky < m_window.height; ++ky)
      for (int kx = 0; kx < m_window.width; ++kx) {
        const int y = cell.row + m_window.paddingTop - ky, x = cell.column + m_window.paddingLeft - kx;
        if (y < 0 || x < 0 || y % m_window.strideY != 0 || x % m_window.strideX != 0) continue;
        const int row = y / m_window.strideY, column = x / m_window.strideX;
        if (row >= from.height || column >= from.width) continue;
        links.terms.push_back({0, {c, row, column}, kernelOffset(cell.channel, c) + ky * m_window.width + kx});
      }
}

MemoryNeeds TransposedConv2d::memoryNeeds(int, bool gradients) const {
  MemoryNeeds needs;
  if (!gradients) return needs;
  // Going back, the gradient is what a convolution reads: columns outside it must be zeros.
  const int reach = (m_inputShapes[0].width - 1) * m_window.strideX + m_window.width - m_window.paddingLeft;
  needs.gradient = {0, m_window.paddingLeft, 0, std::max(0, reach - m_outputShape.width)};
  needs.scratchFloats = convolutionScratch(filters(), m_window.height, m_window.width);
  return needs;
}

void TransposedConv2d::pack(std::span<const float> parameters, std::span<float> packed) const {
  std::fill(packed.begin(), packed.end(), 0.0f);
  for (int c = 0; c < maps(); ++c)
    for (int f = 0; f < filters(); ++f) {
      const float* weights = parameters.data() + kernelOffset(f, c);
      float* to = packed.data() + (std::ptrdiff_t(c / kFilterGroup) * filters() + f) * cells() * kFilterGroup + c % kFilterGroup;
      for (int i = 0; i < cells(); ++i) to[i * kFilterGroup] = weights[i];
    }
}

void TransposedConv2d::forward(const ForwardCall& call) const {
  ScatterCall scatter = scatterCall(call.inputs[0], call.output, windowSize(m_window));
  for (int f = 0; f < filters(); ++f) {
    const float bias = hasBias() ? call.parameters[m_blocks[1].offset + std::size_t(f)] : 0.0f;
    for (int y = 0; y < m_outputShape.height; ++y) std::fill_n(call.output.at(f, y, 0), call.output.rowFloats(), bias);
    for (int c = 0; c < maps(); ++c) {
      scatter.gradient = call.inputs[0].at(c, 0, 0);
      scatter.target = call.output.at(f, 0, 0);
      scatter.weights = call.parameters + kernelOffset(f, c);
      call.kernels->scatter(scatter);
    }
  }
  applyActivation(*call.kernels, call.activation, call.output);
}

void TransposedConv2d::backward(const BackwardCall& call) const {
  if (hasBias() && call.parameterGradients) biasGradient(call);
  if (needsPlainLoops(call.gradient.lanes)) return plainBackward(call);
  if (call.parameterGradients) kernelGradient(call);
  if (call.inputGradients[0].wanted) inputGradient(call, call.inputGradients[0]);
}

void TransposedConv2d::biasGradient(const BackwardCall& call) const {
  for (int f = 0; f < filters(); ++f) {
    float sums[16] = {};
    for (int y = 0; y < m_outputShape.height; ++y) {
      const float* gradient = call.gradient.at(f, y, 0);
      for (std::size_t i = 0; i < call.gradient.rowFloats(); ++i) sums[i % 16] += gradient[i];
    }
    float all = 0;
    for (const float sum : sums) all += sum;
    call.parameterGradients[m_blocks[1].offset + std::size_t(f)] += all;
  }
}

// That of the convolution from the output to the input, with the roles of values and gradients swapped.
void TransposedConv2d::kernelGradient(const BackwardCall& call) const {
  ConvolutionGradientCall gradient;
  gradient.input = mapsOf(call.gradient);
  gradient.gradient = mapsOf(call.inputs[0]);
  gradient.lanes = call.gradient.lanes;
  gradient.window = windowSize(m_window);
  gradient.weights = call.parameterGradients;
  gradient.scratch = call.scratch;
  call.kernels->convolutionGradient(gradient);
}

void TransposedConv2d::inputGradient(const BackwardCall& call, const GradientTarget& target) const {
  ConvolutionCall convolution;
  convolution.input = mapsOf(call.gradient);
  convolution.output = mapsOf(target.tensor);
  convolution.lanes = call.gradient.lanes;
  convolution.window = windowSize(m_window);
  convolution.weights = call.packed;
  convolution.finish.accumulate = target.accumulate;
  call.kernels->convolution(convolution);
}

template <typename Function>
void TransposedConv2d::forEachStamp(int map, int row, int column, Function function) const {
  const int top = row * m_window.strideY - m_window.paddingTop, left = column * m_window.strideX - m_window.paddingLeft;
  for (int f = 0; f < filters(); ++f)
    for (int ky = std::max(0, -top); ky < std::min(m_window.height, m_outputShape.height - top); ++ky)
      for (int kx = std::max(0, -left); kx < std::min(m_window.width, m_outputShape.width - left); ++kx)
        function(kernelOffset(f, map) + ky * m_window.width + kx, f, top + ky, left + kx);
}

void TransposedConv2d::plainBackward(const BackwardCall& call) const {
  const GradientTarget& target = call.inputGradients[0];
  for (int c = 0; c < maps(); ++c)
    for (int y = 0; y < m_inputShapes[0].height; ++y)
      for (int x = 0; x < m_inputShapes[0].width; ++x) {
        const float value = *call.inputs[0].at(c, y, x);
        float sum = 0;
        forEachStamp(c, y, x, [&](std::ptrdiff_t weight, int f, int row, int column) {
          const float gradient = *call.gradient.at(f, row, column);
          if (call.parameterGradients) call.parameterGradients[weight] += value * gradient;
          sum += call.parameters[weight] * gradient;
        });
        if (!target.wanted) continue;
        float& cell = *target.tensor.at(c, y, x);
        cell = target.accumulate ? cell + sum : sum;
      }
}

// Returns false after reporting what does not fit.
bool planSide(const LayerRequest& request, int size, int kernel, int stride, int padding, int extra, int& output) {
  if (extra >= stride) {
    request.report("An output padding of " + std::to_string(extra) + " is not smaller than the stride of " + std::to_string(stride),
                   "Use an output padding below the stride");
    return false;
  }
  if (padding >= kernel) {
    request.report("A padding of " + std::to_string(padding) + " is not smaller than the kernel of " + std::to_string(kernel),
                   "Use a padding below the kernel's size");
    return false;
  }
  const std::int64_t cells = std::int64_t(size - 1) * stride - 2 * std::int64_t(padding) + kernel + extra;
  if (cells < 1 || cells > kMaximumCount / 2) {
    request.report("Its output would have " + std::to_string(cells) + " rows or columns", "Use less padding or a smaller stride");
    return false;
  }
  output = int(cells);
  return true;
}

std::shared_ptr<const Layer> createTransposedConv2d(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto filters = wholeField(request.fields, "filters");
  const auto [kernelY, kernelX] = pairField(request.fields, "kernel", {1, 1});
  const auto [strideY, strideX] = pairField(request.fields, "stride", {1, 1});
  const auto [paddingY, paddingX] = pairField(request.fields, "padding", {0, 0});
  const auto [extraY, extraX] = pairField(request.fields, "output-padding", {0, 0});
  TransposedPlan plan{{kernelY, kernelX, strideY, strideX, paddingY, paddingX}};
  if (!planSide(request, input.height, kernelY, strideY, paddingY, extraY, plan.height) ||
      !planSide(request, input.width, kernelX, strideX, paddingX, extraX, plan.width) ||
      !checkShape(request, filters, plan.height, plan.width))
    return nullptr;
  const auto kernels = checkedProduct({filters, input.channels});
  if (!kernels || !checkedProduct({*kernels, kernelY * kernelX}) || *kernels * kernelY * kernelX + filters > kMaximumCount) {
    request.report("It would have more than 2^31 parameters", "Give it fewer filters or a smaller kernel");
    return nullptr;
  }
  return std::make_shared<TransposedConv2d>(input, plan, int(filters), boolField(request.fields, "bias"), activationOf(request.fields));
}

}  // namespace

LayerType describeTransposedConv2d() {
  LayerType type{"transposed-conv2d", "Transposed convolution",
                 "Stamps small kernels on a larger map, each weighted by one cell of its input.", createTransposedConv2d};
  type.fields = {filtersField(),
                 kernelField(2, "Size of each kernel."),
                 strideField({2}, "How far the stamp moves from one cell to the next: the factor of enlargement."),
                 sidesField("padding", "Padding", "Rows and columns that are cut off on each side of the result.", {0}, 0),
                 sidesField("output-padding", "Output padding", "Rows and columns added below and right; less than the stride.", {0}, 0),
                 activationField(),
                 {"bias", "Bias", "Whether each feature map adds a trainable constant.", true}};
  return type;
}

}  // namespace nn
