// The common part of layers whose every cell depends on the same cell of one input alone.
#pragma once

#include "nn/layers/LayerTools.h"

namespace nn {

class Pointwise : public Layer {
 public:
  explicit Pointwise(const Shape& shape) : Layer({shape}, shape) {}
  std::optional<Window> window() const override { return Window{}; }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    links.terms.push_back({0, cell});
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

 protected:
  // Calls function(map, row) for each row.
  template <typename Function>
  void forEachRow(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y) function(c, y);
  }
};

}  // namespace nn
