// Weights [unit][input] times all values of an input, and the way back: what a dense layer computes, and a convolution whose
// kernel covers its whole input. A bias per unit follows the weights.
#pragma once

#include "nn/layers/LayerTools.h"

namespace nn {

class DenseProduct {
 public:
  DenseProduct(const Shape& input, int units, bool bias) : m_input(input), m_units(units), m_bias(bias) {}
  MemoryNeeds memoryNeeds(int lanes, bool gradients) const;
  void forward(const ForwardCall& call) const;
  void backward(const BackwardCall& call) const;

 private:
  std::size_t biasOffset() const { return m_input.size() * std::size_t(m_units); }
  std::size_t cells(int lanes) const { return m_input.size() * std::size_t(lanes); }
  void inputGradient(const BackwardCall& call, DenseGradientCall& dense) const;

  Shape m_input;
  int m_units;
  bool m_bias;
};

}  // namespace nn
