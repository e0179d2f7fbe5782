// Normalizations over the values of one image, as one operator each or as the nodes that exporters write.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

double epsilonOf(const Node& node) {
  return std::clamp(double(floatAttribute(node, "epsilon", 1e-5f)), 1e-12, 1.0);
}

// Each value `times` times in a row.
std::vector<float> repeated(const std::vector<float>& values, std::size_t times) {
  std::vector<float> all;
  for (const float value : values) all.insert(all.end(), times, value);
  return all;
}

// The maps of a tensor in so many groups, each brought to mean 0 and variance 1. scale, bias: one for each channel.
int addGroups(ImportContext& context, const Node& node, int source, std::int64_t groups, double epsilon, std::vector<float> scale,
              std::vector<float> bias) {
  const int layer =
      context.addCounted(node, "layer-norm", {{"over", std::string("groups")}, {"groups", groups}, {"epsilon", epsilon}}, {source});
  context.drafts[std::size_t(layer)].blocks = {{"scale", std::move(scale)}, {"bias", std::move(bias)}};
  return layer;
}

// Each of the first dimension behind the batch by itself. Where that is no channel, but a group of them, it is how exporters write the
// normalization of groups.
void instanceNormalization(ImportContext& context, const Node& node) {
  const Value source = context.asBox(node, context.anyValue(node, 0));
  const auto channels = std::size_t(context.shapeOf(source).channels);
  const std::int64_t groups = source.box.front();
  const std::vector<float> scale = context.constant(node, 1).values, bias = context.constant(node, 2).values;
  if (scale.size() != std::size_t(groups) || bias.size() != scale.size())
    context.damaged(node, "it does not have one scale and bias for each of its " + std::to_string(groups) + " channels");
  if (channels % std::size_t(groups) != 0) context.refuse(node, "its channels are parts of maps");
  const std::size_t each = channels / std::size_t(groups);
  Value result = source;
  result.shared = false;
  result.node = addGroups(context, node, source.node, groups, epsilonOf(node), repeated(scale, each), repeated(bias, each));
  context.define(node, result);
}

// Scale and bias are one for each channel, or, before opset 21, one for each group.
void groupNormalization(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0));
  const auto channels = std::size_t(context.shapeOf(source).channels),
             groups = std::size_t(std::max<std::int64_t>(1, intAttribute(node, "num_groups", 1)));
  std::vector<float> scale = context.constant(node, 1).values, bias = context.constant(node, 2).values;
  if (channels % groups != 0) context.damaged(node, "its channels are no " + std::to_string(groups) + " equal groups");
  for (std::vector<float>* values : {&scale, &bias}) {
    if (values->size() == groups && groups != channels) *values = repeated(*values, channels / groups);
    if (values->size() != channels) context.damaged(node, "it does not have one scale and bias for each channel or group");
  }
  context.define(node, source, addGroups(context, node, source.node, std::int64_t(groups), epsilonOf(node), scale, bias));
}

// The values of `dims` as often as it takes to be `count`, where they are the last dimensions or of size one.
std::vector<float> oneForEach(const ImportContext& context, const Node& node, const Tensor& tensor, std::size_t count) {
  if (tensor.values.empty() || count % tensor.values.size() != 0 || (tensor.values.size() != count && tensor.values.size() != 1))
    context.refuse(node, "its scale and bias are not one for each value that it normalizes");
  return tensor.values.size() == 1 ? std::vector<float>(count, tensor.values[0]) : tensor.values;
}

