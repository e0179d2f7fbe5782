#include "io/onnx/OnnxImport.h"

#include <algorithm>
#include <map>

#include "io/onnx/ConstantFolding.h"
#include "io/onnx/ImportContext.h"
#include "io/onnx/ImportEnds.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

constexpr const char* kReadable =
    "ConvScope reads Conv, ConvTranspose, MaxPool, AveragePool, Gemm, MatMul, Add, Mul, Concat, Slice, Split, Gather, Pad, Resize, "
    "ReduceMean, Pow, Exp, Log, BatchNormalization, LayerNormalization, GroupNormalization, the usual activations, Softmax, Dropout, "
    "Flatten, Reshape and Transpose; replace the operator or export the model up to it";

// What a person can do about an operator that is not read.
const char* adviceFor(const std::string& op) {
  static const std::map<std::string_view, const char*> table{
      {"If Loop Scan", "Export the model along one fixed path, without control flow"},
      {"LSTM GRU RNN", "ConvScope shows convolutional networks; export the part that is one"}};
  for (const auto& [names, advice] : table)
    if (holds(names, op)) return advice;
  return kReadable;
}

// What its operator means is not the standard's affair, whatever its name.
void refuseForeign(const ImportContext& context, const Node& node) {
  const std::string op = cleaned(node.op_type()), domain = cleaned(node.domain());
  const Operator* known = findOperator(node.op_type());
  const std::string hint = known && known->read
                               ? "ConvScope reads " + op + " as the standard defines it; export the model without operators of " + domain
                               : adviceFor(node.op_type());
  context.refuse(node, "the operator " + op + " of the domain " + domain + " is not supported", hint);
}

void noteOverlooked(ImportContext& context, const Node& node) {
  for (const std::string& what : overlooked(node)) {
    const std::string reason = node.op_type() + ": " + what;
    const auto known = std::find_if(context.overlookedParts.begin(), context.overlookedParts.end(),
                                    [&](const Overlooked& one) { return one.reason == reason; });
    if (known != context.overlookedParts.end())
      ++known->count;
    else
      context.overlookedParts.push_back({reason, context.spotOf(node), what, 1});
  }
}

void leaveOut(ImportContext& context, const Node& node) {
  for (const std::string& output : node.output()) {
    if (!output.empty()) context.leftOut.insert(output);
  }
}

// Computes what depends on constants alone.
bool foldConstants(ImportContext& context, const Node& node) {
  if (node.input_size() == 0 || node.output_size() != 1) return false;
  if (node.op_type() == "Identity" && context.isConstant(node.input(0))) {  // however large: nothing to compute
    context.requireNew(node);
    context.tensors[node.output(0)] = context.tensors.at(node.input(0));
    return true;
  }
  std::vector<Constant> constants(std::size_t(node.input_size()));
  std::vector<const Constant*> inputs;
  std::size_t values = 0;
  for (const std::string& input : node.input()) {
    const auto found = context.tensors.find(input);
    if (!input.empty() && found == context.tensors.end()) return false;
    Constant& constant = constants[inputs.size()];
    inputs.push_back(input.empty() ? nullptr : &constant);
    if (input.empty()) continue;
    const onnx::TensorProto& proto = *found->second;
    if (!isNumeric(proto)) return false;
    constant.dims.assign(proto.dims().begin(), proto.dims().end());
    constant.whole = isInteger(proto);
    if (constant.whole) {
      for (const std::int64_t value : readIntegers(proto, context.where)) constant.values.push_back(double(value));
    } else {
      const Tensor tensor = readTensor(proto, context.where);
      constant.values.assign(tensor.values.begin(), tensor.values.end());
    }
    values += constant.values.size();
  }
  if (values > context.foldBudget) context.refuse(node, "it computes with too many constants", "Simplify the model before opening it");
  context.foldBudget -= values;
  const std::optional<Constant> result = fold(node, inputs, context.foldBudget);
  if (!result) return false;
  const std::string note = "its weights of a few bits (DequantizeLinear) were turned into 32-bit floats";
  if (node.op_type() == "DequantizeLinear" && std::find(context.notes.begin(), context.notes.end(), note) == context.notes.end())
    context.notes.push_back(note);
  context.requireNew(node);
  context.foldBudget -= result->values.size();
  onnx::TensorProto& proto = context.ownTensors.emplace_back();
  if (result->whole) {
    std::vector<std::int64_t> numbers;
    for (const double value : result->values) numbers.push_back(std::int64_t(std::clamp(value, -0x1p62, 0x1p62)));
    writeIntegers(proto, node.output(0), numbers);
    proto.clear_dims();
    for (const std::int64_t dim : result->dims) proto.add_dims(dim);
  } else {
    writeTensor(proto, node.output(0), result->dims, std::vector<float>(result->values.begin(), result->values.end()));
  }
  context.tensors[node.output(0)] = &proto;
  return true;
}

