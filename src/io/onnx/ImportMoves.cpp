// Operators that only move cells: parts of a tensor, parts again and again, borders, and maps of another size.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

using List = std::vector<std::int64_t>;

constexpr std::array<const char*, 3> kSides{"channels", "rows", "columns"};

// Which side of ours a dimension behind the batch is, as an index into kSides.
std::size_t sideOf(const Value& source, std::int64_t axis) {
  const bool last = source.order == Order::ChannelsLast;
  if (source.flat) return 0;
  if (source.line) return (axis == 1) != last ? 0 : 2;
  return last ? std::array<std::size_t, 4>{0, 1, 2, 0}[std::size_t(axis)] : std::size_t(axis) - 1;
}

std::int64_t sizeOfSide(const ImportContext& context, const Value& source, std::size_t side) {
  const nn::Shape& shape = context.shapeOf(source);
  return std::array<std::int64_t, 3>{shape.channels, shape.height, shape.width}[side];
}

// Those of one side by their numbers; -1 for zeros. A run of them is a slice.
Value chosen(ImportContext& context, const Node& node, Value source, std::size_t side, const List& numbers) {
  const std::int64_t size = sizeOfSide(context, source, side), count = std::int64_t(numbers.size());
  if (numbers.empty()) context.refuse(node, "it takes nothing");
  bool run = numbers.front() >= 0;
  for (std::size_t i = 1; i < numbers.size(); ++i) run = run && numbers[i] == numbers[i - 1] + 1;
  if (run && count == size) return source;
  Draft* before = context.foldable(source, "select");
  if (before && !before->spec.fields.contains(kSides[side])) {
    before->spec.fields[kSides[side]] = numbers;
    context.remake(node, source.node);
    return source;
  }
  source.node = run ? context.addCounted(node, "slice", {{"axis", std::string(kSides[side])}, {"first", numbers.front()}, {"count", count}},
                                         {source.node})
                    : context.addCounted(node, "select", {{kSides[side], numbers}}, {source.node});
  source.shared = false;
  return source;
}

// As maps or a row of values where it has no more dimensions than those; maps that were flattened as the row that they are.
Value withSides(ImportContext& context, const Node& node, const Value& given) {
  if (given.box.size() > 3) return given;
  const Value source = context.viewed(node, given);
  return source.flat ? context.asVector(node, source) : source;
}

std::int64_t sizeAlong(const ImportContext& context, const Value& source, std::int64_t axis) {
  return context.dimensionsOf(source)[std::size_t(axis)];
}

// Part of the channels, rows or columns: one axis after the other.
void slice(ImportContext& context, const Node& node) {
  Value source = withSides(context, node, context.anyValue(node, 0));
  const List starts = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "starts", {}),
             ends = context.hasInput(node, 2) ? context.integers(node, 2) : intsAttribute(node, "ends", {});
  List axes = context.hasInput(node, 3) ? context.integers(node, 3) : intsAttribute(node, "axes", {});
  const List steps = context.hasInput(node, 4) ? context.integers(node, 4) : List(starts.size(), 1);
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(std::int64_t(i));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    context.refuse(node, "its numbers do not fit");
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::int64_t axis = context.axisOf(node, source, axes[i]), step = steps[i];
    const bool all = starts[i] == 0 && ends[i] >= 1 && step == 1;
    if (axis == 0 && all) continue;  // one image is computed
    if (axis == 0 || step == 0) context.refuse(node, "only whole pieces of channels, rows or columns can be taken");
    const std::int64_t size = sizeAlong(context, source, axis);
    const auto within = [&](std::int64_t at) {
      at += at < 0 ? size : 0;
      return step > 0 ? std::clamp<std::int64_t>(at, 0, size) : std::clamp<std::int64_t>(at, -1, size - 1);
    };
    List numbers;
    for (std::int64_t at = within(starts[i]); step > 0 ? at < within(ends[i]) : at > within(ends[i]); at += step) numbers.push_back(at);
    source = chosenAlong(context, node, source, axis, numbers);
  }
  context.define(node, source);
}

