#include "io/onnx/Importer.h"

#include <algorithm>

#include "io/onnx/ConstantFolding.h"
#include "io/onnx/OnnxImport.h"
#include "io/onnx/OperatorFields.h"
#include "nn/LayerCatalogue.h"

namespace io::onnxfile {

namespace {

constexpr const char* kReadable =
    "ConvScope reads Conv, ConvTranspose, MaxPool, AveragePool, Gemm, MatMul, Add, Mul, Concat, Slice, Pad, Resize, BatchNormalization, "
    "Relu, LeakyRelu, PRelu, Elu, Gelu, Sigmoid, Tanh, Clip, HardSigmoid, HardSwish, Softmax, Dropout, Flatten, Reshape and Transpose; "
    "replace the operator or export "
    "the model up to it";

// What a person can do about an operator that is not read.
std::string adviceFor(const std::string& op) {
  static const std::map<std::string_view, const char*> table{
      {"InstanceNormalization", "Train with batch normalisation, which is read, instead"},
      {"GroupNormalization", "Train with batch normalisation, which is read, instead"},
      {"Softplus", "Train with SiLU, GELU or ELU, which are read, instead"},
      {"Mish", "Train with SiLU, GELU or ELU, which are read, instead"},
      {"Softsign", "Train with tanh, which is read, instead"},
      {"DepthToSpace", "Use a transposed convolution or upsampling instead"},
      {"SpaceToDepth", "Use a convolution with a stride instead"},
      {"If", "Export the model along one fixed path, without control flow"},
      {"Loop", "Export the model along one fixed path, without control flow"},
      {"Scan", "Export the model along one fixed path, without control flow"},
      {"QuantizeLinear", "Export the model before it is quantised"},
      {"DequantizeLinear", "Export the model before it is quantised"},
      {"QLinearConv", "Export the model before it is quantised"},
      {"ConvInteger", "Export the model before it is quantised"},
      {"LSTM", "ConvScope shows convolutional networks; export the part that is one"},
      {"GRU", "ConvScope shows convolutional networks; export the part that is one"},
      {"RNN", "ConvScope shows convolutional networks; export the part that is one"}};
  const auto found = table.find(op);
  return found == table.end() ? kReadable : found->second;
}

// A node that cannot be read, while the rest of the graph can.
class Unreadable : public nn::Error {
  using nn::Error::Error;
};

}  // namespace

Importer::Importer(const onnx::ModelProto& model, std::string where, std::string name)
    : m_model(model), m_graph(model.graph()), m_where(std::move(where)), m_name(std::move(name)) {}

const std::map<std::string_view, Importer::Handler>& Importer::handlers() {
  static const std::map<std::string_view, Handler> table{
      {"Conv", &Importer::conv},
      {"MaxPool", &Importer::pool},
      {"AveragePool", &Importer::pool},
      {"GlobalAveragePool", &Importer::globalPool},
      {"GlobalMaxPool", &Importer::globalPool},
      {"ReduceMean", &Importer::reduce},
      {"ReduceMax", &Importer::reduce},
      {"Gemm", &Importer::gemm},
      {"MatMul", &Importer::matMul},
      {"BatchNormalization", &Importer::batchNormalization},
      {"Relu", &Importer::activation},
      {"LeakyRelu", &Importer::activation},
      {"Sigmoid", &Importer::activation},
      {"Tanh", &Importer::activation},
      {"Elu", &Importer::elu},
      {"Gelu", &Importer::activation},
      {"Greater", &Importer::greater},
      {"Clip", &Importer::clip},
      {"Min", &Importer::extreme},
      {"Max", &Importer::extreme},
      {"HardSigmoid", &Importer::hardSigmoid},
      {"HardSwish", &Importer::hardSwish},
      {"Identity", &Importer::alias},
      {"Cast", &Importer::alias},
      {"Dropout", &Importer::dropout},
      {"Pad", &Importer::pad},
      {"Flatten", &Importer::flatten},
      {"Reshape", &Importer::reshape},
      {"Squeeze", &Importer::reshape},
      {"Unsqueeze", &Importer::reshape},
      {"Transpose", &Importer::transpose},
      {"Softmax", &Importer::softmax},
      {"LogSoftmax", &Importer::softmax},
      {"Add", &Importer::add},
      {"Sum", &Importer::add},
      {"Sub", &Importer::subtract},
      {"Neg", &Importer::negate},
      {"Mul", &Importer::multiply},
      {"Div", &Importer::multiply},
      {"LRN", &Importer::responseNorm},
      {"PRelu", &Importer::prelu},
      {"ConvTranspose", &Importer::transposedConvolution},
      {"Resize", &Importer::resize},
      {"Upsample", &Importer::resize},
      {"Slice", &Importer::slice},
      {"Concat", &Importer::concat},
      {"Shape", &Importer::shapeArithmetic},
  };
  return table;
}

Model Importer::run() {
  readConstants();
  for (const Node& node : m_graph.node()) {
    for (const std::string& input : node.input()) ++m_uses[input];
  }
  for (const onnx::ValueInfoProto& output : m_graph.output()) ++m_uses[output.name()];
  findComposed();
  readInputs();
  for (const Node& node : m_graph.node()) {
    if (m_skipped.contains(&node)) noteOverlooked(node);
    if ((node.op_type() == "Constant" && isStandard(node)) || m_skipped.contains(&node)) continue;
    const bool dependent =
        std::any_of(node.input().begin(), node.input().end(), [&](const std::string& input) { return m_leftOut.contains(input); });
    if (dependent) {
      ++m_dependent;
      leaveOut(node);
      continue;
    }
    const std::size_t before = m_nodes.size();
    try {
      read(node);
      noteOverlooked(node);
    } catch (const Unreadable& problem) {
      m_nodes.resize(before);
      m_unreadable.push_back(problem.issue());
      if (passOver(node)) continue;
      leaveOut(node);
      // Those that it would have been read together with.
      for (const Node* other : m_skipped) {
        if (other->output_size() > 0 && !m_values.contains(other->output(0))) leaveOut(*other);
      }
    }
  }
  return finish();
}

void Importer::read(const Node& node) {
  if (node.output_size() == 0) damaged(node, "it has no output");
  if (!isStandard(node)) refuseForeign(node);
  if (node.input_size() == 0) refuse(node, "it has no input", kReadable);
  if (const std::string problem = contradiction(node); !problem.empty()) refuse(node, problem, "Save or export the file again");
  if (foldConstants(node)) return;
  const auto isShape = [&](const std::string& input) { return m_shapes.contains(input); };
  const auto isConstantOrShape = [&](const std::string& input) { return input.empty() || isShape(input) || isConstant(input); };
  if (std::any_of(node.input().begin(), node.input().end(), isShape) &&
      std::all_of(node.input().begin(), node.input().end(), isConstantOrShape)) {
    shapeArithmetic(node);
    return;
  }
  const auto handler = handlers().find(node.op_type());
  if (handler == handlers().end()) refuse(node, "the operator " + cleaned(node.op_type()) + " is not supported", adviceFor(node.op_type()));
  (this->*handler->second)(node);
}

// What its operator means is not the standard's affair, whatever its name.
void Importer::refuseForeign(const Node& node) const {
  const std::string op = cleaned(node.op_type()), domain = cleaned(node.domain());
  const std::string hint = handlers().contains(node.op_type())
                               ? "ConvScope reads " + op + " as the standard defines it; export the model without operators of " + domain
                               : adviceFor(node.op_type());
  refuse(node, "the operator " + op + " of the domain " + domain + " is not supported", hint);
}

void Importer::noteOverlooked(const Node& node) {
  for (const std::string& what : overlooked(node)) {
    const std::string reason = node.op_type() + ": " + what;
    const auto known = std::find_if(m_overlooked.begin(), m_overlooked.end(), [&](const Overlooked& one) { return one.reason == reason; });
    if (known != m_overlooked.end())
      ++known->count;
    else
      m_overlooked.push_back({reason, spotOf(node), what, 1});
  }
}

void Importer::leaveOut(const Node& node) {
  for (const std::string& output : node.output()) {
    if (!output.empty()) m_leftOut.insert(output);
  }
}

// Computes what depends on constants alone.
bool Importer::foldConstants(const Node& node) {
  if (node.input_size() == 0 || node.output_size() != 1) return false;
  if (node.op_type() == "Identity" && isConstant(node.input(0))) {  // however large: nothing to compute
    m_constants[node.output(0)] = m_constants.at(node.input(0));
    return true;
  }
  std::vector<Constant> constants(std::size_t(node.input_size()));
  std::vector<const Constant*> inputs;
  std::size_t values = 0;
  for (const std::string& input : node.input()) {
    const auto found = m_constants.find(input);
    if (!input.empty() && found == m_constants.end()) return false;
    Constant& constant = constants[inputs.size()];
    inputs.push_back(input.empty() ? nullptr : &constant);
    if (input.empty()) continue;
    const onnx::TensorProto& proto = *found->second;
    if (!isNumeric(proto)) return false;
    constant.dims.assign(proto.dims().begin(), proto.dims().end());
    constant.whole = isInteger(proto);
    if (constant.whole) {
      for (const std::int64_t value : readIntegers(proto, m_where)) constant.values.push_back(double(value));
    } else {
      const Tensor tensor = readTensor(proto, m_where);
      constant.values.assign(tensor.values.begin(), tensor.values.end());
    }
    values += constant.values.size();
  }
  if (values > m_foldable) refuse(node, "it computes with too many constants", "Simplify the model before opening it");
  m_foldable -= values;
  const std::optional<Constant> result = fold(node, inputs, m_foldable);
  if (!result) return false;
  m_foldable -= result->values.size();
  onnx::TensorProto& proto = m_ownConstants.emplace_back();
  if (result->whole) {
    std::vector<std::int64_t> numbers;
    for (const double value : result->values) numbers.push_back(std::int64_t(std::clamp(value, -0x1p62, 0x1p62)));
    writeIntegers(proto, node.output(0), numbers);
    proto.clear_dims();
    for (const std::int64_t dim : result->dims) proto.add_dims(dim);
  } else {
    writeTensor(proto, node.output(0), result->dims, std::vector<float>(result->values.begin(), result->values.end()));
  }
  m_constants[node.output(0)] = &proto;
  return true;
}

std::string Importer::placeOf(const Node& node) const {
  return m_where + ", " + spotOf(node);
}

std::string Importer::spotOf(const Node& node) {
  const std::string name = !node.name().empty() ? node.name() : node.output_size() > 0 ? node.output(0) : std::string();
  return "node '" + cleaned(name) + "'" + (node.op_type().empty() ? "" : " (" + cleaned(node.op_type()) + ")");
}

void Importer::refuse(const Node& node, const std::string& what, const std::string& hint) const {
  throw Unreadable(what, placeOf(node), hint);
}

void Importer::damaged(const Node& node, const std::string& what, const std::string& hint) const {
  throw nn::Error(what, placeOf(node), hint);
}

Tensor Importer::constant(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = m_constants.find(node.input(input));
  if (found == m_constants.end()) {
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed, not a constant",
           "Export the model for inference, with its weights as constants");
  }
  return readTensor(*found->second, m_where);
}

