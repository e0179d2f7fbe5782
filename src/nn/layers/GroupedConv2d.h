// Convolutions in groups, each of which reads maps of its own (Krizhevsky et al. 2012; one map each: depthwise, Howard et al.
// 2017), and dilated ones, whose kernel has gaps (Yu and Koltun 2016). Made by the type "conv2d", which computes the others itself.
#pragma once

#include "nn/layers/WeightedSum.h"

namespace nn {

class GroupedConv2d : public WeightedSum {
 public:
  // plan: of the kernel with its gaps closed, its halo that of the kernel with them. groups divides filters and input channels.
  GroupedConv2d(const Shape& input, const WindowPlan& plan, int groups, int filters, bool bias, Activation function);
  std::string_view type() const override { return "conv2d"; }
  bool addsGradientsOnce() const override { return true; }
  std::optional<Window> window() const override { return m_plan.window; }
  std::uint64_t multiplyAdds() const override;
  std::ptrdiff_t kernelOffset(int output, int input) const override;
  void linksInto(const Cell& cell, CellLinks& links) const override;

  MemoryNeeds memoryNeeds(int lanes, bool gradients) const override;
  bool fusesInputDerivative() const override { return true; }
  std::size_t packedCount() const override;
  void pack(std::span<const float> parameters, std::span<float> packed) const override;
  void forward(const ForwardCall& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  int filtersEach() const { return m_outputShape.channels / m_groups; }
  int mapsEach() const { return m_inputShapes[0].channels / m_groups; }
  int cells() const { return m_plan.cells(); }
  bool movesByOne() const { return m_plan.window.strideX == 1 && m_plan.window.strideY == 1; }
  bool needsPlainLoops(int lanes) const { return lanes == 1 && m_plan.window.strideX != 1; }
  // The kernels compute with the gaps filled by zeros.
  int spreadCells() const { return m_spread.height * m_spread.width; }
  int spreadIndex(int cell) const;
  std::size_t forwardCount() const;  // packed floats of one group
  std::size_t turnedCount() const;
  std::size_t spreadCount() const { return std::size_t(filtersEach()) * std::size_t(mapsEach()) * std::size_t(spreadCells()); }

  void weightGradient(const BackwardCall& call, int group) const;
  void inputGradient(const BackwardCall& call, const GradientTarget& target, int group) const;
  void scatterGradient(const BackwardCall& call, const GradientTarget& target) const;
  template <typename Function>
  void forEachTap(const Cell& cell, Function function) const;
  void plainForward(const ForwardCall& call) const;
  void plainWeightGradient(const BackwardCall& call) const;

  WindowPlan m_plan;
  WindowSize m_spread;  // with the gaps
  int m_groups;
};

}  // namespace nn
