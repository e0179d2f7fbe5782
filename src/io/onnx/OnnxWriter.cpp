#include "io/onnx/OnnxWriter.h"

#include <algorithm>
#include <array>

#include "io/Model.h"
#include "io/onnx/OnnxTensor.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

constexpr int kOpset = 13;
constexpr int kIrVersion = 7;

using Names = std::vector<std::string>;

void addInts(onnx::NodeProto& node, const char* name, std::initializer_list<std::int64_t> values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute.add_ints(value);
}

void addInt(onnx::NodeProto& node, const char* name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void addFloat(onnx::NodeProto& node, const char* name, float value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}

// Zeros that the window sees beyond the bottom or right edge.
std::int64_t endPadding(int input, int output, int kernel, int stride, int dilation, int before) {
  return std::max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input - before);
}

void addWindow(onnx::NodeProto& node, const nn::Window& window, const nn::Shape& from, const nn::Shape& to, bool dilated) {
  addInts(node, "kernel_shape", {window.height, window.width});
  addInts(node, "strides", {window.strideY, window.strideX});
  addInts(node, "pads",
          {window.paddingTop, window.paddingLeft,
           endPadding(from.height, to.height, window.height, window.strideY, window.dilationY, window.paddingTop),
           endPadding(from.width, to.width, window.width, window.strideX, window.dilationX, window.paddingLeft)});
  if (dilated) addInts(node, "dilations", {window.dilationY, window.dilationX});
}

// Writes node after node; knows of each whether its values have four dimensions (N, C, H, W) or two (N, C).
class GraphWriter {
 public:
  GraphWriter(onnx::GraphProto& graph, const nn::Network& network) : m_graph(graph), m_network(network), m_flat(network.nodes().size()) {}

  void write() {
    m_graph.set_name(m_network.spec().name.empty() ? "network" : m_network.spec().name);
    for (std::size_t i = 0; i < m_network.nodes().size(); ++i) writeNode(int(i));
    for (const int output : m_network.outputs()) addValueInfo(*m_graph.add_output(), output);
  }

 private:
  const nn::Network::Node& node(int index) const { return m_network.node(index); }
  bool flat(int index) const { return m_flat[std::size_t(index)]; }

  onnx::NodeProto& add(const std::string& name, const char* op, const Names& inputs, const std::string& output) {
    onnx::NodeProto& proto = *m_graph.add_node();
    proto.set_name(name);
    proto.set_op_type(op);
    for (const std::string& input : inputs) proto.add_input(input);
    proto.add_output(output);
    return proto;
  }

