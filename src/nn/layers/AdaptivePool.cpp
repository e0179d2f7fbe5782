#include "nn/layers/AdaptivePool.h"

namespace nn {

AdaptivePool::AdaptivePool(std::string_view type, Combine kind, const Shape& input, int height, int width)
    : m_type(type), m_kind(kind), m_rows(binsOf(input.height, height)), m_columns(binsOf(input.width, width)) {
  m_inputShapes = {input};
  m_outputShape = {input.channels, height, width};
}

std::vector<AdaptivePool::Bin> AdaptivePool::binsOf(int size, int count) {
  std::vector<Bin> bins;
  for (std::int64_t i = 0; i < count; ++i) bins.push_back({int(i * size / count), int(((i + 1) * size + count - 1) / count)});
  return bins;
}

std::optional<Window> AdaptivePool::window() const {
  const Shape &from = m_inputShapes[0], &to = m_outputShape;
  if (from.height % to.height != 0 || from.width % to.width != 0) return std::nullopt;
  Window window;
  window.height = window.strideY = from.height / to.height;
  window.width = window.strideX = from.width / to.width;
  return window;
}

std::uint64_t AdaptivePool::multiplyAdds() const {
  if (m_kind == Combine::Maximum) return 0;
  std::uint64_t rows = 0, columns = 0;
  for (const Bin& bin : m_rows) rows += std::uint64_t(bin.last - bin.first);
  for (const Bin& bin : m_columns) columns += std::uint64_t(bin.last - bin.first);
  return std::uint64_t(m_outputShape.channels) * rows * columns;
}

template <typename Function>
void AdaptivePool::forEachTap(int row, int column, Function function) const {
  const Bin &rows = m_rows[std::size_t(row)], &columns = m_columns[std::size_t(column)];
  for (int y = rows.first; y < rows.last; ++y)
    for (int x = columns.first; x < columns.last; ++x) function(y, x);
}

void AdaptivePool::linksInto(const Cell& cell, CellLinks& links) const {
  links.terms.clear();
  links.bias = links.scale = -1;
  forEachTap(cell.row, cell.column, [&](int y, int x) { links.terms.push_back({0, {cell.channel, y, x}}); });
}

Layer::Combined AdaptivePool::combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const {
  if (m_kind == Combine::Maximum) {
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    return {largest, largest};
  }
  double sum = 0;
  for (const float value : inputs) sum += value;
  const auto mean = float(sum / double(inputs.size()));
  return {mean, mean};
}

void AdaptivePool::contributions(const Cell&, const CellLinks& links, std::span<const float> inputs, const Combined&,
                                 std::span<const float> parameters, std::span<float> weights) const {
  m_kind == Combine::Maximum ? maximumContributions(inputs, weights) : averageContributions(links, parameters, weights);
}

void AdaptivePool::forward(const ForwardCall& call) const {
  withLanes(call.output.lanes, [&](auto lanes) { forwardLanes<lanes()>(call); });
}

void AdaptivePool::backward(const BackwardCall& call) const {
  if (!call.inputGradients[0].wanted) return;
  if (!call.inputGradients[0].accumulate) fillCells(call.inputGradients[0].tensor, 0.0f);
  withLanes(call.gradient.lanes, [&](auto lanes) { backwardLanes<lanes()>(call); });
}

template <int Lanes>
void AdaptivePool::forwardLanes(const ForwardCall& call) const {
  const bool average = m_kind == Combine::Average;
  for (int c = 0; c < m_outputShape.channels; ++c)
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const Bin &rows = m_rows[std::size_t(y)], &columns = m_columns[std::size_t(x)];
        float values[Lanes];
        std::copy_n(call.inputs[0].at(c, rows.first, columns.first), Lanes, values);
        if (average) std::fill_n(values, Lanes, 0.0f);
        forEachTap(y, x, [&](int inY, int inX) {
          const float* in = call.inputs[0].at(c, inY, inX);
          if (average)
            for (int l = 0; l < Lanes; ++l) values[l] += in[l];
          else  // written so that NaN stays
            for (int l = 0; l < Lanes; ++l) values[l] = in[l] <= values[l] || values[l] != values[l] ? values[l] : in[l];
        });
        const float share = average ? 1.0f / float((rows.last - rows.first) * (columns.last - columns.first)) : 1.0f;
        float* out = call.output.at(c, y, x);
        for (int l = 0; l < Lanes; ++l) out[l] = values[l] * share;
      }
}

// Of several equal largest values the first wins, row by row.
template <int Lanes>
void AdaptivePool::backwardLanes(const BackwardCall& call) const {
  const Tensor& target = call.inputGradients[0].tensor;
  for (int c = 0; c < m_outputShape.channels; ++c)
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) {
        const Bin &rows = m_rows[std::size_t(y)], &columns = m_columns[std::size_t(x)];
        const float* gradient = call.gradient.at(c, y, x);
        const float* largest = call.output.at(c, y, x);
        const float share = 1.0f / float((rows.last - rows.first) * (columns.last - columns.first));
        bool found[Lanes] = {};
        forEachTap(y, x, [&](int inY, int inX) {
          float* to = target.at(c, inY, inX);
          const float* in = call.inputs[0].at(c, inY, inX);
          if (m_kind == Combine::Average)
            for (int l = 0; l < Lanes; ++l) to[l] += gradient[l] * share;
          else
            for (int l = 0; l < Lanes; ++l) {
              const bool wins = !found[l] && in[l] == largest[l];
              to[l] += wins ? gradient[l] : 0.0f;
              found[l] = found[l] || wins;
            }
        });
      }
}

std::shared_ptr<const Layer> createAdaptivePool(const LayerRequest& request, std::string_view type, Combine kind) {
  const Shape& input = request.inputs[0];
  const auto [height, width] = pairField(request.fields, "size", {1, 1});
  if (!checkShape(request, input.channels, height, width)) return nullptr;
  return std::make_shared<AdaptivePool>(type, kind, input, height, width);
}

FieldInfo adaptiveSizeField() {
  FieldInfo size{"size", "Size", "Height and width of the result, whatever the size of the input.", std::vector<std::int64_t>{1}, 1, 4096};
  size.maximumCount = 2;
  return size;
}

}  // namespace nn
