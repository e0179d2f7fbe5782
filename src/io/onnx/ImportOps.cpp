// Operators without windows: activations, reshaping, joins, and the arithmetic on shapes that exporters leave in a graph.
#include <algorithm>
#include <cmath>

#include "io/onnx/Importer.h"

namespace io::onnxfile {

namespace {

bool near(float value, float wanted) {
  return std::abs(value - wanted) <= 1e-4f * std::abs(wanted);
}

// The dimensions after the batch; nullopt-like -1 stands for "what is left".
std::vector<std::int64_t> withoutBatch(const std::vector<std::int64_t>& dims) {
  return {dims.begin() + (dims.empty() ? 0 : 1), dims.end()};
}

}  // namespace

void Importer::alias(const Node& node) {
  if (const auto computed = hasInput(node, 0) ? m_integers.find(node.input(0)) : m_integers.end(); computed != m_integers.end()) {
    m_integers[node.output(0)] = computed->second;
    return;
  }
  if (hasInput(node, 0) && isConstant(node.input(0))) {
    m_constants[node.output(0)] = m_constants.at(node.input(0));
    return;
  }
  define(node, padded(node, 0));
}

void Importer::dropout(const Node& node) {
  const Value source = value(node, 0);
  float rate = floatAttribute(node, "ratio", 0.5f);
  if (hasInput(node, 1) && isConstant(node.input(1))) {
    const Tensor ratio = constant(node, 1);
    if (!ratio.values.empty()) rate = ratio.values[0];
  }
  Value result = source;
  result.shared = false;
  result.node = addNode(node, uniqueName("dropout" + std::to_string(++m_counters["dropout"])), "dropout",
                        {{"rate", double(std::clamp(rate, 0.0f, 0.95f))}}, {source.node});
  define(node, result);
}

// Zeros around a map, which the convolution after it takes over.
void Importer::pad(const Node& node) {
  Value result = padded(node, 0);
  const std::vector<std::int64_t> given = hasInput(node, 1) ? integers(node, 1) : intsAttribute(node, "pads", {});
  const bool nothing = std::all_of(given.begin(), given.end(), [](std::int64_t size) { return size == 0; });
  if (!nothing) {
    float filling = floatAttribute(node, "value", 0);
    if (hasInput(node, 2) && isConstant(node.input(2))) {
      const Tensor constantValue = constant(node, 2);
      if (!constantValue.values.empty()) filling = constantValue.values[0];
    }
    if (textAttribute(node, "mode", "constant") != "constant" || filling != 0) refuse(node, "only padding with zeros is supported");
    const std::size_t row = result.order == Order::ChannelsLast ? 1 : 2, other = result.order == Order::ChannelsLast ? 3 : 1;
    const bool fits = given.size() == 8 && !result.flat && given[0] == 0 && given[4] == 0 && given[other] == 0 && given[other + 4] == 0;
    if (!fits) refuse(node, "only the rows and columns of maps can be padded");
    const std::array<std::int64_t, 4> sizes{given[row], given[row + 1], given[row + 4], given[row + 5]};
    for (std::size_t side = 0; side < 4; ++side) {
      if (sizes[side] < 0 || sizes[side] > 4096 || result.pads[side] > 4096) refuse(node, "its padding is out of range");
      result.pads[side] += sizes[side];
    }
  }
  define(node, result);
}

void Importer::flatten(const Node& node) {
  Value result = value(node, 0);
  if (intAttribute(node, "axis", 1) != 1) refuse(node, "only flattening from the second dimension on is supported", "Use axis 1");
  result.flat = true;
  define(node, result);
}

// Reshape, Squeeze and Unsqueeze: nothing moves in memory, so either it flattens, or it only adds and drops dimensions of one.
void Importer::reshape(const Node& node) {
  if (hasInput(node, 0) && m_integers.contains(node.input(0))) {
    m_integers[node.output(0)] = m_integers.at(node.input(0));
    return;
  }
  Value result = value(node, 0);
  const nn::Shape shape = shapeOf(result);
  if (node.op_type() != "Reshape") {
    const bool image = shape.channels == 1 || shape.isVector();
    if (!image) refuse(node, "only dimensions of size one may be added or dropped here");
    if (shape.isVector()) result.flat = true;
    define(node, result);
    return;
  }
  std::vector<std::int64_t> dims = withoutBatch(hasInput(node, 1) ? integers(node, 1) : intsAttribute(node, "shape", {}));
  std::int64_t known = 1;
  for (const std::int64_t dim : dims) {
    if (dim < -1 || dim == 0 || dim > 65536 * 1024 || known > (std::int64_t(1) << 31)) refuse(node, "its new shape is not supported");
    if (dim > 0) known *= dim;
  }
  for (std::int64_t& dim : dims) {
    if (dim == -1) dim = std::int64_t(shape.size()) / known;
  }
  std::int64_t total = 1;
  for (const std::int64_t dim : dims) total = total > (std::int64_t(1) << 31) ? total : total * dim;
  if (total != std::int64_t(shape.size())) refuse(node, "its new shape does not hold as many values as arrive");
  const bool sameMap = dims.size() == 3 && dims == (result.order == Order::ChannelsFirst
                                                        ? std::vector<std::int64_t>{shape.channels, shape.height, shape.width}
                                                        : std::vector<std::int64_t>{shape.height, shape.width, shape.channels});
  if (dims.size() == 1) {
    result.flat = true;
  } else if (sameMap) {
    result.flat = false;
  } else if (dims.size() == 3 && shape.channels == 1 && (dims[0] == 1 || dims[2] == 1)) {
    // A grey image: channels first and last are the same values in the same order.
    result.order = dims[0] == 1 ? Order::ChannelsFirst : Order::ChannelsLast;
    result.flat = false;
  } else if (dims.size() == 3 && m_nodes[std::size_t(result.node)].spec.type == "input" && result.flat && shape.isVector() &&
             m_nodes.size() == 1) {
    reshapeInput(node, result, {int(dims[0]), int(dims[1]), int(dims[2])});
    return;
  } else {
    refuse(node, "reshaping to " + std::to_string(dims.size() + 1) + " dimensions is not supported here",
           "Flatten to two dimensions before the dense layers");
  }
  define(node, result);
}

// An input that comes as a row of values and is made an image first: the image is the input.
void Importer::reshapeInput(const Node& node, const Value& source, const nn::Shape& given) {
  const bool channelsLast = (given.width == 1 || given.width == 3) && given.channels > 4;
  const nn::Shape shape = channelsLast ? nn::Shape{given.width, given.channels, given.height} : given;
  if (channelsLast && shape.channels > 1) refuse(node, "a flat input of colour images with the channels last is not supported");
  Draft& input = m_nodes[std::size_t(source.node)];
  input.spec.fields = {
      {"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}};
  remake(node, source.node);
  Value result = source;
  result.flat = false;
  result.order = channelsLast ? Order::ChannelsLast : Order::ChannelsFirst;
  define(node, result);
}

void Importer::transpose(const Node& node) {
  Value result = padded(node, 0);
  const std::vector<std::int64_t> order = intsAttribute(node, "perm", {});
  const nn::Shape shape = shapeOf(result);
  if (result.flat || order.size() != 4) refuse(node, "transposing is only supported between channels first and channels last");
  if (order == std::vector<std::int64_t>{0, 3, 1, 2} && (result.order == Order::ChannelsLast || shape.channels == 1)) {
    result.order = Order::ChannelsFirst;
  } else if (order == std::vector<std::int64_t>{0, 2, 3, 1} && (result.order == Order::ChannelsFirst || shape.channels == 1)) {
    result.order = Order::ChannelsLast;
  } else if (order != std::vector<std::int64_t>{0, 1, 2, 3}) {
    refuse(node, "transposing is only supported between channels first and channels last");
  }
  define(node, result);
}

void Importer::softmax(const Node& node) {
  const Value source = value(node, 0);
  const std::int64_t axis = intAttribute(node, "axis", -1);
  // Before opset 13 it ran over all dimensions from `axis` on.
  const bool ofMaps = !shapeOf(source).isVector();
  if (ofMaps && ((axis != 1 && axis != -3) || source.flat || source.order == Order::ChannelsLast || opset() < 13))
    refuse(node, "softmax is only read over a row of classes or over the channels of maps");
  if (!ofMaps && axis != 1 && axis != -1)
    refuse(node, "softmax over dimension " + std::to_string(axis) + " is not supported", "Use axis 1");
  if (node.op_type() == "LogSoftmax")
    m_notes.push_back("LogSoftmax was read as softmax: the outputs are probabilities, not their logarithms");
  Value result = source;
  result.shared = false;
  result.node = addNode(node, uniqueName("softmax"), "softmax", {}, {source.node});
  define(node, result);
}

// A constant that is added right behind a layer with weights is its bias.
bool Importer::addBias(const Node& node, const Value& source, const Tensor& bias) {
  for (const char* type : {"conv2d", "dense", "average-pool"}) {
    Draft* before = foldable(source, type);
    if (!before) continue;
    const auto own = before->blocks.find("bias");
    if (own == before->blocks.end()) return false;
    if (bias.values.size() != own->second.size() && bias.values.size() != 1)
      refuse(node, "it adds a constant that does not have one value per channel");
    for (std::size_t i = 0; i < own->second.size(); ++i) own->second[i] += bias.values[bias.values.size() == 1 ? 0 : i];
    define(node, source);
    return true;
  }
  return false;
}

void Importer::add(const Node& node) {
  if (node.input_size() == 2) {
    for (const int which : {0, 1}) {
      if (!isConstant(node.input(which))) continue;
      if (addBias(node, value(node, 1 - which), constant(node, which))) return;
      refuse(node, "adding a constant is only read as the bias of a layer right before it",
             "Normalise the images before they reach the network");
    }
  }
  if (node.input_size() < 2) {
    alias(node);
    return;
  }
  std::vector<int> inputs;
  Value result;
  for (int i = 0; i < node.input_size(); ++i) {
    const Value one = value(node, i);
    if (i > 0 && (one.order != result.order || one.flat != result.flat)) refuse(node, "its inputs lie in different orders");
    result = one;
    inputs.push_back(one.node);
  }
  result.shared = false;
  result.node = addNode(node, uniqueName("add" + std::to_string(++m_counters["add"])), "add", {}, inputs);
  define(node, result);
}

// A constant factor behind a layer with weights scales its weights; behind average pooling it is LeCun's trainable coefficient.
bool Importer::scaleBefore(const Node& node, const Value& source, const Tensor& factor) {
  const auto at = [&](std::size_t channel) { return factor.values[factor.values.size() == 1 ? 0 : channel]; };
  if (Draft* pool = foldable(source, "average-pool"); pool && pool->blocks.empty() && factor.values.size() > 1) {
    const std::size_t channels = std::size_t(shapeOf(source).channels);
    if (factor.values.size() != channels) return false;
    pool->spec.fields["scaled"] = true;
    pool->blocks["scale"] = factor.values;
    pool->blocks["bias"] = std::vector<float>(channels, 0.0f);
    remake(node, source.node);
    define(node, source);
    return true;
  }
  for (const char* type : {"conv2d", "dense"}) {
    Draft* before = foldable(source, type);
    if (!before) continue;
    std::vector<float>& kernel = before->blocks["kernel"];
    std::vector<float>& bias = before->blocks["bias"];
    if (factor.values.size() != 1 && factor.values.size() != bias.size()) return false;
    const std::size_t each = kernel.size() / bias.size();
    for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] *= at(i / each);
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] *= at(i);
    define(node, source);
    return true;
  }
  return false;
}

void Importer::multiply(const Node& node) {
  const int which = hasInput(node, 0) && isConstant(node.input(0)) ? 0 : 1;
  if (!hasInput(node, 0) || !hasInput(node, 1) || !isConstant(node.input(which)))
    refuse(node, "only multiplication by a constant is supported");
  Tensor factor = constant(node, which);
  if (factor.values.empty()) refuse(node, "its constant is empty");
  if (node.op_type() == "Div") {
    if (which == 0) refuse(node, "only division by a constant is supported");
    for (float& number : factor.values) {
      if (number == 0) refuse(node, "it divides by zero");
      number = 1 / number;
    }
  }
  if (factor.values.size() == 1 && near(factor.values[0], 2.0f / 3.0f) && scaledTanh(node)) return;
  if (factor.values.size() == 1 && near(factor.values[0], 0.70710678f) && gelu(node)) return;
  const Value source = value(node, 1 - which);
  if (factor.values.size() == 1 && near(factor.values[0], 1.0f / 255.0f) && m_nodes[std::size_t(source.node)].spec.type == "input") {
    m_notes.push_back("the network divided its images by 255; ConvScope's images are 0 to 1 already, so that step was left out");
    define(node, source);
    return;
  }
  if (scaleBefore(node, source, factor)) return;
  refuse(node, "multiplying by a constant is only read right behind a layer with weights",
         "Scale the images before they reach the network");
}

void Importer::concat(const Node& node) {
  if (node.input_size() > 0 && (m_integers.contains(node.input(0)) || isConstant(node.input(0)))) {
    shapeArithmetic(node);
    return;
  }
  std::vector<int> inputs;
  Value result;
  for (int i = 0; i < node.input_size(); ++i) {
    Value one = value(node, i);
    if (one.flat) one = asVector(node, one);
    if (i > 0 && one.order != result.order) refuse(node, "its inputs lie in different orders");
    result = one;
    inputs.push_back(one.node);
  }
  if (inputs.empty()) refuse(node, "it has no inputs");
  const std::int64_t axis = intAttribute(node, "axis", 1), channels = result.order == Order::ChannelsLast ? 3 : 1;
  const std::int64_t rank = result.flat ? 2 : 4;
  if (axis != channels && axis + rank != channels) refuse(node, "maps can only be joined along their channels");
  if (inputs.size() == 1) {
    define(node, result);
    return;
  }
  result.shared = false;
  result.node = addNode(node, uniqueName("concat" + std::to_string(++m_counters["concat"])), "concat", {}, inputs);
  define(node, result);
}

// Shapes that are computed inside the graph: x.view(x.size(0), -1) and the like.
void Importer::shapeArithmetic(const Node& node) {
  std::vector<std::int64_t> result;
  if (node.op_type() == "Shape") {
    const Value source = value(node, 0);
    const nn::Shape shape = shapeOf(source);
    const bool last = source.order == Order::ChannelsLast;
    result = {-1, last ? shape.height : shape.channels, last ? shape.width : shape.height, last ? shape.channels : shape.width};
    if (source.flat) result = {-1, std::int64_t(shape.size())};
  } else if (node.op_type() == "Gather") {
    const std::vector<std::int64_t> from = integers(node, 0);
    for (std::int64_t index : integers(node, 1)) {
      if (index < 0) index += std::int64_t(from.size());
      if (index < 0 || index >= std::int64_t(from.size())) refuse(node, "its index is out of range");
      result.push_back(from[std::size_t(index)]);
    }
  } else if (node.op_type() == "Slice") {
    const std::vector<std::int64_t> from = integers(node, 0);
    const auto size = std::int64_t(from.size());
    const std::vector<std::int64_t> starts = hasInput(node, 1) ? integers(node, 1) : intsAttribute(node, "starts", {0});
    const std::vector<std::int64_t> ends = hasInput(node, 2) ? integers(node, 2) : intsAttribute(node, "ends", {size});
    if (starts.size() != 1 || ends.size() != 1) refuse(node, "only slices of a shape are supported");
    const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    for (std::int64_t i = within(starts[0]); i < within(ends[0]); ++i) result.push_back(from[std::size_t(i)]);
  } else {
    for (int i = 0; i < node.input_size(); ++i) {
      const std::vector<std::int64_t> part = integers(node, i);
      result.insert(result.end(), part.begin(), part.end());
      if (result.size() > 64) refuse(node, "it joins too many numbers");
    }
  }
  m_integers[node.output(0)] = std::move(result);
}

}  // namespace io::onnxfile
