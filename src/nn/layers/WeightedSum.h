// The common part of layers whose every cell is a weighted sum of cells of one input, with a bias where it is wanted: dense layers and
// convolutions of every kind.
#pragma once

#include "nn/layers/LayerTools.h"

namespace nn {

class WeightedSum : public Layer {
 public:
  Combine combineKind() const override { return Combine::WeightedSum; }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float> parameters) const override {
    double sum = links.bias < 0 ? 0 : parameters[std::size_t(links.bias)];
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += double(inputs[i]) * parameters[std::size_t(links.terms[i].parameter)];
    return {float(sum), activate(m_activation, float(sum))};
  }

 protected:
  WeightedSum(const Shape& input, const Shape& output, Activation function) : Layer({input}, output) { m_activation = function; }
  // The parameters: `weights` numbers of kernels, and one bias for each map of the output.
  void setBlocks(std::vector<int> kernel, std::size_t weights, int fanIn, int fanOut, bool bias) {
    const int maps = m_outputShape.channels;
    m_blocks.push_back({"kernel", std::move(kernel), 0, weights, fanIn, fanOut});
    if (bias) m_blocks.push_back({"bias", {maps}, weights, std::size_t(maps), fanIn, fanOut, Initial::Zero});
  }
  bool hasBias() const { return m_blocks.size() > 1; }
  // Links without terms.
  void clearLinks(const Cell& cell, CellLinks& links) const {
    links.clear();
    if (hasBias()) links.bias = std::ptrdiff_t(m_blocks[1].offset) + cell.channel;
  }
};

}  // namespace nn