// Over the last dimensions, from `axis` on. scale, bias: one for each value that is normalized together.
Value overLast(ImportContext& context, const Node& node, const Value& source, std::int64_t axis, const std::vector<float>& scale,
               const std::vector<float>& bias, double epsilon) {
  const auto rank = context.rankOf(source);
  const auto size = std::int64_t(scale.size()), sets = std::int64_t(context.shapeOf(source).size()) / size;
  Value result = source;
  const bool overChannels = source.box.empty() && !source.flat && source.order == Order::ChannelsLast && axis == rank - 1;
  if (overChannels || sets == 1) {
    if (!overChannels) result = context.asBox(node, source);
    const std::string over = overChannels ? "channels" : "all";
    result.node = context.addCounted(node, "layer-norm", {{"over", over}, {"epsilon", epsilon}}, {result.node});
    context.drafts[std::size_t(result.node)].blocks = {{"scale", scale}, {"bias", bias}};
    result.shared = false;
    return result;
  }
  // Each set as a map of one row: then scale and bias are the same for every map.
  result = context.asBox(node, source);
  const std::vector<std::int64_t> before = result.box;
  result.box = {sets, size};
  result = context.viewed(node, result);
  const std::vector<float> ones(std::size_t(sets), 1.0f), zeros(std::size_t(sets), 0.0f);
  result.node = addGroups(context, node, result.node, sets, epsilon, ones, zeros);
  std::vector<float> scales, biases;
  for (std::int64_t i = 0; i < sets; ++i) {
    scales.insert(scales.end(), scale.begin(), scale.end());
    biases.insert(biases.end(), bias.begin(), bias.end());
  }
  result.node = context.addCounted(node, "affine", {}, {result.node});
  context.drafts[std::size_t(result.node)].blocks = {{"scale", scales}, {"bias", biases}};
  result.flat = result.line = result.shared = false;
  result.box = before;
  return result;
}

std::int64_t cellsFrom(const ImportContext& context, const Value& source, std::int64_t axis) {
  const std::vector<std::int64_t> dims = context.dimensionsOf(source);
  return std::accumulate(dims.begin() + axis, dims.end(), std::int64_t(1), std::multiplies<>());
}

// Without scale and bias, over any dimensions.
void meanVariance(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  const std::vector<std::int64_t> dims = context.dimensionsOf(source);
  std::vector<std::int64_t> axes = intsAttribute(node, "axes", {0, 2, 3}), kept, order;
  for (std::int64_t& axis : axes) axis = context.axisOf(node, source, axis);
  if (std::count(axes.begin(), axes.end(), 0) > 0 && context.saidBatch > 1)
    context.refuse(node, "it normalizes over the batch, of which one image is computed");
  std::int64_t sets = 1;
  for (std::int64_t i = 1; i < std::int64_t(dims.size()); ++i) {
    if (std::find(axes.begin(), axes.end(), i) != axes.end()) continue;
    kept.push_back(i - 1);
    sets *= dims[std::size_t(i)];
  }
  order = kept;
  for (std::int64_t i = 0; i + 1 < std::int64_t(dims.size()); ++i)
    if (std::find(kept.begin(), kept.end(), i) == kept.end()) order.push_back(i);
  const Value box = context.asBox(node, source);
  const std::vector<std::int64_t> shape{sets, 1, std::int64_t(context.shapeOf(box).size()) / sets};
  std::vector<std::int64_t> turned, back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    turned.push_back(box.box[std::size_t(order[i])]), back[std::size_t(order[i])] = std::int64_t(i);
  const bool moves = !std::is_sorted(order.begin(), order.end());
  Value result = box;
  result.shared = false;
  result.node = moves ? context.addCounted(node, "rearrange", {{"box", box.box}, {"order", order}, {"shape", shape}}, {box.node})
                      : context.shaped(node, box, shape);
  const std::vector<float> ones(std::size_t(sets), 1.0f), zeros(std::size_t(sets), 0.0f);
  result.node = addGroups(context, node, result.node, sets, 1e-9, ones, zeros);
  if (moves) result.node = context.addCounted(node, "rearrange", {{"box", turned}, {"order", back}, {"shape", shape}}, {result.node});
  context.define(node, result);
}

void layerNormalization(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  const std::int64_t axis = context.axisOf(node, source, intAttribute(node, "axis", -1));
  if (axis == 0) context.refuse(node, "it normalizes over the batch, of which one image is computed");
  const auto size = std::size_t(cellsFrom(context, source, axis));
  const std::vector<float> scale = oneForEach(context, node, context.constant(node, 1), size);
  const std::vector<float> bias =
      context.hasInput(node, 2) ? oneForEach(context, node, context.constant(node, 2), size) : std::vector<float>(size, 0.0f);
  context.define(node, overLast(context, node, source, axis, scale, bias, epsilonOf(node)));
}

}  // namespace

