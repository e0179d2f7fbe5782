#include <algorithm>
#include <numeric>

#include "nn/Counted.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

constexpr int kNowhere = -1;

// Every cell is that of one cell of the input, or zero: the common part of layers that only move cells.
class Moved : public Layer {
 public:
  // sources: for each cell of the result the index of the input's; kNowhere: zero.
  Moved(std::string_view type, const Shape& from, const Shape& to, const std::vector<int>& sources) : Layer({from}, to), m_type(type) {
    m_sources.reserve(sources.size());
    for (const int source : sources) m_sources.push_back(source == kNowhere ? Cell{kNowhere, 0, 0} : cellAt(from, std::size_t(source)));
  }
  std::string_view type() const override { return m_type; }
  Combine combineKind() const override { return Combine::Copy; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    const Cell& source = m_sources[flatIndex(m_outputShape, cell)];
    if (source.channel != kNowhere) links.terms.push_back({0, source});
  }

  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x, const Cell& source) {
        float* out = call.output.at(c, y, x);
        if (source.channel == kNowhere)
          std::fill_n(out, Lanes, 0.0f);
        else
          std::copy_n(call.inputs[0].at(source.channel, source.row, source.column), Lanes, out);
      });
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    if (!target.accumulate) fillCells(target.tensor, 0.0f);
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      forEachCell([&](int c, int y, int x, const Cell& source) {
        if (source.channel == kNowhere) return;
        const float* gradient = call.gradient.at(c, y, x);
        float* to = target.tensor.at(source.channel, source.row, source.column);
        for (int l = 0; l < Lanes; ++l) to[l] += gradient[l];
      });
    });
  }

 private:
  template <typename Function>
  void forEachCell(Function function) const {
    std::size_t i = 0;
    for (int c = 0; c < m_outputShape.channels; ++c)
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x, m_sources[i++]);
  }

  std::string_view m_type;
  std::vector<Cell> m_sources;
};

using List = std::vector<std::int64_t>;

const List& listField(const LayerRequest& request, const std::string& name) {
  return std::get<List>(request.fields.at(name));
}

// Where each cell comes from, when the input, read as a box of `dims`, has its sides put into another order.
std::vector<int> turnedSources(const List& dims, const List& order, std::size_t count) {
  const std::size_t rank = dims.size();
  List strides(rank, 1), at(rank, 0);
  for (std::size_t i = rank - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
  std::vector<int> sources(count);
  std::int64_t source = 0;
  for (int& one : sources) {
    one = int(source);
    for (std::size_t i = rank; i-- > 0;) {
      const auto side = std::size_t(order[i]);
      source += strides[side];
      if (++at[i] < dims[side]) break;
      source -= strides[side] * dims[side];
      at[i] = 0;
    }
  }
  return sources;
}

std::shared_ptr<const Layer> createRearrange(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const List &dims = listField(request, "box"), &order = listField(request, "order"), &shape = listField(request, "shape");
  List counted = order;
  std::sort(counted.begin(), counted.end());
  List all(dims.size());
  std::iota(all.begin(), all.end(), 0);
  std::int64_t cells = 1;
  for (const std::int64_t dim : dims) cells = cells > kMaximumCount / dim ? kMaximumCount + 1 : cells * dim;
  if (cells != std::int64_t(input.size()) || counted != all) {
    request.report("Its box has " + nn::counted(std::size_t(cells), "cell", "cells") + " and its order " +
                       nn::counted(order.size(), "number", "numbers") + ", its input has " + std::to_string(input.size()) + " cells",
                   "Give a box of as many cells, and an order that names each of its sides once, counted from 0");
    return nullptr;
  }
  if (shape.size() != 3 || !checkShape(request, shape[0], shape[1], shape[2]) || shape[0] * shape[1] * shape[2] != cells) {
    request.report("Its shape does not have the " + std::to_string(cells) + " cells of its input", "Give channels, height and width");
    return nullptr;
  }
  return std::make_shared<Moved>("rearrange", input, Shape{int(shape[0]), int(shape[1]), int(shape[2])},
                                 turnedSources(dims, order, input.size()));
}

std::shared_ptr<const Layer> createSelect(const LayerRequest& request) {
  const Shape& input = request.inputs[0];
  const auto chosen = [&](const char* name, int size) {
    List list = listField(request, name);
    if (list.empty()) {
      list.resize(std::size_t(size));
      std::iota(list.begin(), list.end(), 0);
    }
    if (*std::max_element(list.begin(), list.end()) < size) return list;
    request.report(
        "It takes number " + std::to_string(*std::max_element(list.begin(), list.end())) + " of its " + std::to_string(size) + " " + name,
        "Counting begins with 0; -1 stands for zeros");
    return List();
  };
  const List channels = chosen("channels", input.channels), rows = chosen("rows", input.height), columns = chosen("columns", input.width);
  if (channels.empty() || rows.empty() || columns.empty()) return nullptr;
  if (!checkShape(request, std::int64_t(channels.size()), std::int64_t(rows.size()), std::int64_t(columns.size()))) return nullptr;
  const Shape shape{int(channels.size()), int(rows.size()), int(columns.size())};
  std::vector<int> sources;
  sources.reserve(shape.size());
  for (const std::int64_t c : channels)
    for (const std::int64_t y : rows)
      for (const std::int64_t x : columns)
        sources.push_back(c < 0 || y < 0 || x < 0 ? kNowhere : int(flatIndex(input, {int(c), int(y), int(x)})));
  return std::make_shared<Moved>("select", input, shape, sources);
}

FieldInfo numbersField(std::string name, std::string label, std::string tooltip, List standard, double minimum, int count) {
  FieldInfo field{std::move(name), std::move(label), std::move(tooltip), std::move(standard), minimum, 2147483647};
  field.maximumCount = count;
  return field;
}

}  // namespace

LayerType describeRearrange() {
  LayerType type{"rearrange", "Rearrangement", "Puts the same cells into another order.", createRearrange};
  type.fields = {
      numbersField("box", "Box", "The sides of the box as which the input's cells are read.", {1}, 1, 8),
      numbersField("order", "Order", "Which side of the box becomes the first, the second and so on, counted from 0.", {0}, 0, 8),
      numbersField("shape", "Shape", "Channels, height and width of the result.", {1, 1, 1}, 1, 3)};
  for (FieldInfo& field : type.fields) field.required = true;
  return type;
}

LayerType describeSelect() {
  constexpr int kMost = 65536;
  LayerType type{"select", "Selection", "Takes maps, rows and columns by their numbers, in any order and as often as they are named.",
                 createSelect};
  type.fields = {
      numbersField("channels", "Maps", "Their numbers, counted from 0; -1 for a map of zeros; all when empty.", {}, -1, kMost),
      numbersField("rows", "Rows", "Their numbers, counted from 0; -1 for a row of zeros; all when empty.", {}, -1, kMost),
      numbersField("columns", "Columns", "Their numbers, counted from 0; -1 for a column of zeros; all when empty.", {}, -1, kMost)};
  return type;
}

}  // namespace nn
