#include "tasks/NewHead.h"

#include <algorithm>

#include "nn/Counted.h"
#include "nn/Error.h"
#include "tasks/Task.h"

namespace tasks {

namespace {

// How many channels a layer makes, as its field is called; null where that is no field of it.
const char* channelField(const nn::Layer& layer) {
  const std::string_view type = layer.type();
  return type == "dense" ? "units" : type == "conv2d" ? "filters" : nullptr;
}

// As many channels as it reads, whatever it does with each.
bool keepsChannels(const nn::Network& network, const nn::Network::Node& node) {
  return node.parameterCount == 0 && node.inputs.size() == 1 && network.node(node.inputs.front()).shape.channels == node.shape.channels &&
         network.node(node.inputs.front()).consumers.size() == 1;
}

}  // namespace

int headOf(const nn::Network& network) {
  const Task& task = taskOf(network);
  int at = network.outputs().front();
  if (task.firstClass < 0 || task.perPixel || network.outputs().size() != 1) return -1;
  while (keepsChannels(network, network.node(at))) at = network.node(at).inputs.front();
  const nn::NodeSpec* spec = nullptr;
  for (const nn::NodeSpec& node : network.spec().nodes)
    if (node.name == network.node(at).name) spec = &node;
  const char* field = channelField(*network.node(at).layer);
  return field && spec && spec->fields.contains(field) ? at : -1;
}

NewHead withNewHead(const nn::Network& network, std::span<const float> parameters, const std::vector<std::string>& classNames,
                    std::uint64_t seed) {
  const int head = headOf(network);
  if (head < 0)
    throw nn::Error(
        "its last layer cannot be made anew: its outputs are not the units of one dense layer or the filters of one convolution",
        network.spec().name, "Choose a network that ends in one score for each class");
  nn::NetworkSpec spec = network.spec();
  const std::string& name = network.node(head).name;
  const auto node = std::find_if(spec.nodes.begin(), spec.nodes.end(), [&](const nn::NodeSpec& one) { return one.name == name; });
  node->fields[channelField(*network.node(head).layer)] = std::int64_t(classNames.size());
  if (taskOf(network).yesOrNo) {  // one unit for each class now
    node->fields.erase("activation");
    spec.scores = nn::Scores::ByLayers;
  }
  spec.task.clear();
  spec.classNames = classNames;
  NewHead made{nn::Network::create(spec), {}, name};
  if (parameters.empty()) return made;
  made.parameters = made.network->initialParameters(seed);
  for (const nn::Network::Node& kept : network.nodes()) {
    const int at = made.network->find(kept.name);
    if (kept.name == name || at < 0) continue;
    std::copy_n(parameters.begin() + std::ptrdiff_t(kept.parameterOffset), kept.parameterCount,
                made.parameters.begin() + std::ptrdiff_t(made.network->node(at).parameterOffset));
  }
  return made;
}

}  // namespace tasks
