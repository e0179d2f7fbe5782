// Sums and products: of maps with each other, and with constants, which belong to the weights before them wherever that is possible.
#include <algorithm>
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

// A constant beside a tensor, by the rules of broadcasting: one number for all, one for each channel, or one for each cell in our order.
struct Beside {
  std::vector<float> values;
  bool ofCells = false;
};

Beside beside(const ImportContext& context, const Node& node, const Value& source, const Tensor& constant) {
  if (constant.values.empty()) context.damaged(node, "its constant is empty");
  const bool same = std::all_of(constant.values.begin(), constant.values.end(), [&](float value) { return value == constant.values[0]; });
  const std::vector<std::int64_t> own = context.dimensionsOf(source);
  std::vector<std::int64_t> dims = constant.dims;
  const std::size_t rank = own.size();
  // Before opset 7 a node could say at which dimension its constant begins; those behind it are of size one.
  if (const std::int64_t axis = intAttribute(node, "axis", -1); context.opset() < 7 && axis >= 0 && hasAttribute(node, "axis"))
    dims.resize(std::clamp(rank - std::min(rank, std::size_t(axis)), dims.size(), std::max(rank, dims.size())), 1);
  while (dims.size() > rank && dims.front() == 1) dims.erase(dims.begin());
  if (dims.size() < rank) dims.insert(dims.begin(), rank - dims.size(), 1);
  bool fits = dims.size() == rank;
  for (std::size_t i = 0; fits && i < rank; ++i) fits = dims[i] == 1 || dims[i] == own[i];
  if (!fits) context.refuse(node, "its constant does not fit the dimensions of what it is joined to");
  if (same) return {{constant.values[0]}};
  const nn::Shape shape = context.shapeOf(source);
  const std::size_t channelAxis = source.flat ? 1 : source.order == Order::ChannelsLast ? rank - 1 : 1;
  const auto alone = [&](std::size_t axis) { return constant.values.size() == std::size_t(dims[axis]); };
  const std::size_t channels = source.flat ? shape.size() : std::size_t(shape.channels);
  if (source.box.empty() && alone(channelAxis) && constant.values.size() == channels) return {constant.values};
  // Each cell's place in the file, and from there the constant's number for it.
  Beside cells{std::vector<float>(shape.size()), true};
  const bool last = source.order == Order::ChannelsLast && source.box.empty();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
    std::size_t place = last ? i % area * std::size_t(shape.channels) + i / area : i, at = 0, step = 1;
    for (std::size_t axis = rank; axis-- > 0;) {
      const std::size_t size = std::size_t(own[axis]), index = place % size;
      place /= size;
      if (dims[axis] == 1) continue;
      at += index * step;
      step *= size;
    }
    cells.values[i] = constant.values[at];
  }
  return cells;
}

Tensor ofOne(float number) {
  return {{}, {}, {number}};
}

void add(ImportContext& context, const Node& node) {
  if (composed(context, node)) return;
  if (node.input_size() == 2) {
    for (const int which : {0, 1}) {
      if (!context.hasInput(node, which) || !context.isConstant(node.input(which))) continue;
      const Value source = context.anyValue(node, 1 - which);
      return context.define(node, scaledBy(context, node, source, ofOne(1), context.constant(node, which)));
    }
  }
  if (node.input_size() < 2) {
    if (node.op_type() == "Add") context.damaged(node, "it has no two inputs");
    alias(context, node);
    return;
  }
  std::vector<Value> terms;
  for (int i = 0; i < node.input_size(); ++i) terms.push_back(context.anyValue(node, i));
  const Value all = sum(context, node, terms);
  context.define(node, node.op_type() == "Mean" ? scaled(context, node, all, {1 / float(terms.size())}, {0.0f}) : all);
}

void subtract(ImportContext& context, const Node& node) {
  if (context.hasInput(node, 1) && context.isConstant(node.input(1))) {
    Tensor shift = context.constant(node, 1);
    for (float& value : shift.values) value = -value;
    context.define(node, scaledBy(context, node, context.anyValue(node, 0), ofOne(1), shift));
  } else if (context.hasInput(node, 0) && context.isConstant(node.input(0))) {
    context.define(node, scaledBy(context, node, context.anyValue(node, 1), ofOne(-1), context.constant(node, 0)));
  } else {
    const Value first = context.anyValue(node, 0), second = context.anyValue(node, 1);
    context.define(node, sum(context, node, {first, scaledBy(context, node, second, ofOne(-1), ofOne(0))}));
  }
}

