#include <cstring>

#include "nn/LayerCalls.h"

namespace nn {

namespace {

template <typename Function>
void forEachRow(const Shape& shape, Function function) {
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y) function(c, y);
}

}  // namespace

// Chan et al. 1979.
void BatchMoments::include(const BatchMoments& other) {
  const double all = count + other.count, difference = other.mean - mean;
  if (other.count > 0) {
    squares += other.squares + difference * difference * count * other.count / all;
    mean += difference * other.count / all;
    count = all;
  }
  gradient += other.gradient;
  product += other.product;
}

Layer::Combined Layer::combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const {
  const float value = inputs.empty() ? 0.0f : inputs[0];
  return {value, value};
}

void Layer::contributions(const Cell&, const CellLinks& links, std::span<const float>, const Combined&, std::span<const float> parameters,
                          std::span<float> weights) const {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Link& link = links.terms[i];
    weights[i] = link.parameter < 0 ? link.factor : parameters[std::size_t(link.parameter)];
  }
}

MemoryNeeds Layer::memoryNeeds(int, bool) const {
  return {};
}

void fillCells(const Tensor& tensor, float value) {
  if (tensor.isContiguous()) {
    std::fill_n(tensor.data, tensor.floats(), value);
    return;
  }
  forEachRow(tensor.shape, [&](int c, int y) { std::fill_n(tensor.at(c, y, 0), tensor.rowFloats(), value); });
}

void copyCells(const ConstTensor& source, const Tensor& target) {
  if (source.isContiguous() && target.isContiguous()) {
    std::memcpy(target.data, source.data, source.floats() * sizeof(float));
    return;
  }
  forEachRow(target.shape, [&](int c, int y) { std::memcpy(target.at(c, y, 0), source.at(c, y, 0), target.rowFloats() * sizeof(float)); });
}

void addCells(const ConstTensor& source, const Tensor& target) {
  forEachRow(target.shape, [&](int c, int y) {
    const float* from = source.at(c, y, 0);
    float* to = target.at(c, y, 0);
    for (std::size_t i = 0; i < target.rowFloats(); ++i) to[i] += from[i];
  });
}

const float* contiguousCells(const ConstTensor& tensor, float* scratch) {
  if (tensor.isContiguous()) return tensor.data;
  const auto row = std::ptrdiff_t(tensor.rowFloats());
  copyCells(tensor, Tensor(scratch, tensor.shape, tensor.lanes, row, row * tensor.shape.height));
  return scratch;
}

}  // namespace nn
