// The state of one import: which tensor of the ONNX graph is which node of the network, in which order its values lie,
// and the layers gathered so far. Lives for one call of importGraph().
#pragma once

#include <array>
#include <deque>
#include <map>
#include <onnx/onnx_pb.h>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/Model.h"
#include "io/onnx/OnnxAttributes.h"
#include "io/onnx/OnnxTensor.h"
#include "nn/Layer.h"

namespace io::onnxfile {

// How the values of a tensor lie: as ours (channels, rows, columns) or channels last.
enum class Order { ChannelsFirst, ChannelsLast };

// A tensor of the ONNX graph that carries activations.
struct Value {
  int node = -1;  // index into Importer::m_nodes
  Order order = Order::ChannelsFirst;
  bool flat = false;                   // two dimensions (N, values) rather than four
  bool line = false;                   // three dimensions (N, channels, values): maps of one row
  std::array<std::int64_t, 4> pads{};  // zeros still to be put around it: top, left, bottom, right
  bool shared = false;                 // read more than once: nothing may be folded into its node
};

// Whether zeros may be put around a map as a layer of their own before it is read through a window: they would be wrong, are right
// where no padding of ours fits, or are right and those of ours wrong.
enum class Zeros { Refused, Allowed, Wanted };

// A node of the network that is being built.
struct Draft {
  nn::NodeSpec spec;
  std::shared_ptr<const nn::Layer> layer;
  std::map<std::string, std::vector<float>> blocks;  // parameters by block name, in the layer's order of values
};

class Importer {
 public:
  Importer(const onnx::ModelProto& model, std::string where, std::string name);
  Model run();

 private:
  using Node = onnx::NodeProto;
  using Handler = void (Importer::*)(const Node&);
  static const std::map<std::string_view, Handler>& handlers();

  // ImportEnds.cpp: what the graph begins and ends with
  void readConstants();
  void readInputs();
  void noteType(const std::string& input, std::int32_t type, const std::string& place);
  void readInput(const onnx::ValueInfoProto& info);
  bool isLine(const std::string& input) const;
  bool hasChannelsLast(const std::string& input, const std::vector<std::int64_t>& dims);
  Model finish();
  std::vector<std::string> outputs();
  void noteSize(const onnx::ValueInfoProto& output, const Value& value);
  void noteOutputs(const nn::Network& network);
  void noteLeftOut();
  void noteFile();
  void tellOverlooked();
  bool passOver(const Node& node);

  // Importer.cpp: bookkeeping
  void read(const Node& node);
  [[noreturn]] void refuseForeign(const Node& node) const;
  void noteOverlooked(const Node& node);
  void leaveOut(const Node& node);
  bool foldConstants(const Node& node);
  // What cannot be expressed: the node and what depends on it are left out, and named.
  [[noreturn]] void refuse(const Node& node, const std::string& what, const std::string& hint = {}) const;
  // What no export would contain: the file is not opened.
  [[noreturn]] void damaged(const Node& node, const std::string& what, const std::string& hint = {}) const;
  std::string placeOf(const Node& node) const;
  static std::string spotOf(const Node& node);  // "node 'conv1' (Conv)": the place without the file
  std::int64_t opset() const;
  bool isConstant(const std::string& tensor) const { return m_constants.contains(tensor); }
  Tensor constant(const Node& node, int input) const;
  std::vector<std::int64_t> integers(const Node& node, int input) const;
  bool hasInput(const Node& node, int input) const { return input < node.input_size() && !node.input(input).empty(); }
  Value zeroPadded(const Node& node, Value source, const std::array<std::int64_t, 4>& sides);  // instead of its own
  Value value(const Node& node, int input);  // with the zeros put around it that were still to be
  const Value& padded(const Node& node, int input) const;
  const nn::Shape& shapeOf(const Value& value) const { return m_nodes[std::size_t(value.node)].layer->outputShape(); }
  std::size_t uses(const std::string& tensor) const;
  void define(const Node& node, Value value);
  std::string uniqueName(const std::string& wish);
  std::string nameFor(const Node& node, const char* stem);
  // Adds a layer; its inputs are nodes of ours. Throws with the node's name when it cannot be made.
  int addNode(const Node& node, const std::string& name, const std::string& type, nn::Fields fields, const std::vector<int>& inputs);
  void remake(const Node& node, int index);  // after its fields changed
  Value asVector(const Node& node, const Value& value);
  Value asMap(const Node& node, const Value& value);
  Draft* foldable(const Value& value, std::string_view type);

  // ImportLayers.cpp: layers with windows and weights
  void conv(const Node& node);
  void pool(const Node& node);
  void globalPool(const Node& node);
  void gemm(const Node& node);
  void matMul(const Node& node);
  void reduce(const Node& node);
  bool neverNegative(int index) const;
  int addWholePool(const Node& node, int source, const char* type);
  int addDense(const Node& node, const Value& source, const Tensor& weights, bool outputsFirst, float scale,
               const std::vector<float>& bias);
  std::string automaticPadding(const Node& node) const;
  void requireKernelShape(const Node& node, const Tensor& weights, bool line) const;
  nn::Fields windowFields(const Node& node, Value& source, std::vector<std::int64_t> kernel, Zeros zeros);

