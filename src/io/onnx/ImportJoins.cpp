// Tensors that meet: sums, products and matrix products of several that are computed from the input, and those put one after the other.
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

using Sizes = std::vector<std::int64_t>;

std::int64_t cellsOf(const Sizes& dims) {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t(1), std::multiplies<>());
}

// Two tensors as layers of which one may have a single cell along a side where the other has more; what they make has the form of `made`.
struct Pair {
  int first = -1, second = -1;
  Value made;
};

bool haveOneForm(const Value& a, const Value& b) {
  return a.box == b.box && a.order == b.order && a.flat == b.flat && a.line == b.line && a.batchless == b.batchless;
}

bool meet(const nn::Shape& a, const nn::Shape& b) {
  const auto fits = [](int one, int other) { return one == other || one == 1 || other == 1; };
  return fits(a.channels, b.channels) && fits(a.height, b.height) && fits(a.width, b.width);
}

// Dimensions that both have, or one of both alone, lie in a row with their like: at most three such rows become our sides.
std::array<Sizes, 2> commonSides(const ImportContext& context, const Node& node, const Sizes& one, const Sizes& other) {
  const std::size_t behind = one.size() > 1 && one[0] == 1 && other[0] == 1 ? 1 : 0;
  const bool few = one.size() - behind <= 3;
  std::array<Sizes, 2> sides;
  int last = -1;
  for (std::size_t i = behind; i < one.size(); ++i) {
    const int kind = (one[i] > 1 ? 1 : 0) + (other[i] > 1 ? 2 : 0);
    if (!few && kind == 0) continue;
    if (!few && kind == last) {
      sides[0].back() *= one[i], sides[1].back() *= other[i];
      continue;
    }
    sides[0].push_back(one[i]), sides[1].push_back(other[i]);
    last = kind;
  }
  if (sides[0].size() > 3)
    context.refuse(node, "it joins tensors of " + std::to_string(one.size()) + " dimensions that are repeated by turns");
  for (Sizes& shape : sides) {
    if (shape.size() == 2) shape.insert(shape.begin() + 1, 1);
    shape.resize(3, 1);
  }
  return sides;
}

Pair paired(ImportContext& context, const Node& node, Value first, Value second) {
  if (haveOneForm(first, second) && context.shapeOf(first) == context.shapeOf(second)) return {first.node, second.node, first};
  if (first.flat) first = context.asVector(node, first);
  if (second.flat) second = context.asVector(node, second);
  if (haveOneForm(first, second) && first.box.empty() && meet(context.shapeOf(first), context.shapeOf(second)))
    return {first.node, second.node, first};
  Sizes one = context.writtenDimensionsOf(first), other = context.writtenDimensionsOf(second);
  const std::size_t rank = std::max(one.size(), other.size());
  one.insert(one.begin(), rank - one.size(), 1);
  other.insert(other.begin(), rank - other.size(), 1);
  Sizes dims;
  for (std::size_t i = 0; i < rank; ++i) {
    if (one[i] != other[i] && one[i] != 1 && other[i] != 1) context.refuse(node, "it joins tensors of different sizes");
    dims.push_back(std::max(one[i], other[i]));
  }
  const std::array<Sizes, 2> shapes = commonSides(context, node, one, other);
  Pair pair;
  pair.first = context.shaped(node, context.asBox(node, first), shapes[0]);
  pair.second = context.shaped(node, context.asBox(node, second), shapes[1]);
  pair.made = ImportContext::boxed(pair.first, dims);
  return pair;
}

// A layer with its cells along a side again and again, so that it has the shape of the other.
int stretched(ImportContext& context, const Node& node, int layer, const nn::Shape& wanted) {
  const nn::Shape own = context.drafts[std::size_t(layer)].layer->outputShape();
  nn::Fields fields;
  if (own.channels < wanted.channels) fields["channels"] = Sizes(std::size_t(wanted.channels), 0);
  if (own.height < wanted.height) fields["rows"] = Sizes(std::size_t(wanted.height), 0);
  if (own.width < wanted.width) fields["columns"] = Sizes(std::size_t(wanted.width), 0);
  return fields.empty() ? layer : context.addCounted(node, "select", std::move(fields), {layer});
}

