// Reshaping and transposing, which move nothing here, and the arithmetic on shapes that exporters leave in a graph.
#include <algorithm>
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

// The dimensions after the batch; -1 stands for what is left.
std::vector<std::int64_t> withoutBatch(const std::vector<std::int64_t>& dims) {
  return {dims.begin() + (dims.empty() ? 0 : 1), dims.end()};
}

void flatten(ImportContext& context, const Node& node) {
  Value result = context.value(node, 0);
  if (intAttribute(node, "axis", 1) != 1) context.refuse(node, "only flattening from the second dimension on is supported", "Use axis 1");
  result.flat = true;
  context.define(node, result);
}

// Squeeze and Unsqueeze.
void dimensionsOfOne(ImportContext& context, const Node& node, Value& result) {
  const std::vector<std::int64_t> axes = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "axes", {});
  const nn::Shape shape = context.shapeOf(result);
  const bool adds = node.op_type() == "Unsqueeze";
  if (shape.isVector()) {
    // A row of values; or, with dimensions of one, maps of one cell.
    const std::int64_t count = std::int64_t(axes.size()), rank = adds           ? context.rankOf(result) + count
                                                                 : axes.empty() ? 2
                                                                                : context.rankOf(result) - count;
    result.flat = rank == 2;
    result.line = rank == 3;
    return;
  }
  const bool oneRow = shape.height == 1 && result.order == Order::ChannelsFirst && !result.flat && axes == std::vector<std::int64_t>{2};
  if (oneRow && adds == result.line)
    result.line = !adds;
  else if (shape.channels != 1)
    context.refuse(node, "only dimensions of size one may be added or dropped here");
}

// An input that comes as a row of values and is made an image first: the image is the input.
void reshapeInput(ImportContext& context, const Node& node, const Value& source, const nn::Shape& given) {
  const bool channelsLast = (given.width == 1 || given.width == 3) && given.channels > 4;
  const nn::Shape shape = channelsLast ? nn::Shape{given.width, given.channels, given.height} : given;
  if (channelsLast && shape.channels > 1) context.refuse(node, "a flat input of color images with the channels last is not supported");
  Draft& input = context.drafts[std::size_t(source.node)];
  input.spec.fields = {
      {"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}};
  context.remake(node, source.node);
  Value result = source;
  result.flat = false;
  result.order = channelsLast ? Order::ChannelsLast : Order::ChannelsFirst;
  context.define(node, result);
}

// Reshape, Squeeze and Unsqueeze: nothing moves in memory, so either it flattens, or it only adds and drops dimensions of one.
void reshape(ImportContext& context, const Node& node) {
  Value result = context.value(node, 0);
  const nn::Shape shape = context.shapeOf(result);
  if (node.op_type() != "Reshape") {
    dimensionsOfOne(context, node, result);
    context.define(node, result);
    return;
  }
  const std::vector<std::int64_t> before = context.dimensionsOf(result);
  std::vector<std::int64_t> dims = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "shape", {});
  const bool zeros = context.hasInput(node, 1) && intAttribute(node, "allowzero", 0) != 0;  // a zero is meant as one, not as "as before"
  for (std::size_t i = 1; i < dims.size() && i < before.size(); ++i) {
    if (dims[i] == 0 && !zeros) dims[i] = before[i];
  }
  dims = withoutBatch(dims);
  std::int64_t known = 1;
  for (const std::int64_t dim : dims) {
    if (dim < -1 || dim == 0 || dim > 65536 * 1024 || known > (std::int64_t(1) << 31))
      context.refuse(node, "its new shape is not supported");
    if (dim > 0) known *= dim;
  }
  for (std::int64_t& dim : dims) {
    if (dim == -1) dim = std::int64_t(shape.size()) / known;
  }
  std::int64_t total = 1;
  for (const std::int64_t dim : dims) total = total > (std::int64_t(1) << 31) ? total : total * dim;
  if (total != std::int64_t(shape.size()))
    context.refuse(node, "its new shape does not hold as many values as arrive", "Reshape without mixing the images of a batch");
  const bool sameMap = dims.size() == 3 && dims == (result.order == Order::ChannelsFirst
                                                        ? std::vector<std::int64_t>{shape.channels, shape.height, shape.width}
                                                        : std::vector<std::int64_t>{shape.height, shape.width, shape.channels});
  if (dims.size() == 1) {
    result.flat = true;
  } else if (sameMap) {
    result.flat = false;
  } else if (dims.size() == 3 && shape.channels == 1 && (dims[0] == 1 || dims[2] == 1)) {
    // A gray image: channels first and last are the same values in the same order.
    result.order = dims[0] == 1 ? Order::ChannelsFirst : Order::ChannelsLast;
    result.flat = false;
  } else if (dims.size() == 3 && context.drafts[std::size_t(result.node)].spec.type == "input" && result.flat && shape.isVector() &&
             context.drafts.size() == 1) {
    reshapeInput(context, node, result, {int(dims[0]), int(dims[1]), int(dims[2])});
    return;
  } else if (dims.size() == 3 && (result.order == Order::ChannelsFirst || shape.isVector())) {
    context.define(node, Value{}, context.addCounted(node, "reshape", {{"shape", dims}}, {result.node}));
    return;
  } else {
    context.refuse(node, "reshaping to " + std::to_string(dims.size() + 1) + " dimensions is not supported here",
                   "Flatten to two dimensions before the dense layers");
  }
  context.define(node, result);
}

void transpose(ImportContext& context, const Node& node) {
  Value result = context.padded(node, 0);
  const std::vector<std::int64_t> order = intsAttribute(node, "perm", {});
  const nn::Shape shape = context.shapeOf(result);
  if (result.flat || order.size() != 4) context.refuse(node, "transposing is only supported between channels first and channels last");
  if (order == std::vector<std::int64_t>{0, 3, 1, 2} && (result.order == Order::ChannelsLast || shape.channels == 1)) {
    result.order = Order::ChannelsFirst;
  } else if (order == std::vector<std::int64_t>{0, 2, 3, 1} && (result.order == Order::ChannelsFirst || shape.channels == 1)) {
    result.order = Order::ChannelsLast;
  } else if (order != std::vector<std::int64_t>{0, 1, 2, 3}) {
    context.refuse(node, "transposing is only supported between channels first and channels last");
  }
  context.define(node, result);
}

// Numbers of a shape that is computed in the graph, or a constant.
std::vector<double> numbers(const ImportContext& context, const Node& node, int input) {
  if (!context.hasInput(node, input)) context.damaged(node, "input " + std::to_string(input + 1) + " is missing");
  if (const auto computed = context.computedShapes.find(node.input(input)); computed != context.computedShapes.end())
    return computed->second;
  const Tensor tensor = context.constant(node, input);
  return {tensor.values.begin(), tensor.values.end()};
}

// Two lists of a shape's numbers, place by place; what is made of the batch stays the batch.
std::vector<double> joined(const ImportContext& context, const Node& node) {
  const std::vector<double> left = numbers(context, node, 0), right = numbers(context, node, 1);
  const std::size_t size = std::max(left.size(), right.size());
  if (size > 64 || (left.size() != size && left.size() != 1) || (right.size() != size && right.size() != 1))
    context.refuse(node, "it joins lists of different length");
  std::vector<double> result;
  const bool whole = context.computedShapes.contains(node.input(0)) && context.computedShapes.contains(node.input(1));
  for (std::size_t i = 0; i < size; ++i) {
    const double a = left[left.size() == 1 ? 0 : i], b = right[right.size() == 1 ? 0 : i];
    if (a < 0 || b < 0)
      result.push_back(-1);
    else if (node.op_type() == "Add")
      result.push_back(a + b);
    else if (node.op_type() == "Sub")
      result.push_back(a - b);
    else if (node.op_type() == "Mul")
      result.push_back(a * b);
    else
      result.push_back(b == 0 ? -1 : whole ? std::floor(a / b) : a / b);
  }
  return result;
}

}  // namespace