// Into parts that lie behind each other: of sizes that are given, or equal ones, of which the last may be smaller.
void split(ImportContext& context, const Node& node) {
  const Value source = withSides(context, node, context.anyValue(node, 0));
  const std::int64_t axis = context.axisOf(node, source, intAttribute(node, "axis", 0));
  List parts = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "split", {});
  const std::int64_t count = node.output_size();
  if (axis == 0 && count == 1) return context.define(node, source);
  if (axis == 0) context.refuse(node, "it divides the batch, of which one image is computed");
  const std::int64_t size = sizeAlong(context, source, axis), each = (size + count - 1) / count;
  if (parts.empty())
    for (std::int64_t i = 0; i < count; ++i) parts.push_back(std::min(each, size - i * each));
  const bool fits = std::int64_t(parts.size()) == count && std::accumulate(parts.begin(), parts.end(), std::int64_t(0)) == size &&
                    *std::min_element(parts.begin(), parts.end()) > 0;
  if (!fits) context.refuse(node, "its parts do not make up the " + std::to_string(size) + " that it divides");
  std::int64_t first = 0;
  for (int i = 0; i < node.output_size(); ++i) {
    List numbers;
    numbers.resize(std::size_t(parts[std::size_t(i)]));
    std::iota(numbers.begin(), numbers.end(), first);
    first += parts[std::size_t(i)];
    if (node.output(i).empty() || (context.uses(node.output(i)) == 0 && i > 0)) continue;
    Value part = source;
    part.shared = true;  // several read it
    context.defineOutput(node, i, chosenAlong(context, node, part, axis, numbers));
  }
}

// By a list of numbers; a single one drops the dimension.
void gather(ImportContext& context, const Node& node) {
  const Value source = withSides(context, node, context.anyValue(node, 0));
  const std::int64_t axis = context.axisOf(node, source, intAttribute(node, "axis", 0));
  List numbers = context.integers(node, 1);
  const auto& dims = context.tensors.at(node.input(1))->dims();
  if (dims.size() > 1) context.refuse(node, "it takes by a table of numbers, and only a row of them is read");
  const std::int64_t size = sizeAlong(context, source, axis);
  for (std::int64_t& number : numbers) {
    number += number < 0 ? size : 0;
    if (number < 0 || number >= size) context.damaged(node, "it takes what is not there");
  }
  if (axis == 0 && numbers != List{0}) context.refuse(node, "it takes images of a batch, of which one is computed");
  Value result = axis == 0 ? source : chosenAlong(context, node, source, axis, numbers);
  if (dims.empty()) {
    List rest = context.writtenDimensionsOf(result);
    rest.erase(rest.begin() + axis - (result.batchless ? 1 : 0));
    result = ImportContext::boxed(context.asBox(node, result).node, rest.empty() ? List{1} : rest);
  }
  context.define(node, result);
}

// Tile and Expand: each dimension again and again.
void repeat(ImportContext& context, const Node& node) {
  Value source = withSides(context, node, context.anyValue(node, 0));
  const bool tiles = node.op_type() == "Tile";
  List given = context.integers(node, 1), dims = context.dimensionsOf(source);
  if (source.batchless) given.insert(given.begin(), 1);
  if (given.size() < dims.size()) given.insert(given.begin(), dims.size() - given.size(), 1);
  if (given.size() != dims.size() || (tiles && given[0] != 1)) context.refuse(node, "only channels, rows and columns can be repeated");
  for (std::size_t axis = 1; axis < dims.size(); ++axis) {
    const std::int64_t size = dims[axis], times = tiles ? given[axis] : size == 1 ? given[axis] : 1;
    if (times < 1 || times > 65536 || size * times > 65536) context.refuse(node, "it repeats out of range");
    List numbers;
    for (std::int64_t i = 0; i < size * times; ++i) numbers.push_back(i % size);
    source = chosenAlong(context, node, source, std::int64_t(axis), numbers);
  }
  context.define(node, source);
}

// Where a node names the dimensions that it pads: the others get nothing.
List padsOfAllAxes(const ImportContext& context, const Node& node, const Value& source, const List& given, const List& axes) {
  const std::int64_t rank = context.rankOf(source);
  List all(std::size_t(2 * rank), 0);
  if (given.size() != 2 * axes.size()) context.refuse(node, "its numbers do not fit");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t axis = context.axisOf(node, source, axes[i]);
    all[std::size_t(axis)] = given[i];
    all[std::size_t(axis + rank)] = given[axes.size() + i];
  }
  return all;
}

