#include "nn/Network.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "nn/Initialization.h"
#include "nn/NetworkBuilder.h"

namespace nn {

std::vector<Issue> validate(const NetworkSpec& spec) {
  NetworkBuilder builder(spec);
  builder.build();
  return std::move(builder.issues());
}

Network::Network(const NetworkSpec& spec, Built built) : m_spec(spec), m_built(std::move(built)) {
  for (std::size_t i = 0; i < m_built.nodes.size(); ++i) m_indexByName.emplace(m_built.nodes[i].name, int(i));
}

std::shared_ptr<const Network> Network::create(const NetworkSpec& spec) {
  NetworkBuilder builder(spec);
  auto built = builder.build();
  if (!built) throw Error(builder.issues().front());
  return std::shared_ptr<const Network>(new Network(spec, std::move(*built)));
}

int Network::logitsNode(int output) const {
  const Node& last = node(output);
  const std::string_view type = last.layer->type();
  return type == "softmax" || type == "log-softmax" ? last.inputs.front() : output;
}

int Network::find(std::string_view name) const {
  const auto found = m_indexByName.find(std::string(name));
  return found == m_indexByName.end() ? -1 : found->second;
}

std::string Network::className(int index) const {
  const auto& names = m_spec.classNames;
  return index >= 0 && std::size_t(index) < names.size() ? names[std::size_t(index)] : std::to_string(index);
}

namespace {

// The function that a node's values go through before the next weights: its own, or that of a layer behind it.
Activation activationBehind(const Network& network, int index) {
  for (;;) {
    const Network::Node& node = network.node(index);
    if (node.layer->activation() != Activation::None || node.consumers.size() != 1) return node.layer->activation();
    const Network::Node& next = network.node(node.consumers.front());
    if (next.layer->type() == "prelu") return Activation::LeakyRelu;
    if (!next.layer->parameterBlocks().empty() && !next.layer->isPointwise()) return Activation::None;
    index = node.consumers.front();
  }
}

float startValue(Initial initial) {
  return initial == Initial::One ? 1.0f : initial == Initial::Quarter ? 0.25f : 0.0f;
}

// What the fields of a node's specification ask for.
struct Start {
  Initialization kind = Initialization::Auto;
  float constant = 0;
};

Start startOf(const NetworkSpec& spec, const std::string& name) {
  Start start;
  const auto node = std::find_if(spec.nodes.begin(), spec.nodes.end(), [&](const NodeSpec& n) { return n.name == name; });
  if (node == spec.nodes.end()) return start;
  if (const auto kind = node->fields.find("initialization"); kind != node->fields.end())
    start.kind = initializationOf(std::get<std::string>(kind->second)).value_or(Initialization::Auto);
  if (const auto constant = node->fields.find("constant"); constant != node->fields.end())
    start.constant = float(std::get<double>(constant->second));
  return start;
}

}  // namespace

std::vector<float> Network::initialParameters(std::uint64_t seed) const {
  std::vector<float> parameters(parameterCount());
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < nodes().size(); ++i) {
    const Node& layerNode = nodes()[i];
    const Activation activation = activationBehind(*this, int(i));
    const Start start = startOf(spec(), layerNode.name);
    for (const ParameterBlock& block : layerNode.layer->parameterBlocks()) {
      const std::span<float> values(parameters.data() + layerNode.parameterOffset + block.offset, block.count);
      if (block.initial != Initial::Weight) {
        std::fill(values.begin(), values.end(), startValue(block.initial));
        continue;
      }
      initialize(values, block, start.kind, start.constant, activation, random);
    }
  }
  return parameters;
}

}  // namespace nn
