#include "tasks/Labels.h"

#include <algorithm>
#include <cmath>

#include "nn/Counted.h"
#include "nn/Error.h"

namespace tasks {

Metric accuracyMetric() {
  return {"accuracy", "accuracy", "accuracy", MetricFormat::Percent, true};
}

Largest largestOf(std::span<const float> scores) {
  const auto largest = std::max_element(scores.begin(), scores.end());
  return {int(largest - scores.begin()), std::find(largest + 1, scores.end(), *largest) != scores.end()};
}

nn::Scores scoresOf(const nn::Network& network, int node) {
  const nn::Scores said = network.spec().scores;
  if (said != nn::Scores::ByLayers && node == network.outputs().front()) return said;
  for (int at = node;;) {
    const nn::Network::Node& last = network.node(at);
    const std::string_view type = last.layer->type();
    if (type == "softmax") return nn::Scores::Softmax;
    if (type == "log-softmax") return nn::Scores::LogSoftmax;
    if (last.layer->activation() == nn::Activation::Sigmoid) return nn::Scores::Sigmoids;
    const bool changesNothing = type == "dropout" || type == "flatten" || type == "reshape";
    if (!changesNothing) return nn::Scores::Logits;
    at = last.inputs.front();
  }
}

std::string scoresNote(const nn::Network& network, int output) {
  const std::string& name = network.node(output).name;
  const int units = network.node(output).shape.channels;
  const nn::Scores kind = scoresOf(network, output);
  const std::string sigmoid = kind == nn::Scores::SigmoidLogits ? "a sigmoid of each is added here. " : "";
  switch (kind) {
    case nn::Scores::SigmoidLogits:
    case nn::Scores::Sigmoids:
      return (sigmoid.empty() ? "" : name + " ends in scores: " + sigmoid) +
             (units == 1 ? "Its one output is the probability of yes."
                         : "Each of its " + std::to_string(units) + " outputs is a probability by itself: they do not add up to 100 %.");
    case nn::Scores::Logits:
      return name + " gives scores: these are a softmax of them.";
    default:
      return {};
  }
}

LossSlope binaryCrossEntropy(float value, float asked, bool isProbability) {
  constexpr float kLeastProbability = 1e-7f;
  if (isProbability) {
    const float p = std::clamp(value, kLeastProbability, 1 - kLeastProbability);
    return {-asked * std::log(p) - (1 - asked) * std::log1p(-p), (p - asked) / (p * (1 - p))};
  }
  const float tail = std::exp(-std::fabs(value)), p = (value >= 0 ? 1.0f : tail) / (1.0f + tail);
  return {std::max(value, 0.0f) - value * asked + std::log1p(tail), p - asked};
}

float comparedWithLabel(const nn::LossSettings& settings, nn::Scores kind, std::span<const float> values, int label,
                        std::span<float> gradient) {
  const bool crossEntropy = settings.kind == nn::LossKind::CrossEntropy, binary = settings.kind == nn::LossKind::BinaryCrossEntropy;
  const auto count = float(values.size());
  const bool each = kind == nn::Scores::Sigmoids || (kind == nn::Scores::Softmax && binary);
  const bool shares = kind == nn::Scores::Softmax && crossEntropy;
  if ((!crossEntropy && !binary) || (!each && !shares)) {
    nn::LossSettings chosen = settings;
    if (kind == nn::Scores::SigmoidLogits && crossEntropy) chosen.kind = nn::LossKind::BinaryCrossEntropy;
    return gradient.empty() ? nn::lossOf(chosen, values, label) : nn::lossAndGradient(chosen, values, label, gradient);
  }
  // Of probabilities: one question for each, or one of all.
  const float smoothing = settings.labelSmoothing;
  float loss = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float asked = (i == std::size_t(label) ? 1 - smoothing : 0.0f) + (each ? smoothing / 2 : smoothing / count);
    constexpr float kLeastShare = 1e-7f;
    const float share = std::max(values[i], kLeastShare);
    const LossSlope one = each ? binaryCrossEntropy(values[i], asked, true) : LossSlope{-asked * std::log(share), -asked / share};
    loss += one.loss;
    if (!gradient.empty()) gradient[i] = each ? one.slope / count : one.slope;
  }
  return each ? loss / count : loss;
}

void countAnswer(std::span<std::uint32_t> confusion, std::size_t classes, int asked, int answered) {
  if (!confusion.empty()) ++confusion[std::size_t(asked) * classes + std::size_t(answered)];
}

double lossOfGuessing(const nn::LossSettings& settings, nn::Scores kind, int classes) {
  const float each = kind == nn::Scores::Sigmoids ? 0.5f : kind == nn::Scores::Softmax ? 1.0f / float(classes) : 0.0f;
  return double(comparedWithLabel(settings, kind, std::vector<float>(std::size_t(classes), each), 0, {}));
}

int labelLossNode(const nn::Network& network, const nn::LossSettings& settings) {
  return nn::takesLogits(settings.kind) ? network.logitsNode() : network.outputs().front();
}

void makeProbabilities(std::span<float> values, nn::Scores kind) {
  if (kind == nn::Scores::Softmax || kind == nn::Scores::Sigmoids || values.empty()) return;
  if (kind == nn::Scores::SigmoidLogits) {
    for (float& value : values) value = 1 / (1 + std::exp(-value));
    return;
  }
  if (kind == nn::Scores::LogSoftmax) {
    for (float& value : values) value = std::exp(value);
    return;
  }
  const float largest = *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (float& value : values) sum += value = std::exp(value - largest);
  for (float& value : values) value /= sum;
}

bool endsInSoftmax(const nn::Network& network, int output) {
  const std::string_view type = network.node(output).layer->type();
  return type == "softmax" || type == "log-softmax";
}

std::string outputText(const nn::Network& network, int output) {
  const std::size_t outputs = network.outputs().size();
  return network.node(network.logitsNode(output)).name + (outputs > 1 ? ", the first of its " + std::to_string(outputs) + " outputs" : "");
}

std::string nameOrNumber(const nn::Network& network, int index, bool named) {
  return named ? network.className(index) : std::to_string(index);
}

void requireClasses(const data::Dataset& dataset, std::size_t classes, const std::string& has) {
  if (dataset.classNames.size() > classes)
    throw nn::Error("the data set has " + nn::counted(dataset.classNames.size(), "class", "classes") + ", the network only " + has,
                    dataset.name,
                    "Make its last layer anew for them (Network menu, train --new-head), or choose a network with at least as many");
  const int largest = *std::max_element(dataset.labels.begin(), dataset.labels.end());
  if (std::size_t(largest) >= classes)
    throw nn::Error("there is a label " + std::to_string(largest) + ", but the network has " + has + ", counted from 0", dataset.name,
                    "Choose a network with more");
}

}  // namespace tasks