// Operators that change values and not their number, or their order: with the input handed on, the rest of the graph can be drawn.
bool passOver(ImportContext& context, const Node& node) {
  constexpr std::string_view kSameShape =
      "Acos Acosh Asin Asinh Atan Atanh BatchNormalization Cosh GroupNormalization InstanceNormalization LRN LayerNormalization "
      "LpNormalization MeanVarianceNormalization PRelu Pow Shrink Sinh Tan";
  if (!isStandard(node) || !holds(kSameShape, node.op_type()) || node.input_size() == 0 || node.output_size() == 0) return false;
  const auto source = context.tensorValues.find(node.input(0));
  const bool known = source != context.tensorValues.end() && source->second.pads == std::array<std::int64_t, 4>{} &&
                     !context.tensorValues.contains(node.output(0));
  // What else it reads are its settings.
  const bool constants = std::all_of(node.input().begin() + 1, node.input().end(),
                                     [&](const std::string& input) { return input.empty() || context.isConstant(input); });
  if (!known || !constants) return false;
  Value result = source->second;
  result.node = context.addNode(node, context.uniqueName("unread-" + cleaned(node.op_type())), "activation",
                                {{"activation", std::string("none")}}, {result.node});
  result.shared = false;
  context.define(node, result);
  ++context.passedOver;
  return true;
}

void read(ImportContext& context, const Node& node) {
  if (node.output_size() == 0) context.damaged(node, "it has no output");
  if (!isStandard(node)) refuseForeign(context, node);
  if (node.input_size() == 0) context.refuse(node, "it has no input", kReadable);
  if (const std::string problem = contradiction(node); !problem.empty()) context.refuse(node, problem, "Save or export the file again");
  if (foldConstants(context, node)) return;
  const bool constant = std::all_of(node.input().begin(), node.input().end(),
                                    [&](const std::string& input) { return input.empty() || context.isConstant(input); });
  if (constant)
    context.refuse(node, "constants or a shape are computed by " + cleaned(node.op_type()) + " in a way that is not supported",
                   "Export the model with a fixed image size, or simplify it before opening it");
  const Operator* known = findOperator(node.op_type());
  if (!known || !known->read)
    context.refuse(node, "the operator " + cleaned(node.op_type()) + " is not supported", adviceFor(node.op_type()));
  known->read(context, node);
}

}  // namespace

Model importGraph(const onnx::ModelProto& model, const std::string& where, const std::string& name) {
  ImportContext context(model, where, name);
  readConstants(context);
  for (const Node& node : context.graph.node()) {
    for (const std::string& input : node.input()) ++context.useCounts[input];
  }
  for (const onnx::ValueInfoProto& output : context.graph.output()) ++context.useCounts[output.name()];
  findComposed(context);
  readInputs(context);
  for (const Node& node : context.graph.node()) {
    if (context.skipped.contains(&node)) noteOverlooked(context, node);
    if ((node.op_type() == "Constant" && isStandard(node)) || context.skipped.contains(&node)) continue;
    const bool dependent =
        std::any_of(node.input().begin(), node.input().end(), [&](const std::string& input) { return context.leftOut.contains(input); });
    if (dependent) {
      ++context.dependent;
      leaveOut(context, node);
      continue;
    }
    const std::size_t before = context.drafts.size();
    try {
      read(context, node);
      noteOverlooked(context, node);
    } catch (const Unreadable& problem) {
      context.drafts.resize(before);
      context.unreadable.push_back(problem.issue());
      if (passOver(context, node)) continue;
      leaveOut(context, node);
      // Those that it would have been read together with.
      for (const Node* other : context.skipped) {
        if (other->output_size() > 0 && !context.tensorValues.contains(other->output(0))) leaveOut(context, *other);
      }
    }
  }
  return finish(context);
}

}  // namespace io::onnxfile
