#include "analysis/Answer.h"

#include <algorithm>
#include <cmath>

namespace analysis {

namespace {

// One position's scores, in place.
void normalise(std::span<float> scores, std::string_view type) {
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
  if (shape.isVector() && shape.channels < 2) return "the network ends in a single number (" + last.name + ")";
  if (shape.isVector() || (shape.channels > 2 && (softmax || !network.spec().classNames.empty()))) return {};
  return "the network ends in a picture of " + shape.text() + " (" + last.name + ")" +
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
    normalise(result, last.layer->type());
    return result;
  }
  const std::size_t pixels = std::size_t(shape.height) * std::size_t(shape.width), classes = std::size_t(classCount(network));
  std::vector<float> shares(classes, 0.0f), scores(std::size_t(shape.channels));
  float ink = 0;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t c = 0; c < scores.size(); ++c) scores[c] = outputs[c * pixels + pixel];
    normalise(scores, last.layer->type());
    for (std::size_t c = 1; c < scores.size(); ++c) shares[c - 1] += scores[c], ink += scores[c];
  }
  for (float& share : shares) share = ink > 0 ? share / ink : 1.0f / float(classes);
  return shares;
}

}  // namespace analysis
