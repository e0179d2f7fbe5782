// Operators without weights that are neither activations nor arithmetic.
#include <algorithm>
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

bool isTrue(const onnx::TensorProto& truth) {
  const auto set = [](auto value) { return value != 0; };
  return std::any_of(truth.raw_data().begin(), truth.raw_data().end(), set) ||
         std::any_of(truth.int32_data().begin(), truth.int32_data().end(), set);
}

void dropout(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  float rate = floatAttribute(node, "ratio", 0.5f);
  if (context.hasInput(node, 1) && context.isConstant(node.input(1))) {
    const Tensor ratio = context.constant(node, 1);
    if (!ratio.values.empty()) rate = ratio.values[0];
  }
  if (context.hasInput(node, 1) && !context.isConstant(node.input(1)))
    context.notes.push_back(context.spotOf(node) +
                            ": its rate is computed in the file; here half of the values are dropped while training");
  if (context.hasInput(node, 2) && (!context.isConstant(node.input(2)) || isTrue(*context.tensors.at(node.input(2)))))
    context.notes.push_back(context.spotOf(node) +
                            ": it was exported for training, and here it drops values only while the network is trained");
  context.define(node, source, context.addCounted(node, "dropout", {{"rate", double(std::clamp(rate, 0.0f, 0.95f))}}, {source.node}));
}

// Where a node names the dimensions that it pads: the others get nothing.
std::vector<std::int64_t> padsOfAllAxes(const ImportContext& context, const Node& node, const std::vector<std::int64_t>& given,
                                        const std::vector<std::int64_t>& axes, std::int64_t rank) {
  std::vector<std::int64_t> all(std::size_t(2 * rank), 0);
  if (given.size() != 2 * axes.size()) context.refuse(node, "its numbers do not fit");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 0 || axis >= rank) context.refuse(node, "its axis is out of range");
    all[std::size_t(axis)] = given[i];
    all[std::size_t(axis + rank)] = given[axes.size() + i];
  }
  return all;
}

// Zeros around a map, which a convolution or average pooling after it takes over; before anything else they are a layer.
void pad(ImportContext& context, const Node& node) {
  Value result = context.padded(node, 0);
  std::vector<std::int64_t> given =
      context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "pads", intsAttribute(node, "paddings", {}));
  if (context.hasInput(node, 3)) given = padsOfAllAxes(context, node, given, context.integers(node, 3), context.rankOf(result));
  if (given.empty()) context.refuse(node, "it does not say how much it pads");
  if (result.line && given.size() == 6) given = {given[0], given[1], 0, given[2], given[3], given[4], 0, given[5]};
  const bool nothing = std::all_of(given.begin(), given.end(), [](std::int64_t size) { return size == 0; });
  if (!nothing) {
    float filling = floatAttribute(node, "value", 0);
    if (context.hasInput(node, 2)) {
      const Tensor constantValue = context.constant(node, 2);
      if (!constantValue.values.empty()) filling = constantValue.values[0];
    }
    if (textAttribute(node, "mode", "constant") != "constant" || filling != 0) context.refuse(node, "only padding with zeros is supported");
    const std::size_t row = result.order == Order::ChannelsLast ? 1 : 2, other = result.order == Order::ChannelsLast ? 3 : 1;
    const bool fits = given.size() == 8 && !result.flat && given[0] == 0 && given[4] == 0 && given[other] == 0 && given[other + 4] == 0;
    if (!fits) context.refuse(node, "only the rows and columns of maps can be padded");
    const std::array<std::int64_t, 4> sizes{given[row], given[row + 1], given[row + 4], given[row + 5]};
    for (std::size_t side = 0; side < 4; ++side) {
      if (sizes[side] < 0 || sizes[side] > 4096 || result.pads[side] > 4096) context.refuse(node, "its padding is out of range");
      result.pads[side] += sizes[side];
    }
  }
  context.define(node, result);
}

void softmax(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  const std::int64_t axis = intAttribute(node, "axis", -1);
  // Before opset 13 it ran over all dimensions from `axis` on.
  const bool ofMaps = !context.shapeOf(source).isVector();
  if (ofMaps && ((axis != 1 && axis != -3) || source.flat || source.order == Order::ChannelsLast || context.opset() < 13))
    context.refuse(node, "softmax is only read over a row of classes or over the channels of maps");
  if (!ofMaps && axis != 1 && axis != -1)
    context.refuse(node, "softmax over dimension " + std::to_string(axis) + " is not supported", "Use axis 1");
  const std::string type = node.op_type() == "LogSoftmax" ? "log-softmax" : "softmax";
  context.define(node, source, context.addNode(node, context.uniqueName(type), type, {}, {source.node}));
}

void concat(ImportContext& context, const Node& node) {
  std::vector<int> inputs;
  Value result;
  for (int i = 0; i < node.input_size(); ++i) {
    Value one = context.value(node, i);
    if (one.flat) one = context.asVector(node, one);
    if (i > 0 && one.order != result.order) context.refuse(node, "its inputs lie in different orders");
    result = one;
    inputs.push_back(one.node);
  }
  if (inputs.empty()) context.refuse(node, "it has no inputs");
  const std::int64_t axis = intAttribute(node, "axis", 1), channels = result.order == Order::ChannelsLast ? 3 : 1;
  const std::int64_t rank = context.rankOf(result);
  if (axis != channels && axis + rank != channels) context.refuse(node, "maps can only be joined along their channels");
  if (inputs.size() == 1) return context.define(node, result);
  context.define(node, result, context.addCounted(node, "concat", {}, inputs));
}

}  // namespace

void alias(ImportContext& context, const Node& node) {
  static const std::set<std::int64_t> kWithFractions{onnx::TensorProto::FLOAT, onnx::TensorProto::FLOAT16, onnx::TensorProto::DOUBLE,
                                                     onnx::TensorProto::BFLOAT16};
  if (node.op_type() == "Cast" && !kWithFractions.contains(intAttribute(node, "to", onnx::TensorProto::FLOAT)))
    context.refuse(node, "it makes whole numbers, or truths, of numbers with fractions");
  context.define(node, context.padded(node, 0));
}

std::span<const Operator> otherOperators() {
  static const std::vector<Operator> table{
      {"Identity", alias},
      // What is harmless to it is of eight-bit floats only.
      {"Cast", alias, 1, "to", "saturate round_mode"},
      {"Dropout", dropout, 3, "ratio", "seed is_test"},
      {"Pad", pad, 4, "mode paddings pads value"},
      {"Softmax", softmax, 1, "axis"},
      {"LogSoftmax", softmax, 1, "axis"},
      {"Concat", concat, kAny, "axis"},
  };
  return table;
}

}  // namespace io::onnxfile
