// Operators without weights that are neither activations nor arithmetic.
#include <algorithm>
#include <array>
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
  const Value source = context.anyValue(node, 0);
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

// Over one dimension, which is brought to the channels where it is another; before opset 13 over all from `axis` on.
void softmax(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  const bool old = context.opset() < 13;
  const std::int64_t axis = context.axisOf(node, source, intAttribute(node, "axis", old && !source.batchless ? 1 : -1));
  if (axis == 0) context.refuse(node, "softmax over the batch is not supported", "Use axis 1");
  const std::string type = node.op_type() == "LogSoftmax" ? "log-softmax" : "softmax";
  const auto over = [&](int input) { return context.addNode(node, context.uniqueName(type), type, {}, {input}); };
  const std::vector<std::int64_t> dims = context.dimensionsOf(source);
  const auto last = std::int64_t(dims.size()) - 1;
  const std::int64_t channels = source.order == Order::ChannelsLast && !source.flat ? last : 1;
  const bool plain = source.box.empty() && axis == channels && !(source.flat && !context.shapeOf(source).isVector());
  if (plain && (!old || axis == last)) return context.define(node, source, over(source.node));
  const Value box = context.asBox(node, source);
  std::int64_t before = 1, size = 1, after = 1;
  for (std::int64_t i = 1; i <= last; ++i) (i < axis ? before : i == axis || old ? size : after) *= dims[std::size_t(i)];
  const auto turn = [&](int input, std::int64_t first, std::int64_t second, const std::vector<std::int64_t>& shape) {
    return context.addCounted(
        node, "rearrange",
        {{"box", std::vector<std::int64_t>{first, second, after}}, {"order", std::vector<std::int64_t>{1, 0, 2}}, {"shape", shape}},
        {input});
  };
  Value result = box;
  result.node = turn(over(turn(box.node, before, size, {size, before, after})), size, before, {before, size, after});
  result.shared = false;
  context.define(node, result);
}

// Whether the whole numbers begin at what stands for zero, so that all below is cut off: often the only trace of a ReLU.
bool cutsNegative(const ImportContext& context, const Node& node) {
  if (node.op_type() != "QuantizeLinear") return false;
  if (!context.hasInput(node, 2)) return true;
  const auto zero = context.tensors.find(node.input(2));
  if (zero == context.tensors.end()) return false;
  const bool isSigned = zero->second->data_type() == onnx::TensorProto::INT8;
  const std::vector<std::int64_t> points = readIntegers(*zero->second, context.where);
  const bool whole = isSigned || zero->second->data_type() == onnx::TensorProto::UINT8;
  return whole && std::all_of(points.begin(), points.end(), [&](std::int64_t point) { return point == (isSigned ? -128 : 0); });
}

// Numbers are rounded to 8 bits and back, and cut off where they do not fit those.
void quantization(ImportContext& context, const Node& node) {
  const std::string note = "the file rounds numbers to a few bits between its layers (QuantizeLinear); here they are not rounded";
  if (std::find(context.notes.begin(), context.notes.end(), note) == context.notes.end()) context.notes.push_back(note);
  if (cutsNegative(context, node) && !neverNegative(context, context.padded(node, 0).node))
    return context.define(node, activated(context, node, context.anyValue(node, 0), nn::Activation::Relu));
  context.define(node, context.padded(node, 0));
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
      {"QuantizeLinear", quantization, 3, {}, "axis saturate"},
      {"DequantizeLinear", quantization, 3, {}, "axis"},
      {"Dropout", dropout, 3, "ratio", "seed is_test"},
      {"Softmax", softmax, 1, "axis"},
      {"LogSoftmax", softmax, 1, "axis"},
  };
  return table;
}

}  // namespace io::onnxfile
