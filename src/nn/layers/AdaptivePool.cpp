#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Pooling that is told the size of its result instead of its window: cell i of n covers the cells from floor(i * size / n) to
// ceil((i + 1) * size / n) of its input, so that windows may overlap by one and differ by one. Of several equal largest values the
// first wins, row by row.
class AdaptivePool : public Layer {
 public:
  // kind: Average or Maximum.
  AdaptivePool(std::string_view type, Combine kind, const Shape& input, int height, int width)
      : Layer({input}, {input.channels, height, width}),
        m_type(type),
        m_kind(kind),
        m_rows(binsOf(input.height, height)),
        m_columns(binsOf(input.width, width)) {}
  std::string_view type() const override { return m_type; }
  Combine combineKind() const override { return m_kind; }
  std::optional<Window> window() const override {
    const Shape &from = m_inputShapes[0], &to = m_outputShape;
    if (from.height % to.height != 0 || from.width % to.width != 0) return std::nullopt;
    const int height = from.height / to.height, width = from.width / to.width;
    return Window{height, width, height, width};
  }
  std::uint64_t multiplyAdds() const override {
    if (m_kind == Combine::Maximum) return 0;
    std::uint64_t rows = 0, columns = 0;
    for (const Bin& bin : m_rows) rows += std::uint64_t(bin.last - bin.first);
    for (const Bin& bin : m_columns) columns += std::uint64_t(bin.last - bin.first);
    return std::uint64_t(m_outputShape.channels) * rows * columns;
  }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    forEachTap(cell.row, cell.column, [&](int y, int x) { links.terms.push_back({0, {cell.channel, y, x}}); });
  }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    if (m_kind == Combine::Maximum) {
      const float largest = *std::max_element(inputs.begin(), inputs.end());
      return {largest, largest};
    }
    double sum = 0;
    for (const float value : inputs) sum += value;
    const auto mean = float(sum / double(inputs.size()));
    return {mean, mean};
  }
  void contributions(const Cell&, const CellLinks& links, std::span<const float> inputs, const Combined&, std::span<const float> parameters,
                     std::span<float> weights) const override {
    m_kind == Combine::Maximum ? maximumContributions(inputs, weights) : averageContributions(links, parameters, weights);
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
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
    });
  }
  void backward(const BackwardCall& call) const override {
    if (!call.inputGradients[0].wanted) return;
    if (!call.inputGradients[0].accumulate) fillCells(call.inputGradients[0].tensor, 0.0f);
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
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
    });
  }

 private:
  struct Bin {
    int first, last;  // the latter not included
  };
  static std::vector<Bin> binsOf(int size, int count) {
    std::vector<Bin> bins;
    for (std::int64_t i = 0; i < count; ++i) bins.push_back({int(i * size / count), int(((i + 1) * size + count - 1) / count)});
    return bins;
  }
  template <typename Function>
  void forEachTap(int row, int column, Function function) const {
    const Bin &rows = m_rows[std::size_t(row)], &columns = m_columns[std::size_t(column)];
    for (int y = rows.first; y < rows.last; ++y)
      for (int x = columns.first; x < columns.last; ++x) function(y, x);
  }

  std::string_view m_type;
  Combine m_kind;
  std::vector<Bin> m_rows, m_columns;
};

std::shared_ptr<const Layer> createAdaptivePool(const LayerRequest& request, std::string_view type, Combine kind) {
  const Shape& input = request.inputs[0];
  const auto [height, width] = pairField(request.fields, "size", {1, 1});
  if (!checkShape(request, input.channels, height, width)) return nullptr;
  return std::make_shared<AdaptivePool>(type, kind, input, height, width);
}
std::shared_ptr<const Layer> createAdaptiveAveragePool(const LayerRequest& request) {
  return createAdaptivePool(request, "adaptive-average-pool", Combine::Average);
}
std::shared_ptr<const Layer> createAdaptiveMaxPool(const LayerRequest& request) {
  return createAdaptivePool(request, "adaptive-max-pool", Combine::Maximum);
}
// One number per map, its mean (Lin et al. 2014): what stands before the classes in ResNet and Inception.
std::shared_ptr<const Layer> createGlobalAveragePool(const LayerRequest& request) {
  return std::make_shared<AdaptivePool>("global-average-pool", Combine::Average, request.inputs[0], 1, 1);
}

FieldInfo adaptiveSizeField() {
  return sidesField("size", "Size", "Height and width of the result, whatever the size of the input.", {1});
}

}  // namespace

LayerType describeAdaptiveAveragePool() {
  LayerType type{"adaptive-average-pool", "Adaptive average pooling",
                 "Takes the mean under windows that are chosen to give a result of the wanted size.", createAdaptiveAveragePool};
  type.fields = {adaptiveSizeField()};
  return type;
}

LayerType describeAdaptiveMaxPool() {
  LayerType type{"adaptive-max-pool", "Adaptive max pooling",
                 "Keeps the largest value under windows that are chosen to give a result of the wanted size.", createAdaptiveMaxPool};
  type.fields = {adaptiveSizeField()};
  return type;
}

LayerType describeGlobalAveragePool() {
  return {"global-average-pool", "Global average pooling", "Takes the mean of each whole map.", createGlobalAveragePool};
}

}  // namespace nn
