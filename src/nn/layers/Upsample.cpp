#include <cmath>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// One row (column) of the result: what it takes of two neighbors of the input. `second` has weight zero where it lies outside.
struct Tap {
  int first = 0, second = 0;
  float weight = 0;  // of the second; the first has the rest
};

// The same maps, larger by a whole factor: every cell repeated (nearest), or in between by the distance to the four nearest
// cell centers, those beyond the border being as the border (bilinear; PyTorch's align_corners=false).
class Upsample : public Layer {
 public:
  Upsample(const Shape& input, int factorY, int factorX, bool bilinear)
      : Layer({input}, {input.channels, input.height * factorY, input.width * factorX}),
        m_factorY(factorY),
        m_factorX(factorX),
        m_bilinear(bilinear),
        m_rows(tapsOf(input.height, factorY, bilinear)),
        m_columns(tapsOf(input.width, factorX, bilinear)) {}
  std::string_view type() const override { return "upsample"; }
  Combine combineKind() const override { return m_bilinear ? Combine::WeightedSum : Combine::Copy; }
  std::optional<Window> window() const override {
    Window window;
    window.transposed = true;
    window.shrinkY = m_factorY, window.shrinkX = m_factorX;
    window.height = m_bilinear ? 2 * m_factorY - m_factorY % 2 : m_factorY;
    window.width = m_bilinear ? 2 * m_factorX - m_factorX % 2 : m_factorX;
    if (m_bilinear) window.paddingTop = m_factorY / 2, window.paddingLeft = m_factorX / 2;
    return window;
  }
  std::uint64_t multiplyAdds() const override { return m_bilinear ? 4 * m_outputShape.size() : 0; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    const Tap &rows = m_rows[std::size_t(cell.row)], &columns = m_columns[std::size_t(cell.column)];
    for (const auto& [row, rowWeight] : {std::pair(rows.first, 1 - rows.weight), std::pair(rows.second, rows.weight)})
      for (const auto& [column, columnWeight] : {std::pair(columns.first, 1 - columns.weight), std::pair(columns.second, columns.weight)})
        if (rowWeight * columnWeight > 0) links.terms.push_back({0, {cell.channel, row, column}, -1, rowWeight * columnWeight});
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float>) const override {
    return sumByFactors(links, inputs);
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x, const Tap& rows, const Tap& columns) {
        const ConstTensor& input = call.inputs[0];
        float* out = call.output.at(c, y, x);
        const float *a = input.at(c, rows.first, columns.first), *b = input.at(c, rows.first, columns.second);
        if (!m_bilinear) {
          std::copy_n(a, Lanes, out);
          return;
        }
        const float *d = input.at(c, rows.second, columns.first), *e = input.at(c, rows.second, columns.second);
        for (int l = 0; l < Lanes; ++l) {
          const float above = a[l] + (b[l] - a[l]) * columns.weight, below = d[l] + (e[l] - d[l]) * columns.weight;
          out[l] = above + (below - above) * rows.weight;
        }
      });
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (!target.accumulate) fillCells(target.tensor, 0.0f);
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x, const Tap& rows, const Tap& columns) {
        const float* gradient = call.gradient.at(c, y, x);
        const auto give = [&](int row, int column, float weight) {
          if (weight == 0) return;
          float* to = target.tensor.at(c, row, column);
          for (int l = 0; l < Lanes; ++l) to[l] += gradient[l] * weight;
        };
        give(rows.first, columns.first, (1 - rows.weight) * (1 - columns.weight));
        give(rows.first, columns.second, (1 - rows.weight) * columns.weight);
        give(rows.second, columns.first, rows.weight * (1 - columns.weight));
        give(rows.second, columns.second, rows.weight * columns.weight);
      });
    });
  }

 private:
  static std::vector<Tap> tapsOf(int size, int factor, bool bilinear) {
    std::vector<Tap> taps;
    for (int i = 0; i < size * factor; ++i) {
      Tap tap{i / factor, i / factor, 0};
      if (bilinear) {
        const float place = std::max(0.0f, (float(i) + 0.5f) / float(factor) - 0.5f);
        tap.first = std::min(int(place), size - 1);
        tap.second = std::min(tap.first + 1, size - 1);
        tap.weight = tap.second == tap.first ? 0 : place - float(tap.first);
      }
      taps.push_back(tap);
    }
    return taps;
  }

  template <typename Function>
  void forEachCell(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x, m_rows[std::size_t(y)], m_columns[std::size_t(x)]);
  }

  int m_factorY, m_factorX;
  bool m_bilinear;
  std::vector<Tap> m_rows, m_columns;  // of each output row, of each output column
};

std::shared_ptr<const Layer> createUpsample(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto [factorY, factorX] = pairField(request.fields, "factor", {2, 2});
  if (!checkShape(request, input.channels, std::int64_t(input.height) * factorY, std::int64_t(input.width) * factorX)) return nullptr;
  return std::make_shared<Upsample>(input, factorY, factorX, textField(request.fields, "mode") == "bilinear");
}

}  // namespace

LayerType describeUpsample() {
  LayerType type{"upsample", "Upsampling", "Makes every map larger by a whole factor, without weights.", createUpsample};
  type.fields = {sidesField("factor", "Factor", "How many times as high and as wide the maps become.", {2}, 1, 64),
                 choiceField("mode", "Mode", "Whether cells are repeated, or the values between them drawn in.", {"nearest", "bilinear"})};
  return type;
}

}  // namespace nn