std::vector<std::int64_t> Importer::integers(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  if (const auto computed = m_shapes.find(node.input(input)); computed != m_shapes.end()) {
    std::vector<std::int64_t> values;
    for (const double number : computed->second) values.push_back(std::int64_t(std::clamp(number, -0x1p31, 0x1p31)));
    return values;
  }
  const auto found = m_constants.find(node.input(input));
  if (found == m_constants.end())
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed from the image, which is not supported");
  std::vector<std::int64_t> values = readIntegers(*found->second, m_where);
  std::transform(values.begin(), values.end(), values.begin(), bounded);
  return values;
}

Value Importer::zeroPadded(const Node& node, Value source, const std::array<std::int64_t, 4>& sides) {
  source.node = addCounted(node, "zero-pad", {{"padding", std::vector<std::int64_t>(sides.begin(), sides.end())}}, {source.node});
  source.pads = {};
  source.shared = false;
  return source;
}

Value Importer::value(const Node& node, int input) {
  const Value& found = padded(node, input);
  return found.pads == std::array<std::int64_t, 4>{} ? found : zeroPadded(node, found, found.pads);
}

const Value& Importer::padded(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = m_values.find(node.input(input));
  if (found == m_values.end() && (isConstant(node.input(input)) || m_shapes.contains(node.input(input))))
    refuse(node, "it works on constants alone", "Simplify the model before opening it");
  if (found == m_values.end()) damaged(node, "its input '" + cleaned(node.input(input)) + "' is computed by nothing before it");
  return found->second;
}

