#include "analysis/Answer.h"

#include <algorithm>
#include <cmath>

#include "nn/Counted.h"
#include "nn/InputSpec.h"
#include "tasks/Task.h"

namespace analysis {

std::string whyNoClass(const nn::Network& network) {
  const int output = network.outputs().front();
  return tasks::taskOf(network).whyNoClass(network, output);
}

std::string invitation(const nn::Network& network) {
  constexpr int kMostNamed = 3;
  constexpr std::size_t kLongest = 20;  // characters
  const int count = classCount(network);
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(className(network, i));
  bool digits = count == 10;
  for (int i = 0; i < count; ++i) digits = digits && names[std::size_t(i)] == std::to_string(i);
  if (nn::takesColors(network.spec().input, network.inputShape())) return "Show it a picture";
  if (const std::string& asked = tasks::taskOf(network).invitation; !asked.empty()) return asked;
  if (digits) return "Draw a digit";
  const std::string all = nn::joined(names);
  const bool named = !network.spec().classNames.empty() && count > 1 && count <= kMostNamed && all.size() <= kLongest;
  return named ? "Draw: " + all : "Draw something";
}

int classCount(const nn::Network& network) {
  return tasks::classCount(network);
}

int channelOfClass(const nn::Network& network, int index) {
  const tasks::Task& task = tasks::taskOf(network);
  return task.yesOrNo ? 0 : index + std::max(0, task.firstClass);
}

int classOfChannel(const nn::Network& network, int channel) {
  const tasks::Task& task = tasks::taskOf(network);
  return task.yesOrNo ? 1 : channel - std::max(0, task.firstClass);
}

float signOfClass(const nn::Network& network, int index) {
  return tasks::taskOf(network).yesOrNo && index == 0 ? -1.0f : 1.0f;
}

std::vector<float> classProbabilities(const nn::Network& network, std::span<const float> outputs) {
  return tasks::taskOf(network).classProbabilities(network, network.outputs().front(), outputs);
}

int winnerOf(std::span<const float> values) {
  const auto largest = std::max_element(values.begin(), values.end());
  return whyNoWinner(values).empty() ? int(largest - values.begin()) : -1;
}

std::string whyNoWinner(std::span<const float> values) {
  const auto finite = [](float value) { return std::isfinite(value); };
  if (values.empty() || !std::all_of(values.begin(), values.end(), finite)) return "its outputs are no finite numbers";
  const auto equal = std::size_t(std::count(values.begin(), values.end(), *std::max_element(values.begin(), values.end())));
  if (equal == 1) return {};
  const std::string all = std::to_string(values.size());
  return equal == values.size() ? all + " outputs are equal" : "the " + std::to_string(equal) + " largest of " + all + " outputs are equal";
}

int outputOf(const nn::Network& network, int node) {
  const auto isOutput = [&](int index) {
    return std::find(network.outputs().begin(), network.outputs().end(), index) != network.outputs().end();
  };
  while (!isOutput(node)) {
    const nn::Network::Node& at = network.node(node);
    if (at.consumers.size() != 1) return -1;
    const nn::Network::Node& next = network.node(at.consumers.front());
    if (!next.layer->isPointwise() || next.inputs.size() != 1 || next.shape != at.shape) return -1;
    node = at.consumers.front();
  }
  return node;
}

std::string answerName(const nn::Network& network, int node, int channel) {
  const int output = outputOf(network, node);
  return output < 0 ? std::string() : tasks::taskOf(network, output).channelName(network, output, channel);
}

std::string className(const nn::Network& network, int index) {
  if (tasks::taskOf(network).yesOrNo) return network.spec().classNames.size() == 2 ? network.className(index) : index == 0 ? "no" : "yes";
  return answerName(network, network.outputs().front(), channelOfClass(network, index));
}

std::vector<std::string> answerNames(const nn::Network& network, std::size_t count) {
  const int before = std::max(0, tasks::taskOf(network).firstClass);
  std::vector<std::string> names;
  for (int i = 0; i < int(count); ++i) {
    const std::string name = className(network, i - before);
    names.push_back(name.empty() ? std::to_string(i) : name);
  }
  return names;
}

std::string answerWords(const nn::Network& network, int node, int channel) {
  const std::string name = answerName(network, node, channel);
  const int output = outputOf(network, node);
  const bool isClass = !name.empty() && channel >= tasks::taskOf(network, output).firstClass;
  return isClass ? "class " + name : name;
}

}  // namespace analysis
