#include "analysis/Answer.h"

#include <algorithm>
#include <cmath>

namespace analysis {

namespace {

constexpr const char* kGround = "background";

bool takesNames(const nn::Network& network, const nn::Shape& shape) {
  const std::size_t names = network.spec().classNames.size(), channels = std::size_t(shape.channels);
  return names > 0 && (names == channels || (!shape.isVector() && names + 1 == channels));
}

// One position's scores, in place.
void normalize(std::span<float> scores, std::string_view type) {
  if (type == "softmax" || scores.empty()) return;
  const float largest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - largest);
  for (float& score : scores) score /= sum;
}

}  // namespace

std::string whyNoClass(const nn::Network& network) {
  const nn::Network::Node& last = network.node(network.outputs().front());
  const nn::Shape& shape = last.shape;
  const bool softmax = last.layer->type() == "softmax" || last.layer->type() == "log-softmax";
  const std::size_t outputs = network.outputs().size();
  const std::string which = last.name + (outputs > 1 ? ", the first of its " + std::to_string(outputs) + " outputs" : "");
  if (shape.isVector() && shape.channels < 2) return "the network ends in a single number (" + which + ")";
  if (shape.isVector() || (shape.channels > 2 && (softmax || takesNames(network, shape)))) return {};
  return "the network ends in a picture of " + shape.text() + " (" + which + ")" +
         (softmax ? " that has a ground and one class alone" : ", without a softmax over classes");
}

int classCount(const nn::Network& network) {
  const nn::Shape shape = network.outputShape();
  return shape.isVector() ? shape.channels : std::max(1, shape.channels - 1);
}

std::vector<float> classProbabilities(const nn::Network& network, std::span<const float> outputs) {
  const nn::Network::Node& last = network.node(network.outputs().front());
  const nn::Shape shape = last.shape;
  if (!whyNoClass(network).empty()) return {};
  std::vector<float> result(outputs.begin(), outputs.end());
  if (shape.isVector()) {
    normalize(result, last.layer->type());
    return std::all_of(result.begin(), result.end(), [](float p) { return std::isfinite(p); }) ? result : std::vector<float>();
  }
  const std::size_t pixels = std::size_t(shape.height) * std::size_t(shape.width), classes = std::size_t(classCount(network));
  std::vector<float> shares(classes, 0.0f), scores(std::size_t(shape.channels));
  float ink = 0;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t c = 0; c < scores.size(); ++c) scores[c] = outputs[c * pixels + pixel];
    normalize(scores, last.layer->type());
    for (std::size_t c = 1; c < scores.size(); ++c) shares[c - 1] += scores[c], ink += scores[c];
  }
  if (!std::isfinite(ink)) return {};
  for (float& share : shares) share = ink > 0 ? share / ink : 1.0f / float(classes);
  return shares;
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
  if (output < 0) return {};
  const nn::Network::Node& last = network.node(output);
  const auto channels = std::size_t(last.shape.channels), names = network.spec().classNames.size();
  const auto nameOf = [&](int index, bool named) { return named ? network.className(index) : std::to_string(index); };
  if (channels < 2 && names != channels) return {};
  if (last.shape.isVector() || names == channels) return nameOf(channel, names == channels);
  const std::string_view type = last.layer->type();
  const bool named = names > 0 && names + 1 == channels;
  if (!named && type != "softmax" && type != "log-softmax") return {};
  return channel == 0 ? kGround : nameOf(channel - 1, named);
}

std::string className(const nn::Network& network, int index) {
  const int output = network.outputs().front();
  return answerName(network, output, index + int(network.node(output).shape.channels) - classCount(network));
}

std::string answerWords(const nn::Network& network, int node, int channel) {
  const std::string name = answerName(network, node, channel);
  return name.empty() || name == kGround ? name : "class " + name;
}

}  // namespace analysis