Value sumOfTwo(ImportContext& context, const Node& node, const Value& one, const Value& other) {
  const Pair pair = paired(context, node, one, other);
  const auto shapeOf = [&](int layer) { return context.drafts[std::size_t(layer)].layer->outputShape(); };
  Value result = pair.made;
  const int first = stretched(context, node, pair.first, shapeOf(pair.second));
  result.node = context.addCounted(node, "add", {}, {first, stretched(context, node, pair.second, shapeOf(first))});
  result.shared = false;
  return result;
}

// With rows and columns put for each other in the last two dimensions.
Value turned(ImportContext& context, const Node& node, const Value& source) {
  Sizes dims = context.writtenDimensionsOf(source);
  if (dims.size() < 2) context.refuse(node, "it multiplies a row of values, where a matrix is read");
  const std::int64_t rows = dims[dims.size() - 2], columns = dims.back(), maps = cellsOf(dims) / rows / columns;
  const int layer = context.addCounted(
      node, "rearrange", {{"box", Sizes{maps, rows, columns}}, {"order", Sizes{0, 2, 1}}, {"shape", Sizes{maps, columns, rows}}},
      {context.asBox(node, source).node});
  std::swap(dims[dims.size() - 2], dims.back());
  return ImportContext::boxed(layer, dims);
}

// A matrix of its own for each of the dimensions before: a convolution in as many groups.
Value byMatrices(ImportContext& context, const Node& node, const Value& source, const Tensor& weights) {
  Sizes dims = context.writtenDimensionsOf(source);
  if (cellsOf(weights.dims) < 1) context.damaged(node, "its weights are empty");
  const std::int64_t inner = weights.dims[weights.dims.size() - 2], outputs = weights.dims.back(),
                     maps = cellsOf(weights.dims) / inner / outputs;
  if (maps == 1) return alongLast(context, node, source, {weights.name, {inner, outputs}, weights.values});
  const std::int64_t rows = dims.size() < 2 ? 1 : dims[dims.size() - 2];
  if (dims.back() != inner || cellsOf(dims) != maps * rows * inner) context.refuse(node, "its matrices are not one for each map");
  const auto turn = [&](int layer, std::int64_t first, std::int64_t second, const Sizes& shape) {
    return context.addCounted(node, "rearrange", {{"box", Sizes{maps, first, second}}, {"order", Sizes{0, 2, 1}}, {"shape", shape}},
                              {layer});
  };
  const int columns = turn(context.asBox(node, source).node, rows, inner, {maps * inner, 1, rows});
  const int layer = context.addNode(node, context.nameFor(node, "conv"), "conv2d",
                                    {{"filters", maps * outputs}, {"kernel", Sizes{1}}, {"groups", maps}}, {columns});
  Draft& draft = context.drafts[std::size_t(layer)];
  std::vector<float>& kernel = draft.blocks["kernel"];
  for (std::int64_t map = 0; map < maps; ++map)
    for (std::int64_t out = 0; out < outputs; ++out)
      for (std::int64_t in = 0; in < inner; ++in) kernel.push_back(weights.values[std::size_t((map * inner + in) * outputs + out)]);
  draft.blocks["bias"].assign(std::size_t(maps * outputs), 0.0f);
  dims.back() = outputs;
  return ImportContext::boxed(turn(layer, outputs, rows, {maps, rows, outputs}), dims);
}

