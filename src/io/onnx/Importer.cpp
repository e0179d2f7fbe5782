#include "io/onnx/Importer.h"

#include <algorithm>
#include <limits>

#include "io/onnx/OnnxImport.h"
#include "nn/LayerCatalogue.h"

namespace io::onnxfile {

namespace {

constexpr const char* kReadable =
    "ConvScope reads Conv, MaxPool, AveragePool, Gemm, MatMul, Add, Concat, BatchNormalization after Conv, Relu, LeakyRelu, Elu, Gelu, "
    "Sigmoid, Tanh, "
    "Softmax, Dropout, Flatten, Reshape and Transpose; replace the operator or export the model up to it";

// Names come from a file: only letters that can be shown and written anywhere.
std::string cleaned(const std::string& name) {
  std::string result;
  for (const char letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    result += plain || letter == '_' || letter == '-' || letter == '.' ? letter : '_';
    if (result.size() >= 60) break;
  }
  return result;
}

const onnx::AttributeProto* findAttribute(const onnx::NodeProto& node, std::string_view name) {
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

}  // namespace

std::int64_t intAttribute(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? found->i() : otherwise;
}
float floatAttribute(const onnx::NodeProto& node, std::string_view name, float otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? found->f() : otherwise;
}
std::string textAttribute(const onnx::NodeProto& node, std::string_view name, const std::string& otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? found->s() : otherwise;
}
std::vector<std::int64_t> intsAttribute(const onnx::NodeProto& node, std::string_view name, std::vector<std::int64_t> otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? std::vector<std::int64_t>(found->ints().begin(), found->ints().end()) : std::move(otherwise);
}

Importer::Importer(const onnx::ModelProto& model, std::string where, std::string name)
    : m_model(model), m_graph(model.graph()), m_where(std::move(where)), m_name(std::move(name)) {}

const std::map<std::string_view, Importer::Handler>& Importer::handlers() {
  static const std::map<std::string_view, Handler> table{
      {"Conv", &Importer::conv},
      {"MaxPool", &Importer::pool},
      {"AveragePool", &Importer::pool},
      {"GlobalAveragePool", &Importer::globalPool},
      {"GlobalMaxPool", &Importer::globalPool},
      {"Gemm", &Importer::gemm},
      {"MatMul", &Importer::matMul},
      {"BatchNormalization", &Importer::batchNormalization},
      {"Relu", &Importer::activation},
      {"LeakyRelu", &Importer::activation},
      {"Sigmoid", &Importer::activation},
      {"Tanh", &Importer::activation},
      {"Elu", &Importer::activation},
      {"Gelu", &Importer::activation},
      {"Greater", &Importer::greater},
      {"Clip", &Importer::clip},
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
      {"Mul", &Importer::multiply},
      {"Div", &Importer::multiply},
      {"Concat", &Importer::concat},
      {"Shape", &Importer::shapeArithmetic},
      {"Gather", &Importer::shapeArithmetic},
      {"Slice", &Importer::shapeArithmetic},
  };
  return table;
}

Model Importer::run() {
  readConstants();
  for (const Node& node : m_graph.node()) {
    for (const std::string& input : node.input()) ++m_uses[input];
  }
  for (const onnx::ValueInfoProto& output : m_graph.output()) ++m_uses[output.name()];
  readInputs();
  for (const Node& node : m_graph.node()) {
    if (node.op_type() == "Constant" || m_skipped.contains(&node)) continue;
    const auto handler = handlers().find(node.op_type());
    const bool foreignDomain = !node.domain().empty() && node.domain() != "ai.onnx";
    if (handler == handlers().end() || foreignDomain)
      refuse(node, "the operator " + cleaned(node.op_type()) + " is not supported", kReadable);
    if (node.output_size() == 0) refuse(node, "it has no output");
    (this->*handler->second)(node);
  }
  return finish();
}

void Importer::readConstants() {
  for (const onnx::TensorProto& tensor : m_graph.initializer()) m_constants[tensor.name()] = &tensor;
  m_ownConstants.reserve(std::size_t(m_graph.node_size()));
  for (const Node& node : m_graph.node()) {
    if (node.op_type() != "Constant" || node.output_size() != 1 || node.attribute_size() != 1) continue;
    const onnx::AttributeProto& attribute = node.attribute(0);
    if (attribute.name() == "value") {
      m_constants[node.output(0)] = &attribute.t();
      continue;
    }
    onnx::TensorProto& tensor = m_ownConstants.emplace_back();
    tensor.set_name(node.output(0));
    if (attribute.name() == "value_float") {
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      tensor.add_float_data(attribute.f());
    } else if (attribute.name() == "value_int" || attribute.name() == "value_ints") {
      tensor.set_data_type(onnx::TensorProto::INT64);
      if (attribute.name() == "value_int")
        tensor.add_int64_data(attribute.i());
      else
        *tensor.mutable_int64_data() = attribute.ints();
      if (attribute.name() == "value_ints") tensor.add_dims(attribute.ints_size());
    }
    m_constants[node.output(0)] = &tensor;
  }
}

void Importer::readInputs() {
  int count = 0;
  for (const onnx::ValueInfoProto& info : m_graph.input()) {
    if (isConstant(info.name())) continue;  // older files list their weights as inputs
    readInput(info);
    ++count;
  }
  if (count == 0) throw nn::Error("the model has no input", m_where);
}

void Importer::readInput(const onnx::ValueInfoProto& info) {
  const std::string place = m_where + ", input '" + cleaned(info.name()) + "'";
  std::vector<std::int64_t> dims;
  for (const auto& dim : info.type().tensor_type().shape().dim()) dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  if (dims.size() < 2 || dims.size() > 4) {
    throw nn::Error("it has " + std::to_string(dims.size()) + " dimensions; images have two to four, the first of them the batch", place);
  }
  for (std::size_t i = 1; i < dims.size(); ++i) {
    if (dims[i] < 1 || dims[i] > 65536)
      throw nn::Error("its size is not fixed", place, "Export the model with a fixed image size; only the batch may vary");
  }
  Value value;
  nn::Shape shape{int(dims[1]), 1, 1};
  value.flat = dims.size() == 2;
  if (dims.size() == 3) shape = {1, int(dims[1]), int(dims[2])};
  if (dims.size() == 4) {
    const bool channelsLast = (dims[3] == 1 || dims[3] == 3) && dims[1] > 4;
    value.order = channelsLast ? Order::ChannelsLast : Order::ChannelsFirst;
    shape = channelsLast ? nn::Shape{int(dims[3]), int(dims[1]), int(dims[2])} : nn::Shape{int(dims[1]), int(dims[2]), int(dims[3])};
  }
  Node node;
  node.set_name(info.name());
  value.node = addNode(
      node, uniqueName("input"), "input",
      {{"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}}, {});
  value.shared = true;
  m_values[info.name()] = value;
}

Model Importer::finish() {
  nn::NetworkSpec spec;
  spec.name = cleaned(m_name);
  spec.title = m_name;
  const std::string producer = cleaned(m_model.producer_name());
  spec.description = "Imported from an ONNX file" + (producer.empty() ? std::string() : " written by " + producer) + ".";
  for (const Draft& draft : m_nodes) spec.nodes.push_back(draft.spec);
  for (const onnx::ValueInfoProto& output : m_graph.output()) {
    const auto found = m_values.find(output.name());
    if (found == m_values.end()) throw nn::Error("its output '" + cleaned(output.name()) + "' is computed by nothing", m_where);
    const std::string& name = m_nodes[std::size_t(found->second.node)].spec.name;
    if (std::find(spec.outputs.begin(), spec.outputs.end(), name) == spec.outputs.end()) spec.outputs.push_back(name);
  }
  Model model;
  const std::vector<nn::Issue> issues = nn::validate(spec);
  if (!issues.empty()) throw nn::Error(issues.front().what, m_where + ", " + issues.front().where, issues.front().hint);
  model.network = nn::Network::create(spec);
  model.parameters.assign(model.network->parameterCount(), 0.0f);
  for (const Draft& draft : m_nodes) {
    const nn::Network::Node& node = model.network->node(model.network->find(draft.spec.name));
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const auto values = draft.blocks.find(block.name);
      if (values == draft.blocks.end()) continue;
      if (values->second.size() != block.count) throw nn::Error("its weights do not fit", m_where + ", " + draft.spec.name);
      std::copy(values->second.begin(), values->second.end(),
                model.parameters.begin() + std::ptrdiff_t(node.parameterOffset + block.offset));
    }
  }
  model.notes = m_notes;
  return model;
}

std::string Importer::placeOf(const Node& node) const {
  const std::string name = !node.name().empty() ? node.name() : node.output_size() > 0 ? node.output(0) : std::string();
  return m_where + ", node '" + cleaned(name) + "'" + (node.op_type().empty() ? "" : " (" + cleaned(node.op_type()) + ")");
}

void Importer::refuse(const Node& node, const std::string& what, const std::string& hint) const {
  throw nn::Error(what, placeOf(node), hint);
}

Tensor Importer::constant(const Node& node, int input) const {
  if (!hasInput(node, input)) refuse(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = m_constants.find(node.input(input));
  if (found == m_constants.end()) {
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed, not a constant",
           "Export the model for inference, with its weights as constants");
  }
  return readTensor(*found->second, m_where);
}

std::vector<std::int64_t> Importer::integers(const Node& node, int input) const {
  if (!hasInput(node, input)) refuse(node, "input " + std::to_string(input + 1) + " is missing");
  if (const auto computed = m_integers.find(node.input(input)); computed != m_integers.end()) return computed->second;
  const auto found = m_constants.find(node.input(input));
  if (found == m_constants.end())
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed from the image, which is not supported");
  return readIntegers(*found->second, m_where);
}

const Value& Importer::value(const Node& node, int input) const {
  const Value& found = padded(node, input);
  if (found.pads != std::array<std::int64_t, 4>{}) refuse(node, "zeros around a map are only read before a convolution");
  return found;
}

const Value& Importer::padded(const Node& node, int input) const {
  if (!hasInput(node, input)) refuse(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = m_values.find(node.input(input));
  if (found == m_values.end()) {
    refuse(node, isConstant(node.input(input)) ? "it works on constants alone"
                                               : "its input '" + cleaned(node.input(input)) + "' is computed by nothing before it");
  }
  return found->second;
}

// The version of the standard's operators that the file was written for.
std::int64_t Importer::opset() const {
  for (const onnx::OperatorSetIdProto& set : m_model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx") return set.version();
  return 1;
}

std::size_t Importer::uses(const std::string& tensor) const {
  const auto found = m_uses.find(tensor);
  return found == m_uses.end() ? 0 : found->second;
}

void Importer::define(const Node& node, Value value) {
  const std::string& tensor = node.output(0);
  if (m_values.contains(tensor)) refuse(node, "its output '" + cleaned(tensor) + "' is computed twice");
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
    refuse(node, issues.empty() ? "its layer cannot be made" : issues.front().what, issues.empty() ? "" : issues.front().hint);
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
