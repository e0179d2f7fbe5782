// Reshaping and transposing, which move nothing here, and the shapes that exporters compute with.
#include <algorithm>
#include <span>

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
  if (std::count(dims.begin(), dims.end(), -1) > 1) context.damaged(node, "its new shape leaves more than one dimension open");
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

// x.view(x.size(0), -1), interpolate(x, size=...) and the like: a constant, so that what is made of it is computed as of any other.
void readShape(ImportContext& context, const Node& node) {
  const std::vector<std::int64_t> dims = context.dimensionsOf(context.value(node, 0));
  const auto [first, last] = shapePart(node, std::int64_t(dims.size()));
  onnx::TensorProto& proto = context.ownTensors.emplace_back();
  writeIntegers(proto, node.output(0), std::span(dims).subspan(std::size_t(first), std::size_t(last - first)));
  context.tensors[node.output(0)] = &proto;
}

}  // namespace

std::span<const Operator> shapeOperators() {
  static const std::vector<Operator> table{
      {"Flatten", flatten, 1, "axis"},
      {"Reshape", reshape, 2, "allowzero shape"},
      {"Squeeze", reshape, 2, "axes"},
      {"Unsqueeze", reshape, 2, "axes"},
      {"Transpose", transpose, 1, "perm"},
      {"Shape", readShape, 1, "end start"},
      {"Gather", nullptr, 2, "axis"},
      {"ConstantOfShape", nullptr, 1, "value"},
      {"Floor", nullptr},
      {"Ceil", nullptr},
  };
  return table;
}

}  // namespace io::onnxfile