// The version of the standard's operators that the file was written for.
std::int64_t Importer::opset() const {
  for (const onnx::OperatorSetIdProto& set : m_model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx") return std::max<std::int64_t>(set.version(), 1);
  return 1;
}

std::size_t Importer::uses(const std::string& tensor) const {
  const auto found = m_uses.find(tensor);
  return found == m_uses.end() ? 0 : found->second;
}

void Importer::define(const Node& node, Value value) {
  const std::string& tensor = node.output(0);
  if (m_values.contains(tensor)) damaged(node, "its output '" + cleaned(tensor) + "' is computed twice");
  value.shared = value.shared || uses(tensor) > 1;
  m_values[tensor] = value;
}

std::string Importer::uniqueName(const std::string& wish) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(m_nodes.begin(), m_nodes.end(), [&](const Draft& draft) { return draft.spec.name == name; });
  };
  if (!taken(wish)) return wish;
  for (int number = 2;; ++number) {
    const std::string name = wish + "-" + std::to_string(number);
    if (!taken(name)) return name;
  }
}

// The name that the layer had where it was trained ("conv1.weight" gives "conv1"), else a counted one.
std::string Importer::nameFor(const Node& node, const char* stem) {
  if (node.input_size() > 1 && isConstant(node.input(1))) {
    std::string weight = node.input(1);
    for (const char* ending : {".weight", ".kernel"}) {
      if (weight.ends_with(ending)) return uniqueName(cleaned(weight.substr(0, weight.size() - std::string_view(ending).size())));
    }
  }
  return uniqueName(stem + std::to_string(++m_counters[stem]));
}

