#include "nn/layers/GroupedConv2d.h"

namespace nn {

namespace {

std::size_t wholeGroups(int filters) {
  return (std::size_t(filters) + kFilterGroup - 1) / kFilterGroup * kFilterGroup;
}

// Some of the maps.
template <typename T>
Maps<T> part(const BasicTensor<T>& tensor, int first, int count) {
  Maps<T> maps = mapsOf(tensor);
  maps.data += first * maps.channelStride;
  maps.channels = count;
  return maps;
}

}  // namespace

GroupedConv2d::GroupedConv2d(const Shape& input, const WindowPlan& plan, int groups, int filters, bool bias, Activation function)
    : WeightedSum(input, {filters, plan.outputHeight, plan.outputWidth}, function),
      m_plan(plan),
      m_spread(windowSize(plan.window)),
      m_groups(groups) {
  const Window& window = plan.window;
  m_spread.height = (window.height - 1) * window.dilationY + 1;
  m_spread.width = (window.width - 1) * window.dilationX + 1;
  const std::size_t weights = std::size_t(filters) * std::size_t(mapsEach()) * std::size_t(cells());
  const int fanIn = mapsEach() * cells(), fanOut = filtersEach() * cells();
  setBlocks({filters, mapsEach(), window.height, window.width}, weights, fanIn, fanOut, bias);
}

std::uint64_t GroupedConv2d::multiplyAdds() const {
  return std::uint64_t(m_blocks[0].count) * std::uint64_t(m_outputShape.height) * std::uint64_t(m_outputShape.width);
}

std::ptrdiff_t GroupedConv2d::kernelOffset(int output, int input) const {
  if (output / filtersEach() != input / mapsEach()) return -1;
  return (std::ptrdiff_t(output) * mapsEach() + input % mapsEach()) * cells();
}

// Calls function(parameter, input map, row, column) for the taps that lie inside the input.
template <typename Function>
void GroupedConv2d::forEachTap(const Cell& cell, Function function) const {
  const Window& window = m_plan.window;
  const Shape& from = m_inputShapes[0];
  const int top = cell.row * window.strideY - window.paddingTop, left = cell.column * window.strideX - window.paddingLeft;
  const int first = cell.channel / filtersEach() * mapsEach();
  for (int c = first; c < first + mapsEach(); ++c) {
    const std::ptrdiff_t kernel = kernelOffset(cell.channel, c);
    for (int ky = 0; ky < window.height; ++ky) {
      const int row = top + ky * window.dilationY;
      if (row < 0 || row >= from.height) continue;
      for (int kx = 0; kx < window.width; ++kx) {
        const int column = left + kx * window.dilationX;
        if (column >= 0 && column < from.width) function(kernel + ky * window.width + kx, c, row, column);
      }
    }
  }
}

void GroupedConv2d::linksInto(const Cell& cell, CellLinks& links) const {
  clearLinks(cell, links);
  forEachTap(cell, [&](std::ptrdiff_t parameter, int c, int row, int column) { links.terms.push_back({0, {c, row, column}, parameter}); });
}

int GroupedConv2d::spreadIndex(int cell) const {
  const Window& window = m_plan.window;
  return cell / window.width * window.dilationY * m_spread.width + cell % window.width * window.dilationX;
}

std::size_t GroupedConv2d::forwardCount() const {
  return wholeGroups(filtersEach()) * std::size_t(mapsEach()) * std::size_t(spreadCells());
}
std::size_t GroupedConv2d::turnedCount() const {
  return movesByOne() ? wholeGroups(mapsEach()) * std::size_t(filtersEach()) * std::size_t(spreadCells()) : 0;
}
std::size_t GroupedConv2d::packedCount() const {
  return std::size_t(m_groups) * (forwardCount() + turnedCount());
}

MemoryNeeds GroupedConv2d::memoryNeeds(int, bool gradients) const {
  // The kernels skip rows outside the maps; columns they must find as zeros.
  MemoryNeeds needs;
  needs.input = {0, m_plan.halo.left, 0, m_plan.halo.right};
  if (!gradients) return needs;
  const int reach = m_spread.width - 1;
  if (movesByOne()) needs.gradient = {0, reach - m_plan.halo.left, 0, reach - m_plan.halo.right};
  needs.scratchFloats = convolutionScratch(mapsEach(), m_spread.height, m_spread.width) + std::max(spreadCount(), m_blocks[0].count) +
                        std::size_t(m_outputShape.channels);
  return needs;
}

// Group by group as Conv2d packs: the kernels for the way there, then those for the way back, turned by half a turn.
void GroupedConv2d::pack(std::span<const float> parameters, std::span<float> packed) const {
  std::fill(packed.begin(), packed.end(), 0.0f);
  for (int f = 0; f < m_outputShape.channels; ++f)
    for (int c = 0; c < mapsEach(); ++c) {
      const int group = f / filtersEach(), own = f % filtersEach();
      const float* weights = parameters.data() + (std::ptrdiff_t(f) * mapsEach() + c) * cells();
      float* there = packed.data() + std::size_t(group) * (forwardCount() + turnedCount());
      float* back = there + forwardCount();
      there += (std::ptrdiff_t(own / kFilterGroup) * mapsEach() + c) * spreadCells() * kFilterGroup + own % kFilterGroup;
      back += (std::ptrdiff_t(c / kFilterGroup) * filtersEach() + own) * spreadCells() * kFilterGroup + c % kFilterGroup;
      for (int i = 0; i < cells(); ++i) {
        there[spreadIndex(i) * kFilterGroup] = weights[i];
        if (movesByOne()) back[(spreadCells() - 1 - spreadIndex(i)) * kFilterGroup] = weights[i];
      }
    }
}

void GroupedConv2d::forward(const ForwardCall& call) const {
  if (needsPlainLoops(call.output.lanes)) return plainForward(call);
  for (int group = 0; group < m_groups; ++group) {
    ConvolutionCall convolution;
    convolution.input = part(call.inputs[0], group * mapsEach(), mapsEach());
    convolution.output = part(call.output, group * filtersEach(), filtersEach());
    convolution.lanes = call.output.lanes;
    convolution.window = m_spread;
    convolution.weights = call.packed + std::size_t(group) * (forwardCount() + turnedCount());
    convolution.bias = hasBias() ? call.parameters + m_blocks[1].offset + group * filtersEach() : nullptr;
    convolution.finish.activation = call.activation;
    call.kernels->convolution(convolution);
  }
}

void GroupedConv2d::backward(const BackwardCall& call) const {
  const GradientTarget& target = call.inputGradients[0];
  const bool learns = call.parameterGradients != nullptr, plain = needsPlainLoops(call.gradient.lanes);
  if (learns && plain) plainWeightGradient(call);
  for (int group = 0; group < m_groups; ++group) {
    if (learns && !plain) weightGradient(call, group);
    if (target.wanted && movesByOne()) inputGradient(call, target, group);
  }
  if (target.wanted && !movesByOne()) scatterGradient(call, target);
}

void GroupedConv2d::weightGradient(const BackwardCall& call, int group) const {
  float* spread = call.scratch;
  std::fill_n(spread, spreadCount(), 0.0f);
  ConvolutionGradientCall gradient;
  gradient.input = part(call.inputs[0], group * mapsEach(), mapsEach());
  gradient.gradient = part(call.gradient, group * filtersEach(), filtersEach());
  gradient.lanes = call.gradient.lanes;
  gradient.window = m_spread;
  gradient.weights = spread;
  gradient.bias = hasBias() ? call.parameterGradients + m_blocks[1].offset + group * filtersEach() : nullptr;
  gradient.scratch = call.scratch + spreadCount();
  call.kernels->convolutionGradient(gradient);
  const int kernels = filtersEach() * mapsEach();
  float* own = call.parameterGradients + std::ptrdiff_t(group) * kernels * cells();
  for (int kernel = 0; kernel < kernels; ++kernel)
    for (int i = 0; i < cells(); ++i) own[kernel * cells() + i] += spread[kernel * spreadCells() + spreadIndex(i)];
}

// The full correlation of the gradient with the turned kernels.
void GroupedConv2d::inputGradient(const BackwardCall& call, const GradientTarget& target, int group) const {
  ConvolutionCall convolution;
  convolution.input = part(call.gradient, group * filtersEach(), filtersEach());
  convolution.output = part(target.tensor, group * mapsEach(), mapsEach());
  convolution.lanes = call.gradient.lanes;
  const Window& window = m_plan.window;
  convolution.window = {
      m_spread.height, m_spread.width, 1, 1, m_spread.height - 1 - window.paddingTop, m_spread.width - 1 - window.paddingLeft};
  convolution.weights = call.packed + std::size_t(group) * (forwardCount() + turnedCount()) + forwardCount();
  convolution.finish.accumulate = target.accumulate;
  convolution.finish.derivative = target.activation;
  convolution.finish.values = call.inputs[0].at(group * mapsEach(), 0, 0);
  convolution.finish.channelStride = call.inputs[0].channelStride;
  convolution.finish.rowStride = call.inputs[0].rowStride;
  call.kernels->convolution(convolution);
}

void GroupedConv2d::scatterGradient(const BackwardCall& call, const GradientTarget& target) const {
  if (!target.accumulate) fillCells(target.tensor, 0.0f);
  float* spread = call.scratch;
  ScatterCall scatter = scatterCall(call.gradient, target.tensor, m_spread);
  scatter.weights = spread;
  for (int f = 0; f < m_outputShape.channels; ++f)
    for (int c = 0; c < mapsEach(); ++c) {
      std::fill_n(spread, spreadCells(), 0.0f);
      for (int i = 0; i < cells(); ++i) spread[spreadIndex(i)] = call.parameters[(std::ptrdiff_t(f) * mapsEach() + c) * cells() + i];
      scatter.gradient = call.gradient.at(f, 0, 0);
      scatter.target = target.tensor.at(f / filtersEach() * mapsEach() + c, 0, 0);
      call.kernels->scatter(scatter);
    }
  if (target.activation != Activation::None)
    applyDerivative(*call.kernels, target.activation, call.inputs[0], target.tensor, target.tensor);
}

void GroupedConv2d::plainForward(const ForwardCall& call) const {
  for (std::size_t i = 0; i < m_outputShape.size(); ++i) {
    const Cell cell = cellAt(m_outputShape, i);
    float sum = hasBias() ? call.parameters[m_blocks[1].offset + std::size_t(cell.channel)] : 0.0f;
    forEachTap(cell, [&](std::ptrdiff_t parameter, int c, int row, int column) {
      sum += call.parameters[parameter] * *call.inputs[0].at(c, row, column);
    });
    *call.output.at(cell.channel, cell.row, cell.column) = sum;
  }
  applyActivation(*call.kernels, call.activation, call.output);
}

// Summed apart and added once, as addsGradientsOnce() says.
void GroupedConv2d::plainWeightGradient(const BackwardCall& call) const {
  float *weights = call.scratch, *biases = weights + m_blocks[0].count;
  const std::size_t count = m_blocks[0].count + (hasBias() ? m_blocks[1].count : 0);
  std::fill_n(call.scratch, count, 0.0f);
  for (std::size_t i = 0; i < m_outputShape.size(); ++i) {
    const Cell cell = cellAt(m_outputShape, i);
    const float gradient = *call.gradient.at(cell.channel, cell.row, cell.column);
    if (hasBias()) biases[cell.channel] += gradient;
    forEachTap(cell, [&](std::ptrdiff_t parameter, int c, int row, int column) {
      weights[parameter] += gradient * *call.inputs[0].at(c, row, column);
    });
  }
  for (std::size_t i = 0; i < count; ++i) call.parameterGradients[i] += call.scratch[i];
}

}  // namespace nn
