// Sums and products: of maps with each other, and with constants, which belong to the weights before them wherever that is possible.
#include <algorithm>
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

std::vector<float> negated(std::vector<float> values) {
  for (float& value : values) value = -value;
  return values;
}

// Smaller factors than this at the input bring bytes (0 to 255) to a range around one.
constexpr float kByteFactor = 0.02f;

// A constant beside a tensor as one number for each channel, or one for all, by the rules of broadcasting.
std::vector<float> perChannel(const ImportContext& context, const Node& node, const Value& source, const Tensor& constant) {
  if (constant.values.empty()) context.damaged(node, "its constant is empty");
  if (constant.values.size() == 1) return constant.values;
  const nn::Shape shape = context.shapeOf(source);
  std::vector<std::int64_t> dims = constant.dims;
  const std::size_t rank = std::size_t(context.rankOf(source)), channelAxis = source.flat ? 1 : source.order == Order::ChannelsLast ? 3 : 1;
  // Before opset 7 a node could say at which dimension its constant begins; those behind it are of size one.
  if (const std::int64_t axis = intAttribute(node, "axis", -1); context.opset() < 7 && axis >= 0 && hasAttribute(node, "axis"))
    dims.resize(std::clamp(rank - std::min(rank, std::size_t(axis)), dims.size(), std::max(rank, dims.size())), 1);
  const std::size_t channels = source.flat ? shape.size() : std::size_t(shape.channels), missing = rank - std::min(rank, dims.size());
  bool fits = dims.size() <= rank && constant.values.size() == channels;
  for (std::size_t i = 0; fits && i < dims.size(); ++i) {
    fits = dims[i] == (missing + i == channelAxis ? std::int64_t(channels) : 1);
  }
  if (!fits) context.refuse(node, "its constant is neither one number nor one number for each channel");
  return constant.values;
}

void add(ImportContext& context, const Node& node) {
  if (composed(context, node)) return;
  if (node.input_size() == 2) {
    for (const int which : {0, 1}) {
      if (!context.hasInput(node, which) || !context.isConstant(node.input(which))) continue;
      const Value source = context.value(node, 1 - which);
      context.define(node, scaled(context, node, source, {1.0f}, perChannel(context, node, source, context.constant(node, which))));
      return;
    }
  }
  if (node.input_size() < 2) {
    alias(context, node);
    return;
  }
  std::vector<Value> terms;
  for (int i = 0; i < node.input_size(); ++i) terms.push_back(context.value(node, i));
  context.define(node, sum(context, node, terms));
}

void subtract(ImportContext& context, const Node& node) {
  if (context.hasInput(node, 1) && context.isConstant(node.input(1))) {
    const Value source = context.value(node, 0);
    context.define(node, scaled(context, node, source, {1.0f}, negated(perChannel(context, node, source, context.constant(node, 1)))));
  } else if (context.hasInput(node, 0) && context.isConstant(node.input(0))) {
    const Value source = context.value(node, 1);
    context.define(node, scaled(context, node, source, {-1.0f}, perChannel(context, node, source, context.constant(node, 0))));
  } else {
    const Value first = context.value(node, 0);
    context.define(node, sum(context, node, {first, scaled(context, node, context.value(node, 1), {-1.0f}, {0.0f})}));
  }
}

void negate(ImportContext& context, const Node& node) {
  context.define(node, scaled(context, node, context.value(node, 0), {-1.0f}, {0.0f}));
}

void multiply(ImportContext& context, const Node& node) {
  const int which = context.hasInput(node, 0) && context.isConstant(node.input(0)) ? 0 : 1;
  if (!context.hasInput(node, 0) || !context.hasInput(node, 1)) context.damaged(node, "it has no two inputs");
  if (!context.isConstant(node.input(which))) {
    if (node.op_type() == "Div") context.refuse(node, "only division by a constant is supported");
    product(context, node);
    return;
  }
  Tensor factor = context.constant(node, which);
  if (node.op_type() == "Div") {
    if (which == 0) context.refuse(node, "only division by a constant is supported");
    for (float& number : factor.values) {
      if (number == 0) context.damaged(node, "it divides by zero");
      number = 1 / number;
    }
  }
  if (factor.values.size() == 1 && isNear(factor.values[0], 2.0f / 3.0f) && scaledTanh(context, node)) return;
  if (factor.values.size() == 1 && isNear(factor.values[0], 0.70710678f) && gelu(context, node)) return;
  const Value source = context.value(node, 1 - which);
  std::vector<float> scale = perChannel(context, node, source, factor);
  const bool ofBytes =
      context.drafts[std::size_t(source.node)].spec.type == "input" && scale.size() == 1 && std::abs(scale[0]) < kByteFactor;
  if (ofBytes) {
    context.notes.emplace_back(
        "the network expects images of 0 to 255; ConvScope's are 0 to 1, so that its first factor is taken 255 times");
    scale[0] *= 255;
  }
  if (ofBytes && isNear(scale[0], 1)) {
    context.define(node, source);
    return;
  }
  context.define(node, scaled(context, node, source, scale, {0.0f}));
}

