// Reshaping and transposing, which move nothing here, and the shapes that exporters compute with.
#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

// The same values in the same order, with these dimensions behind the batch: maps or a row of values where they are that.
Value withDimensions(ImportContext& context, const Node& node, Value source, const std::vector<std::int64_t>& dims) {
  const nn::Shape shape = context.shapeOf(source);
  const std::vector<std::int64_t> first{shape.channels, shape.height, shape.width}, last{shape.height, shape.width, shape.channels};
  const bool alike = shape.channels == 1 || shape.size() == std::size_t(shape.channels);  // both orders are the same
  source.box.clear();
  source.flat = dims.size() == 1;
  source.line = false;
  if (source.flat) return source;
  const bool asItWas = dims == (source.order == Order::ChannelsFirst ? first : last);
  if (asItWas) return source;
  if (alike && (dims == first || dims == last)) {
    source.order = dims == first ? Order::ChannelsFirst : Order::ChannelsLast;
    return source;
  }
  source.line = shape.height == 1 && (alike || source.order == Order::ChannelsFirst) &&
                dims == std::vector<std::int64_t>{shape.channels, shape.width};
  if (source.line) {
    source.order = Order::ChannelsFirst;
    return source;
  }
  source = context.asBox(node, source);
  source.box = dims;
  return source;
}

void flatten(ImportContext& context, const Node& node) {
  Value result = context.anyValue(node, 0);
  const std::vector<std::int64_t> dims = context.dimensionsOf(result);
  const std::int64_t given = intAttribute(node, "axis", 1);
  const std::int64_t axis =
      given == std::int64_t(dims.size()) - (result.batchless ? 1 : 0) ? std::int64_t(dims.size()) : context.axisOf(node, result, given);
  const std::int64_t rows = std::accumulate(dims.begin(), dims.begin() + axis, std::int64_t(1), std::multiplies<>());
  result.batchless = rows > 1;
  if (rows > 1)
    return context.define(node, withDimensions(context, node, result, {rows, std::int64_t(context.shapeOf(result).size()) / rows}));
  if (!result.box.empty()) result = withDimensions(context, node, result, {std::int64_t(context.shapeOf(result).size())});
  result.flat = true;
  result.line = false;
  context.define(node, result);
}

// Squeeze and Unsqueeze.
Value dimensionsOfOne(ImportContext& context, const Node& node, Value source) {
  std::vector<std::int64_t> axes = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "axes", {});
  const bool adds = node.op_type() == "Unsqueeze";
  std::vector<std::int64_t> dims = context.writtenDimensionsOf(source);
  const std::int64_t rank = std::int64_t(dims.size()) + (adds ? std::int64_t(axes.size()) : 0);
  for (std::int64_t& axis : axes) {
    axis += axis < 0 ? rank : 0;
    if (axis < 0 || axis >= rank) context.refuse(node, "its axis is out of range");
  }
  // Without axes all are dropped; that of the batch stays, whatever its size.
  if (!adds && axes.empty())
    for (std::size_t i = source.batchless ? 0 : 1; i < dims.size(); ++i)
      if (dims[i] == 1) axes.push_back(std::int64_t(i));
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) context.refuse(node, "it names an axis twice");
  for (const std::int64_t axis : axes)
    if (adds) dims.insert(dims.begin() + axis, 1);
  for (auto axis = axes.rbegin(); !adds && axis != axes.rend(); ++axis) {
    if (dims[std::size_t(*axis)] != 1) context.refuse(node, "only dimensions of size one may be added or dropped here");
    dims.erase(dims.begin() + *axis);
  }
  const bool first = !axes.empty() && axes.front() == 0;
  if (first && !adds && !source.batchless)
    source.batchless = true;
  else if (first && adds && source.batchless)
    source.batchless = false;
  else if (first && adds)
    context.refuse(node, "it puts a dimension before the batch");
  if (!source.batchless) dims.erase(dims.begin());
  if (dims.empty()) dims = {1};
  return withDimensions(context, node, source, dims);
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
  result.flat = result.batchless = false;
  result.order = channelsLast ? Order::ChannelsLast : Order::ChannelsFirst;
  context.define(node, result);
}

// Whether the first of new dimensions is more than the batch: that times others, such as the heads of attention.
bool joinsBatch(const ImportContext& context, const std::vector<std::int64_t>& dims, std::int64_t size) {
  const std::int64_t first = dims.front();
  if (first == 1 || first == 0 || (first > 1 && first == context.saidBatch)) return false;
  const bool open = std::count(dims.begin() + 1, dims.end(), -1) > 0;
  std::int64_t rest = 1;
  for (auto dim = dims.begin() + 1; dim != dims.end(); ++dim) {
    if (*dim < -1 || *dim > size || first > size) return false;
    rest *= *dim;
    if (rest == 0 || rest > size || rest < -size) return false;
  }
  if (open) return first > 1 && size % (first * rest) == 0;
  return rest > 0 && rest < size && size % rest == 0 && (first == -1 || first == size / rest);
}