// Which cell of `size` lies at a place before, inside or behind them.
std::int64_t borderCell(const std::string& mode, std::int64_t at, std::int64_t size) {
  if (at >= 0 && at < size) return at;
  if (mode == "edge") return std::clamp<std::int64_t>(at, 0, size - 1);
  if (mode == "wrap") return (at % size + size) % size;
  if (mode == "constant") return -1;
  const std::int64_t round = 2 * (size - 1), phase = round == 0 ? 0 : (at % round + round) % round;  // reflect
  return std::min(phase, round - phase);
}

// Of any side, in any way; also away from it, by negative numbers.
Value bordered(ImportContext& context, const Node& node, Value source, const List& given, const std::string& mode, float filling) {
  const std::int64_t rank = context.rankOf(source);
  if (filling != 0) source = scaled(context, node, source, {1}, {-filling});  // so that zeros are it
  for (std::int64_t axis = 1; axis < rank; ++axis) {
    const std::int64_t before = given[std::size_t(axis)], after = given[std::size_t(axis + rank)];
    if (before == 0 && after == 0) continue;
    const std::int64_t size = sizeAlong(context, source, axis);
    List numbers;
    for (std::int64_t at = -before; at < size + after; ++at) numbers.push_back(borderCell(mode, at, size));
    source = chosenAlong(context, node, source, axis, numbers);
  }
  return filling != 0 ? scaled(context, node, source, {1}, {filling}) : source;
}

// Zeros around a map, which a convolution or average pooling after it takes over; before anything else they are a layer.
void pad(ImportContext& context, const Node& node) {
  Value result = context.viewed(node, context.padded(node, 0));
  List given = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "pads", intsAttribute(node, "paddings", {}));
  if (context.hasInput(node, 3)) given = padsOfAllAxes(context, node, result, given, context.integers(node, 3));
  if (given.empty()) context.refuse(node, "it does not say how much it pads");
  const std::int64_t rank = context.rankOf(result);
  if (result.batchless && std::int64_t(given.size()) == 2 * rank - 2) {
    given.insert(given.begin() + rank - 1, 0);
    given.insert(given.begin(), 0);
  }
  if (std::all_of(given.begin(), given.end(), [](std::int64_t size) { return size == 0; })) return context.define(node, result);
  float filling = floatAttribute(node, "value", 0);
  if (context.hasInput(node, 2)) {
    const Tensor constantValue = context.constant(node, 2);
    if (!constantValue.values.empty()) filling = constantValue.values[0];
  }
  const std::string mode = textAttribute(node, "mode", "constant");
  const bool known = mode == "constant" || mode == "edge" || mode == "wrap" || mode == "reflect";
  if (!known) context.refuse(node, "its mode \"" + cleaned(mode) + "\" is not known");
  if (std::int64_t(given.size()) != 2 * rank || given[0] != 0 || given[std::size_t(rank)] != 0)
    context.refuse(node, "only channels, rows and columns can be padded");
  for (const std::int64_t size : given)
    if (size < -4096 || size > 4096) context.refuse(node, "its padding is out of range");
  const std::size_t row = result.order == Order::ChannelsLast ? 1 : 2, other = result.order == Order::ChannelsLast ? 3 : 1;
  if (result.line && given.size() == 6) given = {given[0], given[1], 0, given[2], given[3], given[4], 0, given[5]};
  const bool ofMaps = given.size() == 8 && !result.flat && given[other] == 0 && given[other + 4] == 0;
  const bool grows = std::all_of(given.begin(), given.end(), [](std::int64_t size) { return size >= 0; });
  if (ofMaps && grows && mode == "constant" && filling == 0 && !(result.line && result.order == Order::ChannelsLast)) {
    const std::array<std::int64_t, 4> sizes{given[row], given[row + 1], given[row + 4], given[row + 5]};
    for (std::size_t side = 0; side < 4; ++side) {
      if (result.pads[side] > 4096) context.refuse(node, "its padding is out of range");
      result.pads[side] += sizes[side];
    }
    return context.define(node, result);
  }
  if (result.line) given = {given[0], given[1], given[3], given[4], given[5], given[7]};
  if (result.pads != std::array<std::int64_t, 4>{}) result = context.zeroPadded(node, result, result.pads);
  context.define(node, bordered(context, node, withSides(context, node, result), given, mode, filling));
}

