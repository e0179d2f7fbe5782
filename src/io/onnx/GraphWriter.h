// Writes a network as the graph of a standard ONNX model, node after node; knows of each whether its values have four dimensions
// (N, C, H, W) or two (N, C). Lives for one call of writeGraph(). GraphWriter.cpp keeps the books, GraphWriterLayers.cpp has
// one function for each kind of layer.
#pragma once

#include <onnx/onnx_pb.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/onnx/OnnxWriter.h"

namespace io::onnxfile {

void addInt(onnx::NodeProto& node, const char* name, std::int64_t value);
void addInts(onnx::NodeProto& node, const char* name, std::span<const std::int64_t> values);
inline void addInts(onnx::NodeProto& node, const char* name, std::initializer_list<std::int64_t> values) {
  addInts(node, name, std::span(values.begin(), values.size()));
}
void addFloat(onnx::NodeProto& node, const char* name, float value);
void addText(onnx::NodeProto& node, const char* name, const char* value);

class GraphWriter {
 public:
  GraphWriter(onnx::GraphProto& graph, const nn::Network& network);
  void write();

 private:
  using Names = std::vector<std::string>;
  using List = std::vector<std::int64_t>;
  using LayerWriter = void (GraphWriter::*)(int index);
  static LayerWriter writerOf(std::string_view type);  // null where the type cannot be written

  const nn::Network::Node& node(int index) const { return m_network.node(index); }
  bool flat(int index) const { return m_flat[std::size_t(index)]; }
  onnx::NodeProto& add(const std::string& name, const char* op, const Names& inputs);  // its output has its name
  void addValueInfo(onnx::ValueInfoProto& info, int index);
  std::string constant(const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values);
  std::string number(const std::string& name, float value) { return constant(name, {}, std::span(&value, 1)); }
  std::string integers(const std::string& name, std::span<const std::int64_t> values);
  std::string integers(const std::string& name, std::initializer_list<std::int64_t> values) {
    return integers(name, std::span(values.begin(), values.size()));
  }
  std::string source(int index, std::size_t which, bool wantFlat);
  std::string sourceAsItIs(int index);
  std::string combinedName(int index) const;
  void finish(int index);
  // Initializer names of a node's parameter blocks, in their order, behind `before`.
  Names parameterNames(int index, Names before = {}) const;
  // A field of the node's specification, or its default.
  const nn::FieldValue& field(int index, const std::string& name) const;
  double realField(int index, const std::string& name) const;
  std::int64_t wholeField(int index, const std::string& field) const { return std::int64_t(realField(index, field)); }

  void writeInput(int index);
  void writeWeightedSum(int index);
  void writeTransposed(int index);
  void writePool(int index);
  void writeGlobalPool(int index);
  void writeAdaptivePool(int index);
  std::string reduceBins(const std::string& input, const std::string& name, nn::Combine kind, int axis, int size, int count);
  void writeFlatten(int index);
  void writeSoftmax(int index);
  void writeDropout(int index);
  void writeActivationLayer(int index);
  void writePRelu(int index);
  void writeBatchNorm(int index);
  void writeLayerNorm(int index);
  void writeResponseNorm(int index);
  void writeJoin(int index);
  void writeProduct(int index);
  void writeMatMul(int index);
  void writeFunction(int index);
  void writeZeroPad(int index);
  void writeUpsample(int index);
  void writeReshape(int index);
  void writeSlice(int index);
  void writeAffine(int index);
  void writeRearrange(int index);
  void writeSelect(int index);
  void writeResize(int index);
  void writeGroupNorm(int index, std::int64_t groups);
  void writeActivation(const std::string& name, nn::Activation activation, const std::string& input);

  onnx::GraphProto& m_graph;
  const nn::Network& m_network;
  std::vector<bool> m_flat;
};

}  // namespace io::onnxfile
