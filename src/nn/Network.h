// A directed acyclic graph of layers, immutable and shared (shared_ptr<const Network>). It owns neither parameters nor
// activations: those are one flat array each, the caller's. Safe to use from any number of threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nn/Layer.h"
#include "nn/NetworkSpec.h"
#include "nn/Shape.h"

namespace nn {

class Network {
 public:
  struct Node {
    std::string name;
    std::string group;  // as NodeSpec::group
    std::shared_ptr<const Layer> layer;
    std::vector<int> inputs;          // indices of the nodes it reads, in the layer's order
    std::vector<int> consumers;       // indices of the nodes that read it
    Shape shape;                      // of its output
    std::size_t parameterOffset = 0;  // into the flat parameter array
    std::size_t parameterCount = 0;
  };

  // Throws Error with the first issue of validate(spec).
  static std::shared_ptr<const Network> create(const NetworkSpec& spec);

  const NetworkSpec& spec() const { return m_spec; }
  std::span<const Node> nodes() const { return m_built.nodes; }  // in topological order: inputs before their consumers
  const Node& node(int index) const { return m_built.nodes[std::size_t(index)]; }
  // Nodes of type "input", in the order of the spec, but those that draw noise come last.
  std::span<const int> inputs() const { return m_built.inputs; }
  std::span<const int> outputs() const { return m_built.outputs; }
  int find(std::string_view name) const;  // -1 when there is none
  // The node whose values are the logits of an output: what a final softmax reads, else the output itself. Without one: of the first.
  int logitsNode(int output) const;
  int logitsNode() const { return logitsNode(outputs().front()); }
  Shape inputShape() const { return node(inputs().front()).shape; }    // of the first input
  Shape outputShape() const { return node(outputs().front()).shape; }  // of the first output
  std::string className(int index) const;

  std::size_t parameterCount() const { return m_built.parameterCount; }
  // Flat parameters drawn by each block's initializer (Xavier for sigmoid and tanh, He for ReLU and its kin; biases zero).
  // The same seed gives the same bits.
  std::vector<float> initialParameters(std::uint64_t seed) const;

 private:
  friend class NetworkBuilder;
  // What the builder makes of a specification.
  struct Built {
    std::vector<Node> nodes;
    std::vector<int> inputs;
    std::vector<int> outputs;
    std::size_t parameterCount = 0;
  };
  Network(const NetworkSpec& spec, Built built);

  NetworkSpec m_spec;
  Built m_built;
  std::unordered_map<std::string, int> m_indexByName;
};

}  // namespace nn