// Map by map: what lies before the last two dimensions is alike, or one of both has a single matrix for all.
Value ofTwo(ImportContext& context, const Node& node, const Value& first, const Value& second) {
  const Sizes one = context.writtenDimensionsOf(first), other = context.writtenDimensionsOf(second);
  if (one.size() < 2 || other.size() < 2) context.refuse(node, "it multiplies a row of values, where a matrix is read");
  const Sizes before(one.begin(), one.end() - 2), beforeOther(other.begin(), other.end() - 2);
  const std::int64_t maps = cellsOf(before), mapsOfOther = cellsOf(beforeOther);
  const std::int64_t rows = one[one.size() - 2], inner = one.back(), columns = other.back();
  const auto all = [](Sizes dims) {
    dims.erase(std::remove(dims.begin(), dims.end(), 1), dims.end());
    return dims;
  };
  if (other[other.size() - 2] != inner || (maps != 1 && mapsOfOther != 1 && all(before) != all(beforeOther)))
    context.refuse(node, "it multiplies matrices whose sizes do not fit");
  const int a = context.shaped(node, context.asBox(node, first), {maps, rows, inner}),
            b = context.shaped(node, context.asBox(node, second), {mapsOfOther, inner, columns});
  Sizes dims(std::max(before.size(), beforeOther.size()), 1);
  for (const Sizes* each : {&before, &beforeOther})
    for (std::size_t i = 1; i <= each->size(); ++i) dims[dims.size() - i] = std::max(dims[dims.size() - i], (*each)[each->size() - i]);
  if (cellsOf(dims) != std::max(maps, mapsOfOther)) context.refuse(node, "it repeats matrices in a way that is not read");
  dims.insert(dims.end(), {rows, columns});
  return ImportContext::boxed(context.addCounted(node, "matmul", {}, {a, b}), dims);
}

// Computed tensors, along any dimension.
Value inARow(ImportContext& context, const Node& node, std::vector<Value> parts, std::int64_t given) {
  for (Value& part : parts) {
    if (part.box.size() <= 3) part = context.viewed(node, part);
    if (part.flat) part = context.asVector(node, part);
  }
  const Value& first = parts.front();
  const std::int64_t axis = context.axisOf(node, first, given);
  if (parts.size() == 1) return first;
  if (axis == 0) context.refuse(node, "it joins images of a batch, of which one is computed");
  const bool alike =
      first.box.empty() && std::all_of(parts.begin(), parts.end(), [&](const Value& part) { return haveOneForm(part, first); });
  Sizes dims = context.dimensionsOf(first);
  const std::int64_t before = cellsOf({dims.begin(), dims.begin() + axis}), after = cellsOf({dims.begin() + axis + 1, dims.end()});
  const bool last = first.order == Order::ChannelsLast;
  std::size_t side = std::size_t(axis) - 1;
  if (first.line) side = (axis == 1) != last ? 0 : 2;
  if (!first.line && last) side = std::array<std::size_t, 4>{0, 1, 2, 0}[std::size_t(axis)];
  if (!alike) side = 1;
  dims[std::size_t(axis)] = 0;
  std::vector<int> inputs;
  for (const Value& part : parts) {
    const Sizes own = context.dimensionsOf(part);
    if (own.size() != dims.size() || cellsOf(own) != before * after * own[std::size_t(axis)])
      context.refuse(node, "it joins tensors of different sizes");
    dims[std::size_t(axis)] += own[std::size_t(axis)];
    inputs.push_back(alike ? part.node : context.shaped(node, context.asBox(node, part), {before, own[std::size_t(axis)], after}));
  }
  nn::Fields fields;
  if (side > 0 && !(alike && first.flat)) fields["axis"] = std::string(side == 1 ? "rows" : "columns");
  Value result = first;
  result.node = context.addCounted(node, "concat", std::move(fields), inputs);
  result.shared = false;
  if (alike) return result;
  if (first.batchless) dims.erase(dims.begin());
  return ImportContext::boxed(result.node, dims);
}