int Importer::addNode(const Node& node, const std::string& name, const std::string& type, nn::Fields fields,
                      const std::vector<int>& inputs) {
  Draft draft;
  draft.spec.name = name;
  draft.spec.type = type;
  draft.spec.fields = std::move(fields);
  for (const int input : inputs) draft.spec.inputs.push_back(m_nodes[std::size_t(input)].spec.name);
  m_nodes.push_back(std::move(draft));
  remake(node, int(m_nodes.size()) - 1);
  return int(m_nodes.size()) - 1;
}

void Importer::remake(const Node& node, int index) {
  Draft& draft = m_nodes[std::size_t(index)];
  const nn::LayerType* type = nn::findLayerType(draft.spec.type);
  if (!type) refuse(node, "layers of type '" + draft.spec.type + "' are not in the catalogue");
  std::vector<nn::Shape> shapes;
  for (const std::string& input : draft.spec.inputs) {
    const auto source = std::find_if(m_nodes.begin(), m_nodes.end(), [&](const Draft& other) { return other.spec.name == input; });
    shapes.push_back(source->layer->outputShape());
  }
  std::vector<nn::Issue> issues;
  draft.layer = nn::createLayer(*type, draft.spec.name, draft.spec.fields, shapes, issues);
  if (!draft.layer)
    damaged(node, issues.empty() ? "its layer cannot be made" : issues.front().what, issues.empty() ? "" : issues.front().hint);
}

Value Importer::asVector(const Node& node, const Value& source) {
  if (shapeOf(source).isVector()) return source;
  const nn::Shape shape = shapeOf(source);
  if (source.order == Order::ChannelsLast && shape.channels > 1) {
    refuse(node, "it reads flattened maps with the channels last", "Export the model with the channels first");
  }
  Value result = source;
  result.node = addNode(node, nameFor(Node(), "flatten"), "flatten", {}, {source.node});
  result.flat = true;
  return result;
}

Value Importer::asMap(const Node& node, const Value& source) {
  if (source.flat && !shapeOf(source).isVector()) refuse(node, "it reads maps that were flattened before");
  return source;
}

Draft* Importer::foldable(const Value& value, std::string_view type) {
  Draft& draft = m_nodes[std::size_t(value.node)];
  if (value.shared || draft.spec.type != type || draft.layer->activation() != nn::Activation::None) return nullptr;
  return &draft;
}

Model importGraph(const onnx::ModelProto& model, const std::string& where, const std::string& name) {
  return Importer(model, where, name).run();
}

}  // namespace io::onnxfile