// (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + bias, written as nine nodes, of which this is the first.
bool layerNorm(ImportContext& context, const Node& node) {
  const auto reader = [&](const Node* before, const char* op) -> const Node* {
    const Node* found = before ? context.onlyReader(*before) : nullptr;
    return found && found->op_type() == op ? found : nullptr;
  };
  const auto axesOf = [&](const Node& mean) {
    return context.hasInput(mean, 1) ? context.integers(mean, 1) : intsAttribute(mean, "axes", {});
  };
  const Node* centered = reader(&node, "Sub");
  if (!centered || centered->input_size() != 2 || centered->input(0) != node.input(0)) return false;
  const Node* square = nullptr;
  for (const Node& other : context.graph.node()) {
    const bool reads = other.input_size() == 2 && other.output_size() == 1 && other.input(0) == centered->output(0);
    const bool squares = reads && isStandard(other) &&
                         ((other.op_type() == "Mul" && other.input(1) == other.input(0)) ||
                          (other.op_type() == "Pow" && context.numberBeside(other, other.input(0)) == 2));
    if (squares) square = &other;
  }
  const Node* variance = reader(square, "ReduceMean");
  const Node* raised = reader(variance, "Add");
  const Node* root = reader(raised, "Sqrt");
  const Node* normal = reader(root, "Div");
  const Node* scaled = reader(normal, "Mul");
  const Node* last = reader(scaled, "Add");
  if (!last || normal->input_size() != 2 || scaled->input_size() != 2 || last->input_size() != 2) return false;
  if (normal->input(0) != centered->output(0) || axesOf(*variance) != axesOf(node)) return false;
  const auto constantBeside = [&](const Node& joint, const Node& before) { return joint.input(0) == before.output(0) ? 1 : 0; };
  const int scalePlace = constantBeside(*scaled, *normal), biasPlace = constantBeside(*last, *scaled);
  const float epsilon = context.numberBeside(*raised, variance->output(0));
  if (!context.isConstant(scaled->input(scalePlace)) || !context.isConstant(last->input(biasPlace)) || !std::isfinite(epsilon))
    return false;
  const Value source = context.anyValue(node, 0);
  const nn::Shape shape = context.shapeOf(source);
  const std::int64_t rank = context.rankOf(source);
  std::vector<std::int64_t> axes = axesOf(node);
  for (std::int64_t& axis : axes) axis = context.axisOf(node, source, axis);
  std::sort(axes.begin(), axes.end());
  const std::vector<float> scale = context.constant(*scaled, scalePlace).values, bias = context.constant(*last, biasPlace).values;
  const bool plain = source.box.empty() && source.order == Order::ChannelsFirst && !(source.flat && !shape.isVector());
  const bool overChannels = plain && axes == std::vector<std::int64_t>{1} && scale.size() == std::size_t(shape.channels);
  const bool overEnd = !axes.empty() && axes.front() > 0 && axes.back() == rank - 1 &&
                       axes.back() - axes.front() + 1 == std::int64_t(axes.size()) &&
                       std::int64_t(scale.size()) == cellsFrom(context, source, axes.front());
  if ((!overChannels && !overEnd) || bias.size() != scale.size()) return false;
  context.skipped.insert({centered, square, variance, raised, root, normal, scaled, last});
  const double usual = std::clamp(double(epsilon), 1e-12, 1.0);
  if (!overChannels) {
    context.define(*last, overLast(context, node, source, axes.front(), scale, bias, usual));
    return true;
  }
  const int layer = context.addCounted(node, "layer-norm", {{"over", std::string("channels")}, {"epsilon", usual}}, {source.node});
  context.drafts[std::size_t(layer)].blocks = {{"scale", scale}, {"bias", bias}};
  context.define(*last, source, layer);
  return true;
}

std::span<const Operator> normOperators() {
  static const std::vector<Operator> table{
      {"InstanceNormalization", instanceNormalization, 3, "epsilon"},
      {"GroupNormalization", groupNormalization, 3, "epsilon num_groups", "stash_type"},
      {"MeanVarianceNormalization", meanVariance, 1, "axes"},
      {"LayerNormalization", layerNormalization, 3, "axis epsilon", "stash_type"},
  };
  return table;
}

}  // namespace io::onnxfile