// Nothing moves in memory.
void reshape(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  if (node.op_type() != "Reshape") return context.define(node, dimensionsOfOne(context, node, source));
  const nn::Shape shape = context.shapeOf(source);
  const std::vector<std::int64_t> before = context.writtenDimensionsOf(source);
  std::vector<std::int64_t> dims = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "shape", {});
  const bool zeros = context.hasInput(node, 1) && intAttribute(node, "allowzero", 0) != 0;  // a zero is meant as one, not as "as before"
  for (std::size_t i = 0; i < dims.size() && i < before.size(); ++i)
    if (dims[i] == 0 && !zeros) dims[i] = before[i];
  if (std::count(dims.begin(), dims.end(), -1) > 1) context.damaged(node, "its new shape leaves more than one dimension open");
  if (dims.empty()) context.refuse(node, "its new shape is not supported");
  // What one dimension holds is the row of values of a single image; else the first is the batch.
  Value result = source;
  result.batchless = source.batchless || dims.size() == 1 || joinsBatch(context, dims, std::int64_t(shape.size()));
  if (!result.batchless) dims.erase(dims.begin());
  std::int64_t known = 1;
  for (const std::int64_t dim : dims) {
    if (dim < -1 || dim == 0 || dim > 65536 * 1024 || known > (std::int64_t(1) << 31))
      context.refuse(node, "its new shape is not supported");
    if (dim > 0) known *= dim;
  }
  for (std::int64_t& dim : dims)
    if (dim == -1) dim = std::int64_t(shape.size()) / known;
  if (source.batchless && dims.size() > 1 && dims.front() == 1) {
    result.batchless = false;
    dims.erase(dims.begin());
  }
  std::int64_t total = 1;
  for (const std::int64_t dim : dims) total = total > (std::int64_t(1) << 31) ? total : total * dim;
  if (total != std::int64_t(shape.size()))
    context.refuse(node, "its new shape does not hold as many values as arrive", "Reshape without mixing the images of a batch");
  const bool ofInput = dims.size() == 3 && dims[0] != shape.channels && context.drafts[std::size_t(result.node)].spec.type == "input" &&
                       result.flat && shape.isVector() && context.drafts.size() == 1;
  if (ofInput) return reshapeInput(context, node, result, {int(dims[0]), int(dims[1]), int(dims[2])});
  context.define(node, withDimensions(context, node, result, dims));
}

// The shape that a tensor has when its dimensions behind the batch are these.
std::vector<std::int64_t> shapeFor(const std::vector<std::int64_t>& dims) {
  if (dims.size() < 3) return {dims.front(), 1, dims.size() == 2 ? dims.back() : 1};
  const auto middle = std::accumulate(dims.begin() + 1, dims.end() - 1, std::int64_t(1), std::multiplies<>());
  return {dims.front(), middle, dims.back()};
}

void transpose(ImportContext& context, const Node& node) {
  Value result = context.padded(node, 0);
  std::vector<std::int64_t> order = intsAttribute(node, "perm", {});
  if (!result.batchless && (order.empty() || order.front() != 0)) {  // the batch moves: one more dimension of the image, of size one
    const std::vector<std::int64_t> dims = context.dimensionsOf(result);
    result = context.asBox(node, context.anyValue(node, 0));
    result.box = dims;
    result.batchless = true;
  }
  const std::int64_t rank = context.rankOf(result), left = result.batchless ? 1 : 0;
  if (order.empty())
    for (std::int64_t i = rank - left; i-- > 0;) order.push_back(i);
  if (result.batchless) {
    for (std::int64_t& axis : order) ++axis;
    order.insert(order.begin(), 0);
  }
  std::vector<std::int64_t> sorted = order, all(static_cast<std::size_t>(rank));
  std::sort(sorted.begin(), sorted.end());
  std::iota(all.begin(), all.end(), 0);
  if (sorted != all) context.refuse(node, "its order does not name each dimension once");
  const bool maps = rank == 4 && result.box.empty();
  if (maps && order == std::vector<std::int64_t>{0, 3, 1, 2} && result.order == Order::ChannelsLast) {
    result.order = Order::ChannelsFirst;
    return context.define(node, result);
  }
  if (maps && order == std::vector<std::int64_t>{0, 2, 3, 1} && result.order == Order::ChannelsFirst) {
    result.order = Order::ChannelsLast;
    return context.define(node, result);
  }
  if (order == all) return context.define(node, result);
  const Value source = context.asBox(node, result.box.empty() ? context.anyValue(node, 0) : result);
  std::vector<std::int64_t> turned, dims;
  for (auto axis = order.begin() + 1; axis != order.end(); ++axis) {
    turned.push_back(*axis - 1);
    dims.push_back(source.box[std::size_t(*axis - 1)]);
  }
  result = source;
  std::vector<std::int64_t> larger;  // sides of more than one cell: where they keep their order, nothing moves
  for (const std::int64_t axis : turned)
    if (source.box[std::size_t(axis)] > 1) larger.push_back(axis);
  if (!std::is_sorted(larger.begin(), larger.end())) {
    result.node = context.addCounted(node, "rearrange", {{"box", source.box}, {"order", turned}, {"shape", shapeFor(dims)}}, {source.node});
    result.shared = false;
  }
  if (result.batchless && dims.size() > 1 && dims.front() == 1) {
    result.batchless = false;
    dims.erase(dims.begin());
  }
  context.define(node, withDimensions(context, node, result, dims));
}

// x.view(x.size(0), -1), interpolate(x, size=...) and the like: a constant, so that what is made of it is computed as of any other.
void readShape(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  const std::vector<std::int64_t> dims = context.writtenDimensionsOf(source);
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
      {"ConstantOfShape", nullptr, 1, "value"},
      {"Range", nullptr, 3},
      {"Size", nullptr},
  };
  return table;
}

}  // namespace io::onnxfile