// Blocks of cells become channels, or the reverse.
void depthAndSpace(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0));
  const nn::Shape from = context.shapeOf(source);
  const std::int64_t block = intAttribute(node, "blocksize", 0), c = from.channels, h = from.height, w = from.width;
  const bool toSpace = node.op_type() == "DepthToSpace", columnRow = textAttribute(node, "mode", "DCR") == "CRD";
  if (block < 1 || (toSpace ? c % (block * block) != 0 : h % block != 0 || w % block != 0))
    context.refuse(node, "its blocks do not divide its input");
  List box{c, h / block, block, w / block, block}, order{2, 4, 0, 1, 3}, shape{c * block * block, h / block, w / block};
  if (toSpace) {
    const std::int64_t depth = c / (block * block);
    box = columnRow ? List{depth, block, block, h, w} : List{block, block, depth, h, w};
    order = columnRow ? List{0, 3, 1, 4, 2} : List{2, 3, 0, 4, 1};
    shape = {depth, h * block, w * block};
  }
  context.define(node, source, context.addCounted(node, "rearrange", {{"box", box}, {"order", order}, {"shape", shape}}, {source.node}));
}

}  // namespace

std::span<const Operator> moveOperators() {
  static const std::vector<Operator> table{
      {"Slice", slice, 5, "axes ends starts"},
      {"Split", split, 2, "axis split", "num_outputs"},
      {"Gather", gather, 2, "axis"},
      {"Tile", repeat, 2},
      {"Expand", repeat, 2},
      {"Pad", pad, 4, "mode paddings pads value"},
      {"DepthToSpace", depthAndSpace, 1, "blocksize mode"},
      {"SpaceToDepth", depthAndSpace, 1, "blocksize"},
  };
  return table;
}

// What has more dimensions than our three sides is laid out as what lies before, along and behind that one.
Value chosenAlong(ImportContext& context, const Node& node, const Value& source, std::int64_t axis, const List& numbers) {
  if (source.box.empty()) return chosen(context, node, source, sideOf(source, axis), numbers);
  List box = source.box, shape{1, 1, 1};
  const auto own = std::size_t(axis - 1);
  for (std::size_t i = 0; i < box.size(); ++i) shape[i < own ? 0 : i == own ? 1 : 2] *= box[i];
  Value maps = source;
  maps.box.clear();
  maps.node = context.shaped(node, source, shape);
  maps.shared = source.shared && maps.node == source.node;
  Value result = chosen(context, node, maps, 1, numbers);
  box[own] = std::int64_t(numbers.size());
  result.box = box;
  return result;
}

// One row or column of a resized map for each of the result: that of the input which lies nearest, as the standard rounds it.
Value resizedToNearest(ImportContext& context, const Node& node, Value source, std::size_t side, const ResizedSide& wanted,
                       const std::string& centers, const std::string& rounding) {
  List numbers;
  for (std::int64_t i = 0; i < wanted.size; ++i) {
    double place = (double(i) + 0.5) / wanted.scale - 0.5;
    if (centers == "asymmetric") place = double(i) / wanted.scale;
    if (centers == "align_corners")
      place = wanted.scale * double(wanted.from) <= 1 ? 0 : double(i) * double(wanted.from - 1) / (wanted.scale * double(wanted.from) - 1);
    if (centers == "pytorch_half_pixel" && wanted.size == 1) place = 0;
    if (centers == "tf_half_pixel_for_nn") place = (double(i) + 0.5) / wanted.scale;
    double nearest = std::ceil(place - 0.5);
    if (rounding == "round_prefer_ceil") nearest = std::floor(place + 0.5);
    if (rounding == "floor") nearest = std::floor(place);
    if (rounding == "ceil") nearest = std::ceil(place);
    numbers.push_back(std::clamp<std::int64_t>(std::int64_t(nearest), 0, wanted.from - 1));
  }
  return chosen(context, node, source, side, numbers);
}

}  // namespace io::onnxfile