void batchNormalization(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  const std::vector<float> gamma = context.constant(node, 1).values, beta = context.constant(node, 2).values,
                           mean = context.constant(node, 3).values, variance = context.constant(node, 4).values;
  const std::size_t channels = source.flat ? context.shapeOf(source).size() : std::size_t(context.shapeOf(source).channels);
  if (source.order == Order::ChannelsLast && channels > 1 && !source.flat)
    context.refuse(node, "it normalizes maps with the channels last");
  for (const auto* values : {&gamma, &beta, &mean, &variance}) {
    if (values->size() != channels) context.damaged(node, "it does not have one value per channel");
  }
  const float epsilon = floatAttribute(node, "epsilon", 1e-5f);
  if (!(epsilon >= 0)) context.damaged(node, "its epsilon is negative or no number");
  if (std::any_of(variance.begin(), variance.end(), [](float value) { return !(value >= 0); }))
    context.damaged(node, "a variance is negative or no number");
  if (std::any_of(variance.begin(), variance.end(), [&](float value) { return !(value + epsilon > 0); }))
    context.damaged(node, "it divides by 0: a variance and its epsilon are both 0");
  const bool saysSo = intAttribute(node, "training_mode", 0) != 0;  // which is told of every attribute that does not count here
  if (!saysSo && std::count_if(node.output().begin(), node.output().end(), [](const std::string& output) { return !output.empty(); }) > 1)
    context.notes.push_back(context.spotOf(node) + ": it was exported for training, and it is computed as after training");
  if (!context.foldable(source, "conv2d") && !context.foldable(source, "dense") && !source.flat) {
    const int layer = context.addCounted(node, "batch-norm", {{"epsilon", std::clamp(double(epsilon), 1e-12, 1.0)}}, {source.node});
    context.drafts[std::size_t(layer)].blocks = {{"scale", gamma}, {"bias", beta}, {"mean", mean}, {"variance", variance}};
    context.define(node, source, layer);
    return;
  }
  std::vector<float> scale(channels), shift(channels);
  for (std::size_t i = 0; i < channels; ++i) {
    scale[i] = gamma[i] / std::sqrt(variance[i] + epsilon);
    shift[i] = beta[i] - mean[i] * scale[i];
  }
  const Value result = scaled(context, node, source, scale, shift);
  context.normalized.push_back(context.drafts[std::size_t(result.node)].spec.name);
  context.define(node, result);
}

}  // namespace

// source * scale + shift, each one number or one for each channel: as the weights of the layer before where nothing stands between,
// else as a layer of its own.
Value scaled(ImportContext& context, const Node& node, Value source, const std::vector<float>& scale, const std::vector<float>& shift) {
  if (source.flat) source = context.asVector(node, source);
  const std::size_t channels = std::size_t(context.shapeOf(source).channels);
  const auto at = [](const std::vector<float>& values, std::size_t channel) { return values[values.size() == 1 ? 0 : channel]; };
  for (const char* type : {"conv2d", "dense"}) {
    Draft* before = context.foldable(source, type);
    if (!before || !before->blocks.contains("bias")) continue;
    std::vector<float>& kernel = before->blocks["kernel"];
    std::vector<float>& bias = before->blocks["bias"];
    const std::size_t each = kernel.size() / bias.size();
    for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] *= at(scale, i / each);
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = bias[i] * at(scale, i) + at(shift, i);
    return source;
  }
  // Average pooling can have a trainable coefficient and bias for each map (LeCun et al. 1998); over windows of one cell it is that alone.
  Draft* pool = context.foldable(source, "average-pool");
  if (!pool) {
    source.node = context.addNode(node, context.uniqueName("scale" + std::to_string(++context.counters["scale"])), "average-pool",
                                  {{"kernel", std::int64_t(1)}, {"stride", std::int64_t(1)}, {"scaled", true}}, {source.node});
    source.shared = false;
    pool = &context.drafts[std::size_t(source.node)];
  }
  if (pool->blocks.empty()) {
    pool->spec.fields["scaled"] = true;
    context.remake(node, source.node);
    pool->blocks["scale"].assign(channels, 1.0f);
    pool->blocks["bias"].assign(channels, 0.0f);
  }
  for (std::size_t i = 0; i < channels; ++i) {
    pool->blocks["scale"][i] *= at(scale, i);
    pool->blocks["bias"][i] = pool->blocks["bias"][i] * at(scale, i) + at(shift, i);
  }
  return source;
}

Value sum(ImportContext& context, const Node& node, const std::vector<Value>& terms) {
  std::vector<int> inputs;
  // Flattened maps are still maps here, until something needs them as a vector.
  const bool alike =
      std::all_of(terms.begin(), terms.end(), [&](const Value& term) { return context.shapeOf(term) == context.shapeOf(terms.front()); });
  for (const Value& given : terms) {
    const Value term = !alike && given.flat ? context.asVector(node, given) : given;
    if (term.order != terms.front().order || term.flat != terms.front().flat) context.refuse(node, "its inputs lie in different orders");
    inputs.push_back(term.node);
  }
  Value result = terms.back();
  result.shared = false;
  result.node = context.addCounted(node, "add", {}, inputs);
  return result;
}

std::span<const Operator> arithmeticOperators() {
  static const std::vector<Operator> table{
      {"BatchNormalization", batchNormalization, 5, "epsilon", "momentum is_test", "training_mode spatial"},
      {"Add", add, kAny, "axis", "broadcast"},
      {"Sum", add, kAny},
      {"Sub", subtract, 2, "axis", "broadcast"},
      {"Neg", negate},
      {"Mul", multiply, 2, "axis", "broadcast"},
      {"Div", multiply, 2, "axis", "broadcast"},
      {"Pow", nullptr, 2, "axis", "broadcast"},
      {"Sqrt", nullptr},
      {"Reciprocal", nullptr},
  };
  return table;
}

}  // namespace io::onnxfile
