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

float comparedWithLabel(const nn::LossSettings& settings, std::span<const float> scores, int label, std::span<float> gradient) {
  return gradient.empty() ? nn::lossOf(settings, scores, label) : nn::lossAndGradient(settings, scores, label, gradient);
}

void countAnswer(std::span<std::uint32_t> confusion, std::size_t classes, int asked, int answered) {
  if (!confusion.empty()) ++confusion[std::size_t(asked) * classes + std::size_t(answered)];
}

double lossOfGuessing(const nn::LossSettings& settings, int classes) {
  const std::vector<float> same(std::size_t(classes), 0.0f);
  return double(nn::lossOf(settings, same, 0));
}

int labelLossNode(const nn::Network& network, const nn::LossSettings& settings) {
  return nn::takesLogits(settings.kind) ? network.logitsNode() : network.outputs().front();
}

void normalizeScores(std::span<float> scores, std::string_view layerType) {
  if (layerType == "softmax" || scores.empty()) return;
  const float largest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - largest);
  for (float& score : scores) score /= sum;
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
                    dataset.name, "Choose a network with at least as many as there are classes");
  const int largest = *std::max_element(dataset.labels.begin(), dataset.labels.end());
  if (std::size_t(largest) >= classes)
    throw nn::Error("there is a label " + std::to_string(largest) + ", but the network has " + has + ", counted from 0", dataset.name,
                    "Choose a network with more");
}

}  // namespace tasks
