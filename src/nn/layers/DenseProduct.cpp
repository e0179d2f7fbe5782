#include "nn/layers/DenseProduct.h"

namespace nn {

MemoryNeeds DenseProduct::memoryNeeds(int lanes, bool gradients) const {
  MemoryNeeds needs;
  needs.contiguousInput = true;
  needs.scratchFloats = cells(lanes) + (gradients ? cells(lanes) + denseScratch(int(m_input.size()), lanes) : 0);
  return needs;
}

void DenseProduct::forward(const ForwardCall& call) const {
  DenseCall dense;
  dense.input = contiguousCells(call.inputs[0], call.scratch);
  dense.output = call.output.data;
  dense.weights = call.parameters;
  dense.bias = m_bias ? call.parameters + biasOffset() : nullptr;
  dense.inputs = int(m_input.size());
  dense.units = m_units;
  dense.lanes = call.output.lanes;
  dense.finish.activation = call.activation;
  call.kernels->dense(dense);
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