  void addValueInfo(onnx::ValueInfoProto& info, int index) {
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
  std::string constant(const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values) {
    if (std::none_of(m_graph.initializer().begin(), m_graph.initializer().end(),
                     [&](const auto& tensor) { return tensor.name() == name; })) {
      writeTensor(*m_graph.add_initializer(), name, dims, values);
    }
    return name;
  }
  std::string number(const std::string& name, float value) { return constant(name, {}, std::span(&value, 1)); }

  // The tensor of one of the inputs of a node, brought to two or four dimensions.
  std::string source(int index, std::size_t which, bool wantFlat) {
    const int from = node(index).inputs[which];
    if (flat(from) == wantFlat) return node(from).name;
    const std::string name = node(index).name + "/" + (wantFlat ? "flatten" : "unflatten") + (which == 0 ? "" : std::to_string(which));
    if (wantFlat) {
      addInt(add(name, "Flatten", {node(from).name}, name), "axis", 1);
    } else {
      const nn::Shape& shape = node(from).shape;
      const std::array<std::int64_t, 4> dims{0, shape.channels, shape.height, shape.width};
      const std::string shapeName = name + ".shape";
      writeIntegers(*m_graph.add_initializer(), shapeName, dims);
      add(name, "Reshape", {node(from).name, shapeName}, name);
    }
    return name;
  }

  void writeActivation(const std::string& name, nn::Activation activation, const std::string& input) {
    switch (activation) {
      case nn::Activation::None:
        add(name, "Identity", {input}, name);
        return;
      case nn::Activation::Relu:
        add(name, "Relu", {input}, name);
        return;
      case nn::Activation::LeakyRelu:
        addFloat(add(name, "LeakyRelu", {input}, name), "alpha", 0.01f);
        return;
      case nn::Activation::Sigmoid:
        add(name, "Sigmoid", {input}, name);
        return;
      case nn::Activation::Tanh:
        add(name, "Tanh", {input}, name);
        return;
      case nn::Activation::ScaledTanh:
        add(name + "/inner", "Mul", {input, number("scaled-tanh.slope", 2.0f / 3.0f)}, name + "/inner");
        add(name + "/tanh", "Tanh", {name + "/inner"}, name + "/tanh");
        add(name, "Mul", {name + "/tanh", number("scaled-tanh.amplitude", 1.7159f)}, name);
        return;
      case nn::Activation::Elu:
        add(name, "Elu", {input}, name);
        return;
      case nn::Activation::BinaryStep:
      case nn::Activation::Gelu:
      case nn::Activation::Silu:
        writeComposedActivation(name, activation, input);
        return;
    }
  }

  // Those that opset 13 has no operator for.
  void writeComposedActivation(const std::string& name, nn::Activation activation, const std::string& input) {
    if (activation == nn::Activation::BinaryStep) {
      add(name + "/above", "Greater", {input, number("binary-step.threshold", 0)}, name + "/above");
      addInt(add(name, "Cast", {name + "/above"}, name), "to", onnx::TensorProto::FLOAT);
    } else if (activation == nn::Activation::Silu) {
      add(name + "/sigmoid", "Sigmoid", {input}, name + "/sigmoid");
      add(name, "Mul", {input, name + "/sigmoid"}, name);
    } else {
      add(name + "/scaled", "Mul", {input, number("gelu.scale", 0.70710678f)}, name + "/scaled");
      add(name + "/erf", "Erf", {name + "/scaled"}, name + "/erf");
      add(name + "/twice", "Add", {name + "/erf", number("gelu.one", 1.0f)}, name + "/twice");
      add(name + "/share", "Mul", {name + "/twice", number("gelu.half", 0.5f)}, name + "/share");
      add(name, "Mul", {input, name + "/share"}, name);
    }
  }

  // Where the combined value goes before its activation.
  std::string combinedName(int index) const {
    return node(index).layer->activation() == nn::Activation::None ? node(index).name : node(index).name + "/combined";
  }
  void finish(int index) {
    const nn::Activation activation = node(index).layer->activation();
    if (activation != nn::Activation::None) writeActivation(node(index).name, activation, combinedName(index));
  }

  // Initializer names of a node's parameter blocks, in their order.
  Names parameterNames(int index) const {
    Names names;
    for (const nn::ParameterBlock& block : node(index).layer->parameterBlocks()) names.push_back(initializerName(node(index), block));
    return names;
  }

  void writeWeightedSum(int index) {
    const nn::Layer& layer = *node(index).layer;
    const bool convolution = layer.window().has_value();
    Names inputs{source(index, 0, !convolution)};
    for (const std::string& name : parameterNames(index)) inputs.push_back(name);
    onnx::NodeProto& proto = add(combinedName(index), convolution ? "Conv" : "Gemm", inputs, combinedName(index));
    if (convolution)
      addWindow(proto, *layer.window(), layer.inputShapes()[0], layer.outputShape(), true);
    else
      addInt(proto, "transB", 1);
    m_flat[std::size_t(index)] = !convolution;
    finish(index);
  }

  void writePool(int index, const char* op) {
    const nn::Layer& layer = *node(index).layer;
    const Names parameters = parameterNames(index);
    const bool trainable = parameters.size() == 2;
    const std::string pooled = trainable ? node(index).name + "/pooled" : combinedName(index);
    addWindow(add(pooled, op, {source(index, 0, false)}, pooled), *layer.window(), layer.inputShapes()[0], layer.outputShape(), false);
    if (trainable) {
      add(node(index).name + "/scaled", "Mul", {pooled, parameters[0]}, node(index).name + "/scaled");
      add(combinedName(index), "Add", {node(index).name + "/scaled", parameters[1]}, combinedName(index));
    }
    finish(index);
  }

  void writePointwise(int index) {
    const std::string& name = node(index).name;
    m_flat[std::size_t(index)] = flat(node(index).inputs[0]);
    const std::string& input = node(node(index).inputs[0]).name;
    if (node(index).layer->type() == "dropout")
      add(name, "Dropout", {input}, name);
    else
      writeActivation(name, node(index).layer->activation(), input);
  }

  void writeJoin(int index, const char* op) {
    const bool anyFlat = std::any_of(node(index).inputs.begin(), node(index).inputs.end(), [&](int from) { return flat(from); });
    Names inputs;
    for (std::size_t i = 0; i < node(index).inputs.size(); ++i) inputs.push_back(source(index, i, anyFlat));
    onnx::NodeProto& proto = add(combinedName(index), op, inputs, combinedName(index));
    if (std::string_view(op) == "Concat") addInt(proto, "axis", 1);
    m_flat[std::size_t(index)] = anyFlat;
    finish(index);
  }

  void writeNode(int index) {
    const std::string_view type = node(index).layer->type();
    if (type == "input") {
      m_flat[std::size_t(index)] = node(index).shape.isVector();
      addValueInfo(*m_graph.add_input(), index);
    } else if (type == "conv2d" || type == "dense") {
      writeWeightedSum(index);
    } else if (type == "max-pool") {
      writePool(index, "MaxPool");
    } else if (type == "average-pool") {
      writePool(index, "AveragePool");
    } else if (type == "flatten") {
      m_flat[std::size_t(index)] = true;
      addInt(add(node(index).name, "Flatten", {node(node(index).inputs[0]).name}, node(index).name), "axis", 1);
    } else if (type == "softmax") {
      m_flat[std::size_t(index)] = flat(node(index).inputs[0]);
      addInt(add(node(index).name, "Softmax", {node(node(index).inputs[0]).name}, node(index).name), "axis", 1);
    } else if (type == "concat") {
      writeJoin(index, "Concat");
    } else if (type == "add") {
      writeJoin(index, "Sum");
    } else if (node(index).layer->combineKind() == nn::Combine::Pointwise || type == "dropout") {
      writePointwise(index);
    } else {
      throw nn::Error("layers of type '" + std::string(type) + "' cannot be written as ONNX", "node '" + node(index).name + "'");
    }
  }

  onnx::GraphProto& m_graph;
  const nn::Network& m_network;
  std::vector<bool> m_flat;
};

// Convolutions with a connection table leave kernels out; the file holds zeros there.
std::vector<float> fullKernels(const nn::Layer& layer, const nn::ParameterBlock& block, std::span<const float> parameters) {
  const int outputs = block.dims[0], inputs = block.dims[1];
  const std::size_t area = std::size_t(block.dims[2]) * std::size_t(block.dims[3]);
  std::vector<float> full(std::size_t(outputs) * std::size_t(inputs) * area, 0.0f);
  for (int out = 0; out < outputs; ++out) {
    for (int in = 0; in < inputs; ++in) {
      const std::ptrdiff_t offset = layer.kernelOffset(out, in);
      if (offset < 0) continue;
      std::copy_n(parameters.begin() + offset, area,
                  full.begin() + std::ptrdiff_t((std::size_t(out) * std::size_t(inputs) + std::size_t(in)) * area));
    }
  }
  return full;
}

void writeParameters(onnx::GraphProto& graph, const nn::Network& network, std::span<const float> parameters) {
  for (const nn::Network::Node& node : network.nodes()) {
    const std::span<const float> own = parameters.subspan(node.parameterOffset, node.parameterCount);
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const std::string name = initializerName(node, block);
      std::vector<std::int64_t> dims(block.dims.begin(), block.dims.end());
      if (node.layer->type() == "average-pool") dims = {std::int64_t(block.count), 1, 1};
      std::size_t full = 1;
      for (const std::int64_t dim : dims) full *= std::size_t(dim);
      if (full == block.count)
        writeTensor(*graph.add_initializer(), name, dims, own.subspan(block.offset, block.count));
      else
        writeTensor(*graph.add_initializer(), name, dims, fullKernels(*node.layer, block, own));
    }
  }
}

}  // namespace

std::string initializerName(const nn::Network::Node& node, const nn::ParameterBlock& block) {
  return node.name + "." + block.name;
}

void writeGraph(onnx::GraphProto& graph, const nn::Network& network) {
  GraphWriter(graph, network).write();
}

onnx::ModelProto writeModel(const nn::Network& network, std::span<const float> parameters) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("ConvScope");
  onnx::OperatorSetIdProto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  model.set_doc_string(network.spec().description);
  writeGraph(*model.mutable_graph(), network);
  writeParameters(*model.mutable_graph(), network, parameters);
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key(kNetworkKey);
  entry.set_value(writeNetworkJson(network.spec()).toStdString());
  return model;
}

}  // namespace io::onnxfile
