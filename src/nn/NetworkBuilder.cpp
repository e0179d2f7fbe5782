#include "nn/NetworkBuilder.h"

#include <algorithm>

#include <queue>

#include "nn/Counted.h"
#include "nn/LayerCatalogue.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

constexpr std::size_t kMaximumNodes = 10000;
constexpr std::size_t kMaximumReads = 100000;  // inputs of all nodes together

std::string shortened(const std::string& text) {
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

}  // namespace

std::string NetworkBuilder::where(std::size_t index) const {
  const std::string& name = m_spec.nodes[index].name;
  return name.empty() ? "node " + std::to_string(index + 1) : shortened(name);
}

std::optional<Network::Built> NetworkBuilder::build() {
  const auto refuse = [&](std::string what, std::string hint) {
    m_issues.push_back({shortened(m_spec.name), std::move(what), std::move(hint)});
    return std::nullopt;
  };
  if (m_spec.nodes.empty()) return refuse("The network has no nodes", "Add an input and at least one layer");
  if (m_spec.nodes.size() > kMaximumNodes)
    return refuse("The network has " + std::to_string(m_spec.nodes.size()) + " nodes", "Keep it to " + std::to_string(kMaximumNodes));
  std::size_t reads = 0;
  for (const NodeSpec& node : m_spec.nodes) reads += node.inputs.size();
  if (reads > kMaximumReads)
    return refuse("Its nodes list " + std::to_string(reads) + " inputs", "Keep them to " + std::to_string(kMaximumReads));
  checkNames();
  resolveInputs();
  if (!sort()) return std::nullopt;
  Network::Built built;
  makeLayers(built);
  if (!m_issues.empty()) return std::nullopt;
  return built;
}

void NetworkBuilder::checkNames() {
  for (std::size_t i = 0; i < m_spec.nodes.size(); ++i) {
    const std::string& name = m_spec.nodes[i].name;
    if (name.empty())
      m_issues.push_back({where(i), "The node has no name", "Give it a name of its own"});
    else if (!m_indexByName.emplace(name, int(i)).second)
      m_issues.push_back({where(i), "Two nodes have this name", "Rename one of them"});
    if (!findLayerType(m_spec.nodes[i].type))
      m_issues.push_back({where(i), "Unknown layer type \"" + shortened(m_spec.nodes[i].type) + "\"",
                          "Choose from: " + joined(layerTypes(), &LayerType::name)});
  }
  if (std::none_of(m_spec.nodes.begin(), m_spec.nodes.end(), [](const NodeSpec& node) { return node.type == "input"; }))
    m_issues.push_back({shortened(m_spec.name), "The network has no input", "Add a node of type input with channels, height and width"});
  else if (std::all_of(m_spec.nodes.begin(), m_spec.nodes.end(), [](const NodeSpec& node) { return node.type == "input"; }))
    m_issues.push_back({shortened(m_spec.name), "The network has no output: there is nothing behind its input", "Add at least one layer"});
}

void NetworkBuilder::resolveInputs() {
  m_inputs.resize(m_spec.nodes.size());
  for (std::size_t i = 0; i < m_spec.nodes.size(); ++i)
    if (!resolveNode(i, m_inputs[i])) m_inputs[i].clear();
}

bool NetworkBuilder::resolveNode(std::size_t index, std::vector<int>& inputs) {
  const NodeSpec& node = m_spec.nodes[index];
  if (node.type == "input") {
    if (node.inputs.empty()) return true;
    m_issues.push_back({where(index), "A node of type input cannot read another node", "Remove its list of inputs"});
    return false;
  }
  if (node.inputs.empty()) {
    if (index > 0) {
      inputs.push_back(int(index) - 1);
      return true;
    }
    m_issues.push_back({where(index), "The first node has nothing to read", "Start with a node of type input"});
    return false;
  }
  for (const std::string& name : node.inputs) {
    const auto found = m_indexByName.find(name);
    if (found == m_indexByName.end()) {
      m_issues.push_back({where(index), "It reads \"" + shortened(name) + "\", and there is no such node", "Name an existing node"});
      return false;
    }
    inputs.push_back(found->second);
  }
  return true;
}