// Constants among them are zeros at first, to which they are added then.
void concat(ImportContext& context, const Node& node) {
  std::vector<Value> parts;
  for (int i = 0; i < node.input_size(); ++i)
    if (!context.hasInput(node, i) || !context.isConstant(node.input(i))) parts.push_back(context.anyValue(node, i));
  if (parts.empty()) context.refuse(node, "it has no inputs");
  const std::int64_t given = intAttribute(node, "axis", 1);
  const Value computed = inARow(context, node, parts, given);
  if (std::ptrdiff_t(parts.size()) == node.input_size()) return context.define(node, computed);
  const std::int64_t axis = context.axisOf(node, computed, given);
  if (axis == 0) context.refuse(node, "it joins a constant to the images of a batch");
  Sizes numbers;
  std::vector<std::pair<std::int64_t, Tensor>> constants;  // with where each begins
  std::int64_t next = 0;
  std::size_t part = 0;
  for (int i = 0; i < node.input_size(); ++i) {
    const bool constant = context.isConstant(node.input(i));
    std::int64_t count = constant ? 0 : context.dimensionsOf(parts[part++])[std::size_t(axis)];
    if (constant) {
      constants.emplace_back(std::int64_t(numbers.size()), context.constant(node, i));
      Sizes& dims = constants.back().second.dims;
      if (computed.batchless) dims.insert(dims.begin(), 1);
      if (dims.size() <= std::size_t(axis)) context.refuse(node, "it joins tensors of different dimensions");
      count = dims[std::size_t(axis)];
    }
    for (std::int64_t k = 0; k < count; ++k) numbers.push_back(constant ? -1 : next++);
  }
  const Value wider = chosenAlong(context, node, computed, axis, numbers);
  Tensor filling{{}, context.dimensionsOf(wider), {}};
  filling.values.assign(std::size_t(cellsOf(filling.dims)), 0.0f);
  const std::int64_t after = cellsOf({filling.dims.begin() + axis + 1, filling.dims.end()});
  for (const auto& [first, constant] : constants) {
    const std::int64_t run = constant.dims[std::size_t(axis)] * after;
    if (std::int64_t(constant.values.size()) * filling.dims[std::size_t(axis)] !=
        std::int64_t(filling.values.size()) * constant.dims[std::size_t(axis)])
      context.refuse(node, "it joins tensors of different sizes");
    for (std::size_t i = 0; i < constant.values.size(); ++i)
      filling.values[std::size_t((std::int64_t(i) / run * filling.dims[std::size_t(axis)] + first) * after + std::int64_t(i) % run)] =
          constant.values[i];
  }
  context.define(node, scaledBy(context, node, wider, {{}, {}, {1}}, filling));
}

}  // namespace

Value sum(ImportContext& context, const Node& node, const std::vector<Value>& terms) {
  // Flattened maps are still maps here, until something needs them as a vector.
  const bool alike = std::all_of(terms.begin(), terms.end(), [&](const Value& term) {
    return haveOneForm(term, terms.front()) && context.shapeOf(term) == context.shapeOf(terms.front());
  });
  Value result = terms.front();
  if (alike) {
    std::vector<int> inputs;
    for (const Value& term : terms) inputs.push_back(term.node);
    result.node = context.addCounted(node, "add", {}, inputs);
    result.shared = false;
  }
  for (std::size_t i = 1; !alike && i < terms.size(); ++i) result = sumOfTwo(context, node, result, terms[i]);
  return result;
}

// A number for each map, or for each place, needs not be repeated.
Value product(ImportContext& context, const Node& node, const Value& first, const Value& second) {
  const Pair pair = paired(context, node, first, second);
  Value result = pair.made;
  result.node = context.addCounted(node, "multiply", {}, {pair.first, pair.second});
  result.shared = false;
  return result;
}

void matrixProduct(ImportContext& context, const Node& node) {
  if (context.hasInput(node, 1) && context.isConstant(node.input(1)))
    return context.define(node, byMatrices(context, node, context.anyValue(node, 0), context.constant(node, 1)));
  const Value second = context.anyValue(node, 1);
  if (!context.hasInput(node, 0) || !context.isConstant(node.input(0)))
    return context.define(node, ofTwo(context, node, context.anyValue(node, 0), second));
  Tensor weights = context.constant(node, 0);
  if (weights.dims.size() != 2) context.refuse(node, "its first input is a constant of other than two dimensions");
  Tensor columns{weights.name, {weights.dims[1], weights.dims[0]}, weights.values};
  for (std::int64_t i = 0; i < std::int64_t(weights.values.size()); ++i)
    columns.values[std::size_t(i % weights.dims[1] * weights.dims[0] + i / weights.dims[1])] = weights.values[std::size_t(i)];
  context.define(node, turned(context, node, alongLast(context, node, turned(context, node, second), columns)));
}

std::span<const Operator> joinOperators() {
  static const std::vector<Operator> table{
      {"Concat", concat, kAny, "axis"},
  };
  return table;
}

}  // namespace io::onnxfile
