// Sums and products: of maps with each other, and with constants, which belong to the weights before them wherever that is possible.
#include <algorithm>
#include <cmath>

#include "io/onnx/Importer.h"

namespace io::onnxfile {

namespace {

bool near(float value, float wanted) {
  return std::abs(value - wanted) <= 1e-4f * std::abs(wanted);
}

std::vector<float> negated(std::vector<float> values) {
  for (float& value : values) value = -value;
  return values;
}

// Smaller factors than this at the input bring bytes (0 to 255) to a range around one.
constexpr float kByteFactor = 0.02f;

}  // namespace

// A constant beside a tensor as one number for each channel, or one for all, by the rules of broadcasting.
std::vector<float> Importer::perChannel(const Node& node, const Value& source, const Tensor& constant) const {
  if (constant.values.empty()) damaged(node, "its constant is empty");
  if (constant.values.size() == 1) return constant.values;
  const nn::Shape shape = shapeOf(source);
  std::vector<std::int64_t> dims = constant.dims;
  const std::size_t rank = std::size_t(rankOf(source)), channelAxis = source.flat ? 1 : source.order == Order::ChannelsLast ? 3 : 1;
  // Before opset 7 a node could say at which dimension its constant begins; those behind it are of size one.
  if (const std::int64_t axis = intAttribute(node, "axis", -1); opset() < 7 && axis >= 0 && hasAttribute(node, "axis"))
    dims.resize(std::clamp(rank - std::min(rank, std::size_t(axis)), dims.size(), std::max(rank, dims.size())), 1);
  const std::size_t channels = source.flat ? shape.size() : std::size_t(shape.channels), missing = rank - std::min(rank, dims.size());
  bool fits = dims.size() <= rank && constant.values.size() == channels;
  for (std::size_t i = 0; fits && i < dims.size(); ++i) {
    fits = dims[i] == (missing + i == channelAxis ? std::int64_t(channels) : 1);
  }
  if (!fits) refuse(node, "its constant is neither one number nor one number for each channel");
  return constant.values;
}

// source * scale + shift, each one number or one for each channel: as the weights of the layer before where nothing stands between,
// else as a layer of its own.
Value Importer::scaled(const Node& node, Value source, const std::vector<float>& scale, const std::vector<float>& shift) {
  if (source.flat) source = asVector(node, source);
  const std::size_t channels = std::size_t(shapeOf(source).channels);
  const auto at = [](const std::vector<float>& values, std::size_t channel) { return values[values.size() == 1 ? 0 : channel]; };
  for (const char* type : {"conv2d", "dense"}) {
    Draft* before = foldable(source, type);
    if (!before || !before->blocks.contains("bias")) continue;
    std::vector<float>& kernel = before->blocks["kernel"];
    std::vector<float>& bias = before->blocks["bias"];
    const std::size_t each = kernel.size() / bias.size();
    for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] *= at(scale, i / each);
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = bias[i] * at(scale, i) + at(shift, i);
    return source;
  }
  // Average pooling can have a trainable coefficient and bias for each map (LeCun et al. 1998); over windows of one cell it is that alone.
  Draft* pool = foldable(source, "average-pool");
  if (!pool) {
    source.node = addNode(node, uniqueName("scale" + std::to_string(++m_counters["scale"])), "average-pool",
                          {{"kernel", std::int64_t(1)}, {"stride", std::int64_t(1)}, {"scaled", true}}, {source.node});
    source.shared = false;
    pool = &m_nodes[std::size_t(source.node)];
  }
  if (pool->blocks.empty()) {
    pool->spec.fields["scaled"] = true;
    remake(node, source.node);
    pool->blocks["scale"].assign(channels, 1.0f);
    pool->blocks["bias"].assign(channels, 0.0f);
  }
  for (std::size_t i = 0; i < channels; ++i) {
    pool->blocks["scale"][i] *= at(scale, i);
    pool->blocks["bias"][i] = pool->blocks["bias"][i] * at(scale, i) + at(shift, i);
  }
  return source;
}

void Importer::add(const Node& node) {
  if (composed(node)) return;
  if (node.input_size() == 2) {
    for (const int which : {0, 1}) {
      if (!hasInput(node, which) || !isConstant(node.input(which))) continue;
      const Value source = value(node, 1 - which);
      define(node, scaled(node, source, {1.0f}, perChannel(node, source, constant(node, which))));
      return;
    }
  }
  if (node.input_size() < 2) {
    alias(node);
    return;
  }
  std::vector<Value> terms;
  for (int i = 0; i < node.input_size(); ++i) terms.push_back(value(node, i));
  define(node, sum(node, terms));
}