// Kahn's algorithm; of the nodes that are ready, the first in the specification goes first.
bool NetworkBuilder::sort() {
  const std::size_t count = m_spec.nodes.size();
  std::vector<std::vector<int>> consumers(count);
  std::vector<int> waiting(count);
  for (std::size_t i = 0; i < count; ++i) {
    waiting[i] = int(m_inputs[i].size());
    for (const int input : m_inputs[i]) consumers[std::size_t(input)].push_back(int(i));
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (std::size_t i = 0; i < count; ++i)
    if (waiting[i] == 0) ready.push(int(i));
  while (!ready.empty()) {
    const int index = ready.top();
    ready.pop();
    m_order.push_back(index);
    for (const int consumer : consumers[std::size_t(index)])
      if (--waiting[std::size_t(consumer)] == 0) ready.push(consumer);
  }
  if (m_order.size() == count) return true;
  // Every node that waits reads another that waits: walking back along those must come round.
  std::size_t node = 0;
  while (waiting[node] == 0) ++node;
  std::vector<bool> seen(count, false);
  while (!seen[node]) {
    seen[node] = true;
    node = std::size_t(
        *std::find_if(m_inputs[node].begin(), m_inputs[node].end(), [&](int input) { return waiting[std::size_t(input)] > 0; }));
  }
  m_issues.push_back({where(node), "The node reads its own output: the graph has a cycle", "Let it read an earlier node"});
  return false;
}

void NetworkBuilder::makeLayers(Network::Built& built) {
  std::vector<int> position(m_spec.nodes.size(), -1);  // in built.nodes, by index in the spec
  std::size_t values = 0;
  for (const int index : m_order) {
    Network::Node node;
    makeLayer(std::size_t(index), node, built, position);
    position[std::size_t(index)] = int(built.nodes.size());
    if (node.layer) {
      node.shape = node.layer->outputShape();
      node.parameterOffset = built.parameterCount;
      for (const ParameterBlock& block : node.layer->parameterBlocks()) node.parameterCount += block.count;
      built.parameterCount += node.parameterCount;
      values += node.shape.size();
    }
    for (const int input : node.inputs) {
      std::vector<int>& consumers = built.nodes[std::size_t(input)].consumers;
      if (consumers.empty() || consumers.back() != int(built.nodes.size())) consumers.push_back(int(built.nodes.size()));
    }
    built.nodes.push_back(std::move(node));
  }
  const auto tooMany = [&](std::size_t count, const char* what) {
    if (count > std::size_t(kMaximumCount))
      m_issues.push_back({shortened(m_spec.name), std::string("The network has more than 2^31 ") + what, "Make its layers smaller"});
  };
  tooMany(built.parameterCount, "parameters");
  tooMany(values, "activations");
  findOutputs(built, position);
  checkClassNames(built);
  if (built.inputs.empty() || !built.nodes[std::size_t(built.inputs.front())].layer) return;
  const std::vector<Issue> wrong = validate(m_spec.input, built.nodes[std::size_t(built.inputs.front())].shape);
  m_issues.insert(m_issues.end(), wrong.begin(), wrong.end());
}

void NetworkBuilder::makeLayer(std::size_t index, Network::Node& node, const Network::Built& built, const std::vector<int>& position) {
  const NodeSpec& spec = m_spec.nodes[index];
  node.name = spec.name;
  node.group = spec.group;
  std::vector<Shape> shapes;
  for (const int input : m_inputs[index]) {
    node.inputs.push_back(position[std::size_t(input)]);
    const Network::Node& source = built.nodes[std::size_t(node.inputs.back())];
    if (source.layer) shapes.push_back(source.shape);
  }
  const LayerType* type = findLayerType(spec.type);
  if (!type) return;
  // What reads a broken node has no shape to work with: only its own fields can be checked.
  const bool inputsKnown = shapes.size() == node.inputs.size() && (type->name == "input" || !node.inputs.empty());
  if (inputsKnown)
    node.layer = createLayer(*type, where(index), spec.fields, shapes, m_issues);
  else
    completeFields(*type, spec.fields, where(index), m_issues);
}

void NetworkBuilder::findOutputs(Network::Built& built, const std::vector<int>& position) {
  for (std::size_t i = 0; i < m_spec.nodes.size(); ++i)
    if (m_spec.nodes[i].type == "input") built.inputs.push_back(position[i]);
  std::stable_partition(built.inputs.begin(), built.inputs.end(), [&](int input) {
    const std::shared_ptr<const Layer>& layer = built.nodes[std::size_t(input)].layer;
    return !layer || !drawsNoise(*layer);
  });
  for (const std::string& name : m_spec.outputs) {
    const auto found = m_indexByName.find(name);
    if (found == m_indexByName.end()) {
      m_issues.push_back(
          {shortened(m_spec.name), "Its outputs name \"" + shortened(name) + "\", and there is no such node", "Name an existing node"});
      continue;
    }
    const int node = position[std::size_t(found->second)];
    if (std::find(built.outputs.begin(), built.outputs.end(), node) == built.outputs.end()) built.outputs.push_back(node);
  }
  for (std::size_t i = 0; i < m_spec.nodes.size() && m_spec.outputs.empty(); ++i)
    if (m_spec.nodes[i].type != "input" && built.nodes[std::size_t(position[i])].consumers.empty()) built.outputs.push_back(position[i]);
}

// One name for each class of an output; of a picture, whose first channel is the ground, for each further channel; of a single unit, which
// may say yes or no, for either.
void NetworkBuilder::checkClassNames(const Network::Built& built) {
  if (m_spec.classNames.empty() || built.outputs.empty()) return;
  const std::size_t names = m_spec.classNames.size();
  std::string others;
  for (const int index : built.outputs) {
    const Network::Node& output = built.nodes[std::size_t(index)];
    if (!output.layer) return;
    const bool picture = !output.shape.isVector();
    const std::size_t classes = std::size_t(output.shape.channels) - (picture ? 1 : 0);
    if (names == classes || (!picture && classes == 1 && names == 2)) return;
    others += (others.empty() ? "its output \"" : ", \"") + shortened(output.name) + "\" has " + std::to_string(classes) +
              (picture ? " beside the ground" : "");
  }
  m_issues.push_back(
      {shortened(m_spec.name), "It names " + counted(names, "class", "classes") + ", and " + others, "Name each of them, or none"});
}

}  // namespace nn
