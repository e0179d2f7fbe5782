// The common part of layers whose every cell depends on the same cell of one input alone.
#pragma once

#include "nn/layers/LayerTools.h"

namespace nn {

class Pointwise : public Layer {
 public:
  explicit Pointwise(const Shape& shape) {
    m_inputShapes = {shape};
    m_outputShape = shape;
  }
  std::optional<Window> window() const override { return Window{}; }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.assign(1, Link{0, cell});
    links.bias = links.scale = -1;
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    return {inputs[0], activate(activation(), inputs[0])};
  }
  // Whatever the function: what the input adds to the value that a zero would give.
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override {
    const float zero = 0;
    const bool nothing = inputs[0] == 0;
    weights[0] = nothing ? 0 : (combined.preActivation - combine(cell, links, {&zero, 1}, parameters).preActivation) / inputs[0];
  }
};

// Hands the gradient on to an input cell by cell.
inline void passGradient(const ConstTensor& gradient, const GradientTarget& target) {
  if (!target.wanted) return;
  if (target.accumulate)
    addCells(gradient, target.tensor);
  else
    copyCells(gradient, target.tensor);
}

}  // namespace nn
