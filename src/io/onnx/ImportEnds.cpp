// What a graph begins and ends with: constants, inputs, and the network that comes of it.
#include <algorithm>

#include "io/onnx/Importer.h"
#include "io/onnx/OperatorFields.h"

namespace io::onnxfile {

namespace {

constexpr std::size_t kMostReasons = 6;  // that are told
// Of ONNX, as they were when this was written.
constexpr std::int64_t kNewestOperators = 23;
constexpr std::int64_t kNewestFormat = 11;

}  // namespace

void Importer::readConstants() {
  if (m_graph.sparse_initializer_size() > 0)
    throw nn::Error("some of its weights are stored as sparse tensors", m_where, "Save the model with all of its weights as full tensors");
  for (const onnx::TensorProto& tensor : m_graph.initializer()) m_constants[tensor.name()] = &tensor;
  for (const Node& node : m_graph.node()) {
    if (node.op_type() != "Constant" || !isStandard(node) || node.output_size() != 1 || node.attribute_size() != 1) continue;
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
    } else if (attribute.name() == "value_floats") {
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      *tensor.mutable_float_data() = attribute.floats();
      tensor.add_dims(attribute.floats_size());
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

// Three dimensions are grey pictures, unless a layer of signals reads them: then channels of values, as maps of one row.
bool Importer::isLine(const std::string& input) const {
  static const std::set<std::string_view> kLayers{"Conv", "MaxPool", "AveragePool", "BatchNormalization", "GlobalAveragePool", "Pad"};
  return std::any_of(m_graph.node().begin(), m_graph.node().end(),
                     [&](const Node& node) { return node.input_size() > 0 && node.input(0) == input && kLayers.contains(node.op_type()); });
}

// The nodes that read an input say how its images lie; else a last dimension of one or three.
bool Importer::hasChannelsLast(const std::string& input, const std::vector<std::int64_t>& dims) {
  static const std::set<std::string_view> kChannelsFirst{"Conv",   "ConvTranspose", "MaxPool",           "AveragePool",
                                                         "LRN",    "PRelu",         "GlobalAveragePool", "BatchNormalization",
                                                         "Resize", "Upsample",      "GlobalMaxPool",     "InstanceNormalization"};
  for (const Node& node : m_graph.node()) {
    if (node.input_size() == 0 || node.input(0) != input) continue;
    if (node.op_type() == "Transpose" && intsAttribute(node, "perm", {}) == std::vector<std::int64_t>{0, 3, 1, 2}) return true;
    if (kChannelsFirst.contains(node.op_type())) return false;
  }
  const bool guess = (dims[3] == 1 || dims[3] == 3) && dims[1] > 4;
  if (guess && dims[3] == 3) m_notes.push_back("its input '" + cleaned(input) + "' is taken for images with the channels last");
  return guess;
}

// The numbers of a picture are 0 to 1, with fractions: what else an input takes, it gets those all the same, which is said.
void Importer::noteType(const std::string& input, std::int32_t type, const std::string& place) {
  using Type = onnx::TensorProto;
  static const std::set<std::int32_t> kWithFractions{Type::DOUBLE, Type::FLOAT16, Type::BFLOAT16};
  static const std::set<std::int32_t> kWhole{Type::INT8,  Type::INT16,  Type::INT32,  Type::INT64,
                                             Type::UINT8, Type::UINT16, Type::UINT32, Type::UINT64};
  if (type == Type::FLOAT) return;
  const std::string known = Type::DataType_IsValid(type) ? Type::DataType_Name(Type::DataType(type)) : "";
  const std::string name = known.empty() ? "type " + std::to_string(type) : known;
  if (type == Type::UNDEFINED)
    m_notes.push_back("the file does not say which numbers " + input + " takes; 32-bit floats from 0 to 1 are assumed");
  else if (kWithFractions.contains(type))
    m_notes.push_back(input + " takes numbers of another length (" + name + "); here everything is computed with 32-bit floats");
  else if (kWhole.contains(type))
    m_notes.push_back(input + " takes whole numbers (" + name +
                      "), usually 0 to 255; here it gets those of a picture, 0 to 1 with fractions");
  else if (type == Type::BOOL)
    m_notes.push_back(input + " takes only true and false (" + name + "); here it gets the numbers of a picture, 0 to 1 with fractions");
  else
    throw nn::Error("it takes " + name + ", and a picture is made of plain numbers", place, "Export the model for 32-bit floats");
}

void Importer::readInput(const onnx::ValueInfoProto& info) {
  const std::string called = "its input '" + cleaned(info.name()) + "'", place = m_where + ", input '" + cleaned(info.name()) + "'";
  if (info.has_type() && !info.type().has_tensor_type())
    throw nn::Error("it takes no tensor, and a picture is one", place, "Export the model with one tensor for each input");
  noteType(called, info.type().tensor_type().elem_type(), place);
  if (!info.type().tensor_type().has_shape())
    throw nn::Error("the file does not say how large its images are", place, "Export the model with a fixed image size");
  std::vector<std::int64_t> dims;
  for (const auto& dim : info.type().tensor_type().shape().dim()) dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  if (dims.size() < 2 || dims.size() > 4) {
    throw nn::Error("it has " + std::to_string(dims.size()) + " dimensions; images have two to four, the first of them the batch", place);
  }
  for (std::size_t i = 1; i < dims.size(); ++i) {
    if (dims[i] < 1 || dims[i] > 65536)
      throw nn::Error("its size is not fixed", place, "Export the model with a fixed image size; only the batch may vary");
  }
  if (dims[0] > 1)
    m_notes.push_back("the first dimension of " + called + ", " + std::to_string(dims[0]) +
                      ", is taken for the number of images at a time; one is computed");
  Value value;
  nn::Shape shape{int(dims[1]), 1, 1};
  value.flat = dims.size() == 2;
  value.line = dims.size() == 3 && isLine(info.name());
  if (dims.size() == 3) shape = value.line ? nn::Shape{int(dims[1]), 1, int(dims[2])} : nn::Shape{1, int(dims[1]), int(dims[2])};
  if (dims.size() == 3 && !value.line)
    m_notes.push_back(called + " has three dimensions: taken for grey images of " + std::to_string(dims[2]) + " x " +
                      std::to_string(dims[1]));
  if (dims.size() == 4) {
    const bool channelsLast = hasChannelsLast(info.name(), dims);
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

// The nodes that are the graph's outputs; none where the graph names none, or none of them can be computed.
std::vector<std::string> Importer::outputs() {
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto& output : m_graph.output()) {
    if (m_leftOut.contains(output.name())) continue;
    const auto found = m_values.find(output.name());
    if (found == m_values.end())
      throw nn::Error("its output '" + cleaned(output.name()) + "' is computed by nothing", m_where, "Save or export the file again");
    Value& value = found->second;
    Node node;
    node.set_name(output.name());
    if (value.pads != std::array<std::int64_t, 4>{}) value = zeroPadded(node, value, value.pads);
    noteSize(output, value);
    const std::string& name = m_nodes[std::size_t(value.node)].spec.name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

// Where the file says how many values an output has for each image, and it has others here.
void Importer::noteSize(const onnx::ValueInfoProto& output, const Value& value) {
  const auto& dims = output.type().tensor_type().shape().dim();
  if (dims.size() < 2) return;
  std::int64_t said = 1;
  for (int i = 1; i < dims.size(); ++i) {
    if (dims[i].dim_value() < 1 || said > (std::int64_t(1) << 31)) return;  // it does not say
    said *= std::min(dims[i].dim_value(), std::int64_t(1) << 31);
  }
  if (const std::size_t found = shapeOf(value).size(); said != std::int64_t(found))
    m_notes.push_back("the file says that its output '" + cleaned(output.name()) + "' has " + std::to_string(said) +
                      " values; as it is read here, it has " + std::to_string(found));
}

void Importer::noteOutputs(const nn::Network& network) {
  std::string names;
  for (const int output : network.outputs()) names += (names.empty() ? "" : ", ") + network.node(output).name;
  if (m_graph.output_size() == 0)
    m_notes.push_back("the file names no output: taken is what nothing in it reads, " + names);
  else
    m_missing.push_back("none of its outputs can be computed: shown instead is what is computed last, " + names);
}

Model Importer::finish() {
  noteLeftOut();
  noteFile();
  tellOverlooked();
  nn::NetworkSpec spec;
  spec.name = cleaned(m_name);
  spec.title = m_name;
  const std::string producer = cleaned(m_model.producer_name());
  spec.description = "Imported from an ONNX file" + (producer.empty() ? std::string() : " written by " + producer) + ".";
  spec.outputs = outputs();
  for (const Draft& draft : m_nodes) spec.nodes.push_back(draft.spec);
  Model model;
  const std::vector<nn::Issue> issues = nn::validate(spec);
  if (!issues.empty()) throw nn::Error(issues.front().what, m_where + ", " + issues.front().where, issues.front().hint);
  model.network = nn::Network::create(spec);
  if (spec.outputs.empty()) noteOutputs(*model.network);
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
  if (m_normalised.size() == 1) m_notes.push_back("batch normalisation became weights of '" + m_normalised[0] + "'");
  if (m_normalised.size() > 1) {
    m_notes.push_back("batch normalisation became weights of " + std::to_string(m_normalised.size()) + " layers, from '" +
                      m_normalised.front() + "' to '" + m_normalised.back() + "'");
  }
  model.notes = m_missing;
  model.notes.insert(model.notes.end(), m_notes.begin(), m_notes.end());
  // What no output depends on is no loss.
  const bool cut = std::any_of(m_graph.output().begin(), m_graph.output().end(),
                               [&](const onnx::ValueInfoProto& output) { return m_leftOut.contains(output.name()); });
  if (cut || m_passedOver > 0) model.unread = m_unreadable;
  return model;
}

// Operators that change values and not their number, or their order: with the input handed on, the rest of the graph can be drawn.
bool Importer::passOver(const Node& node) {
  static const std::set<std::string_view> kSameShape{"Abs",
                                                     "Acos",
                                                     "Acosh",
                                                     "Asin",
                                                     "Asinh",
                                                     "Atan",
                                                     "Atanh",
                                                     "Celu",
                                                     "Ceil",
                                                     "Cos",
                                                     "Cosh",
                                                     "Erf",
                                                     "Exp",
                                                     "Floor",
                                                     "HardSigmoid",
                                                     "HardSwish",
                                                     "InstanceNormalization",
                                                     "GroupNormalization",
                                                     "LayerNormalization",
                                                     "Log",
                                                     "LRN",
                                                     "LpNormalization",
                                                     "MeanVarianceNormalization",
                                                     "Mish",
                                                     "PRelu",
                                                     "Pow",
                                                     "Reciprocal",
                                                     "Round",
                                                     "Selu",
                                                     "Shrink",
                                                     "Sign",
                                                     "Sin",
                                                     "Sinh",
                                                     "Softplus",
                                                     "Softsign",
                                                     "Sqrt",
                                                     "Tan",
                                                     "ThresholdedRelu",
                                                     "Elu",
                                                     "BatchNormalization"};
  if (!isStandard(node) || !kSameShape.contains(node.op_type()) || node.input_size() == 0 || node.output_size() == 0) return false;
  const auto source = m_values.find(node.input(0));
  const bool known = source != m_values.end() && source->second.pads == std::array<std::int64_t, 4>{} && !m_values.contains(node.output(0));
  // What else it reads are its settings.
  const bool constants = std::all_of(node.input().begin() + 1, node.input().end(),
                                     [&](const std::string& input) { return input.empty() || isConstant(input); });
  if (!known || !constants) return false;
  Value result = source->second;
  result.node =
      addNode(node, uniqueName("unread-" + cleaned(node.op_type())), "activation", {{"activation", std::string("none")}}, {result.node});
  result.shared = false;
  define(node, result);
  ++m_passedOver;
  return true;
}

// What is in the file beside the nodes, and is not looked at.
void Importer::noteFile() {
  const auto says = [](const onnx::OperatorSetIdProto& set) {
    return set.version() > 0 && (set.domain().empty() || set.domain() == "ai.onnx");
  };
  const std::string newest = ", and the newest that is known here is ";
  if (std::none_of(m_model.opset_import().begin(), m_model.opset_import().end(), says))
    m_notes.push_back("the file does not say which version of ONNX's operators it uses; they are read as those of the first");
  if (opset() > kNewestOperators)
    m_notes.push_back("the file uses version " + std::to_string(opset()) + " of ONNX's operators" + newest +
                      std::to_string(kNewestOperators) + "; they are taken to compute what they did then");
  if (m_model.ir_version() > kNewestFormat)
    m_notes.push_back("the file is written in version " + std::to_string(m_model.ir_version()) + " of ONNX's format" + newest +
                      std::to_string(kNewestFormat) + "; what is new in it is not looked at");
  if (m_graph.quantization_annotation_size() > 0)
    m_notes.push_back("the file says how its values are to be quantised; here they are computed with 32-bit floats");
  if (m_model.training_info_size() > 0) m_notes.push_back("the file says how it is to be trained, which is not looked at");
}

void Importer::tellOverlooked() {
  for (std::size_t i = 0; i < std::min(m_overlooked.size(), kMostReasons); ++i) {
    const Overlooked& one = m_overlooked[i];
    m_notes.push_back(one.node + (one.count > 1 ? " and " + std::to_string(one.count - 1) + " more" : "") + ": " + one.what);
  }
  if (m_overlooked.size() > kMostReasons)
    m_notes.push_back(std::to_string(m_overlooked.size() - kMostReasons) + " other attributes or inputs are not known here, either");
}

// What stays is drawn; the notes say what is missing.
void Importer::noteLeftOut() {
  if (m_unreadable.empty()) return;
  const auto inputs = std::count_if(m_nodes.begin(), m_nodes.end(), [](const Draft& draft) { return draft.spec.type == "input"; });
  if (m_nodes.size() == std::size_t(inputs) + m_passedOver) throw nn::Error(m_unreadable.front());
  // One note for each reason, with the first node that has it.
  std::vector<std::pair<nn::Issue, std::size_t>> reasons;
  for (const nn::Issue& issue : m_unreadable) {
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.first.what == issue.what; });
    if (known != reasons.end())
      ++known->second;
    else
      reasons.emplace_back(issue, 1);
  }
  for (std::size_t i = 0; i < std::min(reasons.size(), kMostReasons); ++i) {
    const auto& [issue, count] = reasons[i];
    const std::string others = count > 1 ? " and " + std::to_string(count - 1) + " more" : "";
    m_missing.push_back("not read: " + issue.where.substr(m_where.size() + 2) + others + ": " + issue.what +
                        (issue.hint.empty() ? "" : ". " + issue.hint));
  }
  if (reasons.size() > kMostReasons)
    m_missing.push_back("not read, for " + std::to_string(reasons.size() - kMostReasons) + " other reasons: more nodes");
  const std::size_t leftOut = m_unreadable.size() - m_passedOver + m_dependent;
  const std::string all = " of " + std::to_string(m_graph.node_size()) + " operators ";
  if (m_passedOver > 0)
    m_missing.push_back(std::to_string(m_passedOver) + all +
                        "were passed over: what lies behind them is drawn, but its numbers are not the model's");
  if (leftOut > 0) m_missing.push_back(std::to_string(leftOut) + all + "were left out: what does not depend on them is drawn and computed");
}

}  // namespace io::onnxfile