void negate(ImportContext& context, const Node& node) {
  context.define(node, scaledBy(context, node, context.anyValue(node, 0), ofOne(-1), ofOne(0)));
}

void multiply(ImportContext& context, const Node& node) {
  if (composed(context, node)) return;
  const bool divides = node.op_type() == "Div";
  const int which = context.hasInput(node, 0) && context.isConstant(node.input(0)) ? 0 : 1;
  if (!context.hasInput(node, 0) || !context.hasInput(node, 1)) context.damaged(node, "it has no two inputs");
  const auto inverse = [&](const Value& value) { return functionLayer(context, node, value, "power", -1); };
  if (!context.isConstant(node.input(which))) {
    const Value first = context.anyValue(node, 0), second = context.anyValue(node, 1);
    return context.define(node, product(context, node, first, divides ? inverse(second) : second));
  }
  Tensor factor = context.constant(node, which);
  const Value source = context.anyValue(node, 1 - which);
  if (divides && which == 0) return context.define(node, scaledBy(context, node, inverse(source), factor, ofOne(0)));
  for (float& number : factor.values) {
    if (divides && number == 0) context.damaged(node, "it divides by zero");
    if (divides) number = 1 / number;
  }
  if (factor.values.size() == 1 && isNear(factor.values[0], 2.0f / 3.0f) && scaledTanh(context, node)) return;
  context.define(node, scaledBy(context, node, source, factor, ofOne(0)));
}

void batchNormalization(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  if (node.input_size() < 5) context.damaged(node, "its means and variances are missing");
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
  const bool one = scale.size() == 1 && shift.size() == 1;
  if (source.flat && !one) source = context.asVector(node, source);
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
  if (Draft* norm = context.foldable(source, "layer-norm"); norm && (one || norm->blocks["scale"].size() == channels)) {
    for (std::size_t i = 0; i < norm->blocks["scale"].size(); ++i) {
      norm->blocks["scale"][i] *= at(scale, i);
      norm->blocks["bias"][i] = norm->blocks["bias"][i] * at(scale, i) + at(shift, i);
    }
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

Value scaledBy(ImportContext& context, const Node& node, const Value& source, const Tensor& scaleSaid, const Tensor& shiftSaid) {
  Beside scale = beside(context, node, source, scaleSaid), shift = beside(context, node, source, shiftSaid);
  if (!scale.ofCells && !shift.ofCells) return scaled(context, node, source, scale.values, shift.values);
  const nn::Shape shape = context.shapeOf(source);
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  for (Beside* each : {&scale, &shift}) {
    if (each->ofCells) continue;
    const std::vector<float> few = std::move(each->values);
    each->values.resize(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) each->values[i] = few[few.size() == 1 ? 0 : few.size() == shape.size() ? i : i / area];
  }
  Draft* before = context.foldable(source, "affine");
  Value result = source;
  if (!before) {
    result.node = context.addCounted(node, "affine", {}, {source.node});
    result.shared = false;
    before = &context.drafts[std::size_t(result.node)];
    before->blocks = {{"scale", std::vector<float>(shape.size(), 1.0f)}, {"bias", std::vector<float>(shape.size(), 0.0f)}};
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    before->blocks["scale"][i] *= scale.values[i];
    before->blocks["bias"][i] = before->blocks["bias"][i] * scale.values[i] + shift.values[i];
  }
  return result;
}

std::span<const Operator> arithmeticOperators() {
  static const std::vector<Operator> table{
      {"BatchNormalization", batchNormalization, 5, "epsilon", "momentum is_test", "training_mode spatial"},
      {"Add", add, kAny, "axis", "broadcast"},
      {"Sum", add, kAny},
      {"Mean", add, kAny},
      {"Sub", subtract, 2, "axis", "broadcast"},
      {"Neg", negate},
      {"Mul", multiply, 2, "axis", "broadcast"},
      {"Div", multiply, 2, "axis", "broadcast"},
  };
  return table;
}

}  // namespace io::onnxfile
