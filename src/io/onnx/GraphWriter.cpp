#include "io/onnx/GraphWriter.h"

#include <algorithm>

#include "io/onnx/OnnxTensor.h"
#include "nn/Error.h"
#include "nn/LayerCatalogue.h"

namespace io::onnxfile {

void writeGraph(onnx::GraphProto& graph, const nn::Network& network) {
  GraphWriter(graph, network).write();
}

GraphWriter::GraphWriter(onnx::GraphProto& graph, const nn::Network& network)
    : m_graph(graph), m_network(network), m_flat(network.nodes().size()) {}

void GraphWriter::write() {
  m_graph.set_name(m_network.spec().name.empty() ? "network" : m_network.spec().name);
  for (int i = 0; i < int(m_network.nodes().size()); ++i) {
    const std::string_view type = node(i).layer->type();
    const LayerWriter writer = writerOf(type);
    if (!writer) throw nn::Error("layers of type '" + std::string(type) + "' cannot be written as ONNX", "node '" + node(i).name + "'");
    (this->*writer)(i);
  }
  for (const int output : m_network.outputs()) addValueInfo(*m_graph.add_output(), output);
}

onnx::NodeProto& GraphWriter::add(const std::string& name, const char* op, const Names& inputs) {
  onnx::NodeProto& proto = *m_graph.add_node();
  proto.set_name(name);
  proto.set_op_type(op);
  for (const std::string& input : inputs) proto.add_input(input);
  proto.add_output(name);
  return proto;
}

void GraphWriter::addValueInfo(onnx::ValueInfoProto& info, int index) {
  info.set_name(node(index).name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  const nn::Shape& shape = node(index).shape;
  tensor.mutable_shape()->add_dim()->set_dim_value(shape.channels);
  if (flat(index)) return;
  tensor.mutable_shape()->add_dim()->set_dim_value(shape.height);
  tensor.mutable_shape()->add_dim()->set_dim_value(shape.width);
}

// A constant that belongs to the graph rather than to the parameters.
std::string GraphWriter::constant(const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values) {
  if (std::none_of(m_graph.initializer().begin(), m_graph.initializer().end(), [&](const auto& tensor) { return tensor.name() == name; })) {
    writeTensor(*m_graph.add_initializer(), name, dims, values);
  }
  return name;
}

std::string GraphWriter::integers(const std::string& name, std::span<const std::int64_t> values) {
  writeIntegers(*m_graph.add_initializer(), name, values);
  return name;
}

// The tensor of the only input, whose dimensions stay.
std::string GraphWriter::sourceAsItIs(int index) {
  m_flat[std::size_t(index)] = flat(node(index).inputs[0]);
  return node(node(index).inputs[0]).name;
}

// The tensor of one of the inputs of a node, brought to two or four dimensions.
std::string GraphWriter::source(int index, std::size_t which, bool wantFlat) {
  const int from = node(index).inputs[which];
  if (flat(from) == wantFlat) return node(from).name;
  const std::string name = node(index).name + "/" + (wantFlat ? "flatten" : "unflatten") + (which == 0 ? "" : std::to_string(which));
  if (wantFlat) {
    addInt(add(name, "Flatten", {node(from).name}), "axis", 1);
  } else {
    const nn::Shape& shape = node(from).shape;
    add(name, "Reshape", {node(from).name, integers(name + ".shape", {0, shape.channels, shape.height, shape.width})});
  }
  return name;
}

// Where the combined value goes before its activation.
std::string GraphWriter::combinedName(int index) const {
  return node(index).layer->activation() == nn::Activation::None ? node(index).name : node(index).name + "/combined";
}

void GraphWriter::finish(int index) {
  const nn::Activation activation = node(index).layer->activation();
  if (activation != nn::Activation::None) writeActivation(node(index).name, activation, combinedName(index));
}

GraphWriter::Names GraphWriter::parameterNames(int index, Names before) const {
  for (const nn::ParameterBlock& block : node(index).layer->parameterBlocks()) before.push_back(initializerName(node(index), block));
  return before;
}

const nn::FieldValue& GraphWriter::field(int index, const std::string& name) const {
  const auto& specs = m_network.spec().nodes;
  const auto spec = std::find_if(specs.begin(), specs.end(), [&](const nn::NodeSpec& one) { return one.name == node(index).name; });
  if (const auto given = spec->fields.find(name); given != spec->fields.end()) return given->second;
  const auto& fields = nn::findLayerType(spec->type)->fields;
  return std::find_if(fields.begin(), fields.end(), [&](const nn::FieldInfo& info) { return info.name == name; })->defaultValue;
}

double GraphWriter::realField(int index, const std::string& name) const {
  const nn::FieldValue& value = field(index, name);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole ? double(*whole) : std::get<double>(value);
}

}  // namespace io::onnxfile