  // ImportMaps.cpp: layers that change the size of maps or join them
  void define(const Node& node, const Value& like, int layer);  // as `like`, but computed by that layer
  int addCounted(const Node& node, const std::string& type, nn::Fields fields, const std::vector<int>& inputs);
  void prelu(const Node& node);
  void transposedConvolution(const Node& node);
  std::vector<float> scalesOfAllAxes(const Node& node, const std::vector<std::int64_t>& axes, const std::vector<float>& scales) const;
  void resize(const Node& node);
  void responseNorm(const Node& node);
  bool layerNorm(const Node& node);
  void slice(const Node& node);
  void product(const Node& node);

  // ImportActivations.cpp
  void activation(const Node& node);
  void clip(const Node& node);
  void greater(const Node& node);
  void clipInput(const Node& node, int input, float low, float high);
  bool relu6(const Node& node, Value source, float high);
  bool limitedRelu(const Node& node, float high);
  void hardSigmoid(const Node& node);
  void hardSwish(const Node& node);
  // An activation that several nodes make: those behind the first one, which reads it as this input.
  struct Composed {
    std::vector<const Node*> nodes;
    int input = 0;
    nn::Activation activation = nn::Activation::None;
  };
  std::optional<Composed> hardFamily(const Node& first) const;
  void findComposed();
  bool composed(const Node& node);
  std::string activationLayerName(nn::Activation activation);
  void elu(const Node& node);
  void extreme(const Node& node);
  Value clipped(const Node& node, Value source, float low, float high);
  Value activated(const Node& node, Value source, nn::Activation activation);
  void applyActivation(const Node& node, const Value& source, nn::Activation activation);
  bool scaledTanh(const Node& node);
  bool silu(const Node& node);
  bool gelu(const Node& node);
  const Node* onlyReader(const Node& node) const;
  float numberBeside(const Node& node, const std::string& tensor) const;
  float factorBeside(const Node& node, const std::string& tensor) const;
  std::pair<float, float> limitsOf(const Node& node) const;

  // ImportArithmetic.cpp
  void add(const Node& node);
  void subtract(const Node& node);
  void negate(const Node& node);
  void multiply(const Node& node);
  void batchNormalization(const Node& node);
  std::vector<float> perChannel(const Node& node, const Value& source, const Tensor& constant) const;
  Value scaled(const Node& node, Value source, const std::vector<float>& scale, const std::vector<float>& shift);
  Value sum(const Node& node, const std::vector<Value>& terms);

  // ImportShapes.cpp
  void flatten(const Node& node);
  void reshape(const Node& node);
  void dimensionsOfOne(const Node& node, Value& result);
  void reshapeInput(const Node& node, const Value& source, const nn::Shape& shape);
  void transpose(const Node& node);
  void shapeArithmetic(const Node& node);
  std::vector<std::int64_t> dimensionsOf(const Value& source) const;
  std::int64_t rankOf(const Value& source) const { return source.flat ? 2 : source.line ? 3 : 4; }
  std::vector<double> numbers(const Node& node, int input) const;
  std::vector<double> joined(const Node& node) const;

  // ImportOps.cpp: everything else
  void alias(const Node& node);
  void softmax(const Node& node);
  void dropout(const Node& node);
  std::vector<std::int64_t> padsOfAllAxes(const Node& node, const std::vector<std::int64_t>& given, const std::vector<std::int64_t>& axes,
                                          std::int64_t rank) const;
  void pad(const Node& node);
  void concat(const Node& node);

  const onnx::ModelProto& m_model;
  const onnx::GraphProto& m_graph;
  std::string m_where;
  std::string m_name;
  std::map<std::string, const onnx::TensorProto*> m_constants;
  std::map<std::string, std::vector<double>> m_shapes;  // computed in the graph; -1 is the batch
  std::deque<onnx::TensorProto> m_ownConstants;         // computed here
  std::size_t m_foldable = std::size_t(1) << 26;        // values that may still be computed here
  std::map<std::string, std::size_t> m_uses;
  std::map<std::string, Value> m_values;
  std::set<const onnx::NodeProto*> m_skipped;             // done together with an earlier one
  std::map<const onnx::NodeProto*, Composed> m_composed;  // by the first node
  std::map<std::string, int> m_counters;
  std::vector<Draft> m_nodes;
  // What nodes say and nothing looks at, with the first that says it and how many do.
  struct Overlooked {
    std::string reason, node, what;
    std::size_t count = 0;
  };
  std::vector<Overlooked> m_overlooked;
  std::vector<std::string> m_notes;       // harmless ones
  std::vector<std::string> m_missing;     // notes of what could not be read, which stand before the others
  std::vector<std::string> m_normalised;  // nodes that took batch normalisation in
  std::set<std::string> m_leftOut;        // tensors that nothing computes here
  std::vector<nn::Issue> m_unreadable;    // why, of each node where that begins
  std::size_t m_dependent = 0;            // nodes left out because of one before them
  std::size_t m_passedOver = 0;           // nodes that hand their input on as it is
};

}  // namespace io::onnxfile
