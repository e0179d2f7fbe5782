#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// What one row (column) of the result takes of which rows of the input.
struct Taps {
  std::vector<std::pair<int, float>> parts;
  void add(int place, float weight) {
    for (auto& [known, sum] : parts)
      if (known == place) {
        sum += weight;
        return;
      }
    parts.emplace_back(place, weight);
  }
};

// How the cells of one side are drawn in: ONNX's words for where the centers lie.
struct Drawing {
  bool cubic = false;
  std::string centers;
  double bend = -0.75;    // of the cubic curve (Keys 1981)
  bool excludes = false;  // cells beyond the border do not count, instead of being as the border
};

// scale: of the result to the input; only about their quotient, where a part of a cell was cut off.
std::vector<Taps> tapsOf(int from, int to, double scale, const Drawing& drawing) {
  std::vector<Taps> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    double place = (i + 0.5) / scale - 0.5;
    if (drawing.centers == "asymmetric") place = i / scale;
    if (drawing.centers == "align-corners") place = scale * from <= 1 ? 0 : i * (from - 1) / (scale * from - 1);
    if (drawing.centers == "pytorch-half-pixel" && to == 1) place = 0;
    const double below = std::floor(place), t = place - below, a = drawing.bend;
    const std::array<double, 4> curve{((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a, ((a + 2) * t - (a + 3)) * t * t + 1,
                                      ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1,
                                      ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a};
    const std::array<double, 4> line{0, 1 - t, t, 0};
    const std::array<double, 4>& weights = drawing.cubic ? curve : line;
    double sum = 0;
    for (int k = 0; k < 4; ++k) {
      const int cell = int(below) - 1 + k;
      if (!drawing.excludes || (cell >= 0 && cell < from)) sum += weights[std::size_t(k)];
    }
    for (int k = 0; k < 4; ++k) {
      const int cell = int(below) - 1 + k;
      const double weight = weights[std::size_t(k)] / sum;
      if (weight == 0 || (drawing.excludes && (cell < 0 || cell >= from))) continue;
      all[std::size_t(i)].add(std::clamp(cell, 0, from - 1), float(weight));
    }
  }
  return all;
}

// Maps of another size, whose values are drawn in between the cells of the input.
class Resize : public Layer {
 public:
  Resize(const Shape& input, std::vector<Taps> rows, std::vector<Taps> columns)
      : Layer({input}, {input.channels, int(rows.size()), int(columns.size())}), m_rows(std::move(rows)), m_columns(std::move(columns)) {}
  std::string_view type() const override { return "resize"; }
  Combine combineKind() const override { return Combine::WeightedSum; }
  std::uint64_t multiplyAdds() const override {
    const auto most = [](const std::vector<Taps>& taps) { return taps[taps.size() / 2].parts.size(); };
    return m_outputShape.size() * most(m_rows) * most(m_columns);
  }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    forEachPart(cell.row, cell.column, [&](int row, int column, float weight) {
      links.terms.push_back({0, {cell.channel, row, column}, -1, weight});
    });
  }
  Combined combine(const Cell&, const CellLinks& links, std::span<const float> inputs, std::span<const float>) const override {
    return sumByFactors(links, inputs);
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x) {
        float* out = call.output.at(c, y, x);
        std::fill_n(out, Lanes, 0.0f);
        forEachPart(y, x, [&](int row, int column, float weight) {
          const float* in = call.inputs[0].at(c, row, column);
          for (int l = 0; l < Lanes; ++l) out[l] += in[l] * weight;
        });
      });
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (!target.accumulate) fillCells(target.tensor, 0.0f);
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x) {
        const float* gradient = call.gradient.at(c, y, x);
        forEachPart(y, x, [&](int row, int column, float weight) {
          float* to = target.tensor.at(c, row, column);
          for (int l = 0; l < Lanes; ++l) to[l] += gradient[l] * weight;
        });
      });
    });
  }

 private:
  template <typename Function>
  void forEachPart(int y, int x, Function function) const {
    for (const auto& [row, rowWeight] : m_rows[std::size_t(y)].parts)
      for (const auto& [column, columnWeight] : m_columns[std::size_t(x)].parts) function(row, column, rowWeight * columnWeight);
  }
  template <typename Function>
  void forEachCell(Function function) const {
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x);
  }

  std::vector<Taps> m_rows, m_columns;  // of each output row, of each output column
};

std::shared_ptr<const Layer> createResize(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto [height, width] = pairField(request.fields, "size", {input.height, input.width});
  if (!checkShape(request, input.channels, height, width)) return nullptr;
  const Drawing drawing{textField(request.fields, "mode") == "cubic", textField(request.fields, "centers"),
                        realField(request.fields, "bend"), boolField(request.fields, "exclude-outside")};
  const double rows = realField(request.fields, "scale-rows"), columns = realField(request.fields, "scale-columns");
  return std::make_shared<Resize>(input, tapsOf(input.height, height, rows > 0 ? rows : double(height) / input.height, drawing),
                                  tapsOf(input.width, width, columns > 0 ? columns : double(width) / input.width, drawing));
}

}  // namespace

LayerType describeResize() {
  LayerType type{"resize", "Resizing", "Makes maps of another size, with values drawn in between the cells.", createResize};
  FieldInfo size = sidesField("size", "Size", "Height and width of the result.", {1}, 1, 65536);
  size.required = true;
  type.fields = {
      size,
      choiceField("mode", "Mode", "Whether straight lines or cubic curves are drawn in.", {"linear", "cubic"}),
      choiceField("centers", "Centers", "Where the cells of the result lie on the input.",
                  {"half-pixel", "asymmetric", "align-corners", "pytorch-half-pixel"}),
      {"bend", "Bend", "Of the cubic curves (Keys 1981).", -0.75, -2, 0},
      {"exclude-outside", "Without the outside", "Whether cells beyond the border count for nothing, or are as the border.", false},
      {"scale-rows", "Scale of the rows", "Of the result to the input; 0 for the quotient of their sizes.", 0.0, 0, 65536},
      {"scale-columns", "Scale of the columns", "Of the result to the input; 0 for the quotient of their sizes.", 0.0, 0, 65536}};
  return type;
}

}  // namespace nn
