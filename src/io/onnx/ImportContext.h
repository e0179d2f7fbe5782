// What the functions that read operators share: the graph, which of its tensors is which node of the network, in which order its values
// lie, and the layers gathered so far. Lives for one call of importGraph(), which owns it.
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
#include "nn/Error.h"
#include "nn/Layer.h"

namespace io::onnxfile {

using Node = onnx::NodeProto;

// How the values of a tensor lie: as ours (channels, rows, columns) or channels last.
enum class Order { ChannelsFirst, ChannelsLast };

// A tensor of the ONNX graph that carries activations.
struct Value {
  int node = -1;  // index into ImportContext::drafts
  Order order = Order::ChannelsFirst;
  bool flat = false;                   // two dimensions (N, values) rather than four
  bool line = false;                   // three dimensions (N, channels, values): maps of one row
  std::vector<std::int64_t> box = {};  // its dimensions behind the batch, where they are others; the values lie in our order
  bool batchless = false;              // the file leaves the first dimension, the batch, out
  std::array<std::int64_t, 4> pads{};  // zeros still to be put around it: top, left, bottom, right
  bool shared = false;                 // read more than once: nothing may be folded into its node
};

// A node of the network that is being built.
struct Draft {
  nn::NodeSpec spec;
  std::shared_ptr<const nn::Layer> layer;
  std::map<std::string, std::vector<float>> blocks;  // parameters by block name, in the layer's order of values
};

// An activation that several nodes make: those behind the first one, which reads it as this input.
struct Composed {
  std::vector<const Node*> nodes;
  int input = 0;
  nn::Activation activation = nn::Activation::None;
};

// What nodes say and nothing looks at, with the first that says it and how many do.
struct Overlooked {
  std::string reason, node, what;
  std::size_t count = 0;
};

// A node that cannot be read, while the rest of the graph can.
class Unreadable : public nn::Error {
  using nn::Error::Error;
};

struct ImportContext {
  ImportContext(const onnx::ModelProto& itsModel, std::string itsWhere, std::string itsTitle)
      : model(itsModel), graph(itsModel.graph()), where(std::move(itsWhere)), title(std::move(itsTitle)) {}

  // What cannot be expressed: the node and what depends on it are left out, and named.
  [[noreturn]] void refuse(const Node& node, const std::string& what, const std::string& hint = {}) const {
    throw Unreadable(what, placeOf(node), hint);
  }
  // What no export would contain: the file is not opened.
  [[noreturn]] void damaged(const Node& node, const std::string& what, const std::string& hint = {}) const {
    throw nn::Error(what, placeOf(node), hint);
  }
  std::string placeOf(const Node& node) const { return where + ", " + spotOf(node); }
  static std::string spotOf(const Node& node);  // "node 'conv1' (Conv)": the place without the file

  // The graph.
  std::int64_t opset() const;
  bool isConstant(const std::string& tensor) const { return tensors.contains(tensor); }
  Tensor constant(const Node& node, int input) const;
  std::vector<std::int64_t> integers(const Node& node, int input) const;
  void requireSource(const Node& node, int input) const;
  bool hasInput(const Node& node, int input) const { return input < node.input_size() && !node.input(input).empty(); }
  std::size_t uses(const std::string& tensor) const;
  // The node that reads a node's output, if there is only one and it makes one tensor.
  const Node* onlyReader(const Node& node) const;
  // The one number that a node with two inputs joins to this tensor; NaN where there is none.
  float numberBeside(const Node& node, const std::string& tensor) const;

  // Values that are computed from the input.
  Value value(const Node& node, int input);      // with the zeros put around it that were still to be, and as maps or a row of values
  Value anyValue(const Node& node, int input);   // the same, of whatever dimensions
  Value asBox(const Node& node, Value source);   // its values in the order in which they lie in the file
  Value viewed(const Node& node, Value source);  // what has a box of its own, as maps or a row of values
  // Its values, in our order, as a layer of three sides: itself, where it is that.
  int shaped(const Node& node, const Value& source, const std::vector<std::int64_t>& shape);
  // The values of a layer, in our order, with these dimensions in the file, of which a first one of size one is the batch.
  static Value boxed(int layer, std::vector<std::int64_t> dims);
  const Value& padded(const Node& node, int input) const;
  Value zeroPadded(const Node& node, Value source, const std::array<std::int64_t, 4>& sides);  // instead of its own
  Value asVector(const Node& node, const Value& source);
  Value asMap(const Node& node, const Value& source, bool takesChannelsLast = false);
  const nn::Shape& shapeOf(const Value& of) const { return drafts[std::size_t(of.node)].layer->outputShape(); }
  std::int64_t rankOf(const Value& of) const { return !of.box.empty() ? std::int64_t(of.box.size()) + 1 : of.flat ? 2 : of.line ? 3 : 4; }
  // The dimensions that it has in the file; the first, the batch, is one, also where the file leaves it out.
  std::vector<std::int64_t> dimensionsOf(const Value& source) const;
  std::vector<std::int64_t> writtenDimensionsOf(const Value& source) const;  // without that of the batch, where the file has none
  // Which of them the file means by a number, which may count from the last one. Refuses what is none of them.
  std::int64_t axisOf(const Node& node, const Value& source, std::int64_t axis) const;
  void requireNew(const Node& node, int output = 0) const;       // it is nothing that there is already
  void define(const Node& node, Value value);                    // what the node's first output is
  void define(const Node& node, const Value& like, int layer);   // as `like`, but computed by that layer
  void defineOutput(const Node& node, int output, Value value);  // what another output is

  // The network that is built.
  std::string uniqueName(const std::string& wish);
  std::string nameFor(const Node& node, const char* stem);
  // Adds a layer; its inputs are nodes of ours. Throws with the node's name when it cannot be made.
  int addNode(const Node& node, const std::string& name, const std::string& type, nn::Fields fields, const std::vector<int>& inputs);
  int addCounted(const Node& node, const std::string& type, nn::Fields fields, const std::vector<int>& inputs);
  void remake(const Node& node, int index);  // after its fields changed
  Draft* foldable(const Value& value, std::string_view type);

  const onnx::ModelProto& model;
  const onnx::GraphProto& graph;
  std::string where;  // the file
  std::string title;
  std::map<std::string, const onnx::TensorProto*> tensors;  // the constant ones
  std::deque<onnx::TensorProto> ownTensors;                 // constants that were computed here
  std::size_t foldBudget = std::size_t(1) << 26;            // values that may still be computed here
  std::map<std::string, std::size_t> useCounts;
  std::int64_t saidBatch = 1;  // the largest number of images that an input says it takes at a time
  std::map<std::string, Value> tensorValues;
  std::set<const Node*> skipped;                  // done together with an earlier one
  std::map<const Node*, Composed> composedNodes;  // by the first node
  std::map<std::string, int> counters;
  std::vector<Draft> drafts;
  std::set<std::string> wholeInputs;  // names of input nodes that take whole numbers
  std::vector<Overlooked> overlookedParts;
  std::vector<std::string> notes;       // harmless ones
  std::vector<std::string> missing;     // notes of what could not be read, which stand before the others
  std::vector<std::string> normalized;  // nodes that took batch normalization in
  std::set<std::string> leftOut;        // tensors that nothing computes here
  std::vector<nn::Issue> unreadable;    // why, of each node where that begins
  std::size_t dependent = 0;            // nodes left out because of one before them
  std::size_t passedOver = 0;           // nodes that hand their input on as it is
};

}  // namespace io::onnxfile