// Shapes that are computed inside the graph: x.view(x.size(0), -1), interpolate(x, size=...) and the like.
void shapeArithmetic(ImportContext& context, const Node& node) {
  const std::string& op = node.op_type();
  std::vector<double> result;
  if (op == "Shape") {
    const std::vector<std::int64_t> dims = context.dimensionsOf(context.value(node, 0));
    const auto [first, last] = shapePart(node, std::int64_t(dims.size()));
    for (std::int64_t i = first; i < last; ++i) result.push_back(double(dims[std::size_t(i)]));
  } else if (op == "Gather") {
    const std::vector<double> from = numbers(context, node, 0);
    for (std::int64_t index : context.integers(node, 1)) {
      if (index < 0) index += std::int64_t(from.size());
      if (index < 0 || index >= std::int64_t(from.size())) context.damaged(node, "its index is out of range");
      result.push_back(from[std::size_t(index)]);
    }
  } else if (op == "Slice") {
    const std::vector<double> from = numbers(context, node, 0);
    const auto size = std::int64_t(from.size());
    const std::vector<std::int64_t> starts = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "starts", {0});
    const std::vector<std::int64_t> ends = context.hasInput(node, 2) ? context.integers(node, 2) : intsAttribute(node, "ends", {size});
    const bool oneByOne = !context.hasInput(node, 4) || context.integers(node, 4) == std::vector<std::int64_t>{1};
    if (starts.size() != 1 || ends.size() != 1 || !oneByOne) context.refuse(node, "only slices of a shape are supported");
    const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    for (std::int64_t i = within(starts[0]); i < within(ends[0]); ++i) result.push_back(from[std::size_t(i)]);
  } else if (op == "Concat") {
    for (int i = 0; i < node.input_size(); ++i) {
      const std::vector<double> part = numbers(context, node, i);
      result.insert(result.end(), part.begin(), part.end());
      if (result.size() > 64) context.refuse(node, "it joins too many numbers");
    }
  } else if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
    result = joined(context, node);
  } else if (op == "Identity" || op == "Cast" || op == "Squeeze" || op == "Unsqueeze" || op == "Floor" || op == "Reshape") {
    result = numbers(context, node, 0);
    const bool cuts = op == "Floor" || (op == "Cast" && intAttribute(node, "to", 0) != onnx::TensorProto::FLOAT);
    if (cuts) std::transform(result.begin(), result.end(), result.begin(), [](double number) { return std::floor(number); });
  } else {
    context.refuse(node, "a shape is computed by " + cleaned(op) + ", which is not supported", "Export the model with a fixed image size");
  }
  context.computedShapes[node.output(0)] = std::move(result);
}

std::span<const Operator> shapeOperators() {
  static const std::vector<Operator> table{
      {"Flatten", flatten, 1, "axis"},
      {"Reshape", reshape, 2, "allowzero shape"},
      {"Squeeze", reshape, 2, "axes"},
      {"Unsqueeze", reshape, 2, "axes"},
      {"Transpose", transpose, 1, "perm"},
      {"Shape", shapeArithmetic, 1, "end start"},
      {"Gather", nullptr, 2, "axis"},
      {"ConstantOfShape", nullptr, 1, "value"},
      {"Floor", nullptr},
      {"Ceil", nullptr},
  };
  return table;
}

}  // namespace io::onnxfile
