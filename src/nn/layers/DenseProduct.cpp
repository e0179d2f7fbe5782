#include "nn/layers/DenseProduct.h"

#include <algorithm>

namespace nn {

MemoryNeeds DenseProduct::memoryNeeds(int lanes, bool gradients) const {
  MemoryNeeds needs;
  needs.contiguousInput = true;
  const std::size_t outputs = std::size_t(m_units) * std::size_t(lanes);
  needs.scratchFloats = cells(lanes) + std::max(outputs, gradients ? cells(lanes) + denseScratch(int(m_input.size()), lanes) : 0);
  return needs;
}

void DenseProduct::forward(const ForwardCall& call) const {
  DenseCall dense;
  dense.input = contiguousCells(call.inputs[0], call.scratch);
  // With a border around each map, as a convolution behind it may want, the results do not lie one after the other.
  const bool apart = !call.output.isContiguous();
  dense.output = apart ? call.scratch + cells(call.output.lanes) : call.output.data;
  dense.weights = call.parameters;
  dense.bias = m_bias ? call.parameters + biasOffset() : nullptr;
  dense.inputs = int(m_input.size());
  dense.units = m_units;
  dense.lanes = call.output.lanes;
  dense.finish.activation = call.activation;
  call.kernels->dense(dense);
  const std::ptrdiff_t each = call.output.lanes;
  if (apart) copyCells(ConstTensor(dense.output, call.output.shape, call.output.lanes, each, each), call.output);
}

void DenseProduct::backward(const BackwardCall& call) const {
  const int lanes = call.gradient.lanes;
  DenseGradientCall dense;
  dense.input = contiguousCells(call.inputs[0], call.scratch);
  dense.gradient = call.gradient.data;
  dense.weights = call.parameters;
  dense.weightGradients = call.parameterGradients;
  dense.biasGradients = m_bias && call.parameterGradients ? call.parameterGradients + biasOffset() : nullptr;
  dense.replace = call.replaceGradients;
  dense.scratch = call.scratch + 2 * cells(lanes);
  dense.inputs = int(m_input.size());
  dense.units = m_units;
  dense.lanes = lanes;
  if (call.parameterGradients) call.kernels->denseWeightGradient(dense);
  if (call.inputGradients[0].wanted) inputGradient(call, dense);
}

void DenseProduct::inputGradient(const BackwardCall& call, DenseGradientCall& dense) const {
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
  const std::ptrdiff_t row = std::ptrdiff_t(m_input.width) * dense.lanes;
  const ConstTensor source(dense.inputGradient, m_input, dense.lanes, row, row * m_input.height);
  if (target.accumulate)
    addCells(source, target.tensor);
  else
    copyCells(source, target.tensor);
}

}  // namespace nn
