// Small ONNX graphs, node by node, as other programs write them.
#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <initializer_list>
#include <numeric>
#include <onnx/onnx_pb.h>
#include <string>
#include <vector>

#include "io/onnx/OnnxReader.h"

namespace graphtest {

using Ints = std::vector<std::int64_t>;
using Floats = std::vector<float>;

inline void expectNear(const Floats& found, const Floats& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-5f) << i;
}

class GraphBuilder {
 public:
  explicit GraphBuilder(const Ints& inputDims, int opset = 13) {
    m_model.set_ir_version(7);
    m_model.add_opset_import()->set_version(opset);
    onnx::ValueInfoProto& input = *graph().add_input();
    input.set_name("x");
    auto& tensor = *input.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx::TensorProto::FLOAT);
    tensor.mutable_shape()->add_dim()->set_dim_param("batch");
    for (const std::int64_t dim : inputDims) tensor.mutable_shape()->add_dim()->set_dim_value(dim);
  }

  onnx::GraphProto& graph() { return *m_model.mutable_graph(); }
  onnx::ModelProto& model() { return m_model; }

  // The node's output is named like the node. Returns it for attributes.
  onnx::NodeProto& add(const std::string& name, const std::string& op, const std::vector<std::string>& inputs) {
    onnx::NodeProto& node = *graph().add_node();
    node.set_name(name);
    node.set_op_type(op);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(name);
    return node;
  }
  static void ints(onnx::NodeProto& node, const char* name, const Ints& values) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) attribute.add_ints(value);
  }
  static void integer(onnx::NodeProto& node, const char* name, std::int64_t value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }

  static void number(onnx::NodeProto& node, const char* name, float value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }
  static void text(onnx::NodeProto& node, const char* name, const char* value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(value);
  }

  void floats(const std::string& name, const Ints& dims, const Floats& values) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : dims) tensor.add_dims(dim);
    for (const float value : values) tensor.add_float_data(value);
  }
  void wholes(const std::string& name, const Ints& values) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(std::int64_t(values.size()));
    for (const std::int64_t value : values) tensor.add_int64_data(value);
  }
  // 0.1, 0.2, ... with changing signs.
  void weights(const std::string& name, const Ints& dims) {
    Floats values(std::size_t(std::accumulate(dims.begin(), dims.end(), std::int64_t(1), std::multiplies<>())));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.1f * float(i % 7 + 1) * (i % 3 == 1 ? -1.0f : 1.0f);
    floats(name, dims, values);
  }

  io::Model read(const std::vector<std::string>& outputs) {
    graph().clear_output();
    for (const std::string& name : outputs) graph().add_output()->set_name(name);
    return readAsItIs();
  }
  io::Model readAsItIs() const {
    return io::onnxfile::readModel(QByteArray::fromStdString(m_model.SerializeAsString()), "graph.onnx", "graph");
  }

 private:
  onnx::ModelProto m_model;
};

}  // namespace graphtest