Value Importer::sum(const Node& node, const std::vector<Value>& terms) {
  std::vector<int> inputs;
  for (const Value& term : terms) {
    if (term.order != terms.front().order || term.flat != terms.front().flat) refuse(node, "its inputs lie in different orders");
    inputs.push_back(term.node);
  }
  Value result = terms.back();
  result.shared = false;
  result.node = addNode(node, uniqueName("add" + std::to_string(++m_counters["add"])), "add", {}, inputs);
  return result;
}

void Importer::subtract(const Node& node) {
  if (hasInput(node, 1) && isConstant(node.input(1))) {
    const Value source = value(node, 0);
    define(node, scaled(node, source, {1.0f}, negated(perChannel(node, source, constant(node, 1)))));
  } else if (hasInput(node, 0) && isConstant(node.input(0))) {
    const Value source = value(node, 1);
    define(node, scaled(node, source, {-1.0f}, perChannel(node, source, constant(node, 0))));
  } else {
    const Value first = value(node, 0);
    define(node, sum(node, {first, scaled(node, value(node, 1), {-1.0f}, {0.0f})}));
  }
}

void Importer::negate(const Node& node) {
  define(node, scaled(node, value(node, 0), {-1.0f}, {0.0f}));
}

void Importer::multiply(const Node& node) {
  const int which = hasInput(node, 0) && isConstant(node.input(0)) ? 0 : 1;
  if (!hasInput(node, 0) || !hasInput(node, 1)) damaged(node, "it has no two inputs");
  if (!isConstant(node.input(which))) {
    if (node.op_type() == "Div") refuse(node, "only division by a constant is supported");
    product(node);
    return;
  }
  Tensor factor = constant(node, which);
  if (node.op_type() == "Div") {
    if (which == 0) refuse(node, "only division by a constant is supported");
    for (float& number : factor.values) {
      if (number == 0) damaged(node, "it divides by zero");
      number = 1 / number;
    }
  }
  if (factor.values.size() == 1 && near(factor.values[0], 2.0f / 3.0f) && scaledTanh(node)) return;
  if (factor.values.size() == 1 && near(factor.values[0], 0.70710678f) && gelu(node)) return;
  const Value source = value(node, 1 - which);
  std::vector<float> scale = perChannel(node, source, factor);
  const bool ofBytes = m_nodes[std::size_t(source.node)].spec.type == "input" && scale.size() == 1 && std::abs(scale[0]) < kByteFactor;
  if (ofBytes) {
    m_notes.push_back("the network expects images of 0 to 255; ConvScope's are 0 to 1, so that its first factor is taken 255 times");
    scale[0] *= 255;
  }
  if (ofBytes && near(scale[0], 1)) {
    define(node, source);
    return;
  }
  define(node, scaled(node, source, scale, {0.0f}));
}

void Importer::batchNormalization(const Node& node) {
  const Value source = value(node, 0);
  const std::vector<float> gamma = constant(node, 1).values, beta = constant(node, 2).values, mean = constant(node, 3).values,
                           variance = constant(node, 4).values;
  const std::size_t channels = source.flat ? shapeOf(source).size() : std::size_t(shapeOf(source).channels);
  if (source.order == Order::ChannelsLast && channels > 1 && !source.flat) refuse(node, "it normalises maps with the channels last");
  for (const auto* values : {&gamma, &beta, &mean, &variance}) {
    if (values->size() != channels) damaged(node, "it does not have one value per channel");
  }
  const float epsilon = floatAttribute(node, "epsilon", 1e-5f);
  if (std::count_if(node.output().begin(), node.output().end(), [](const std::string& output) { return !output.empty(); }) > 1)
    m_notes.push_back(spotOf(node) + ": it was exported for training, and it is computed as after training");
  if (!foldable(source, "conv2d") && !foldable(source, "dense") && !source.flat) {
    const int layer = addCounted(node, "batch-norm", {{"epsilon", std::clamp(double(epsilon), 1e-12, 1.0)}}, {source.node});
    m_nodes[std::size_t(layer)].blocks = {{"scale", gamma}, {"bias", beta}, {"mean", mean}, {"variance", variance}};
    define(node, source, layer);
    return;
  }
  std::vector<float> scale(channels), shift(channels);
  for (std::size_t i = 0; i < channels; ++i) {
    scale[i] = gamma[i] / std::sqrt(std::max(variance[i], 0.0f) + epsilon);
    shift[i] = beta[i] - mean[i] * scale[i];
  }
  const Value result = scaled(node, source, scale, shift);
  m_normalised.push_back(m_nodes[std::size_t(result.node)].spec.name);
  define(node, result);
}

}  // namespace io::onnxfile
