#include "analysis/Method.h"

#include <algorithm>
#include <cmath>

#include "analysis/Answer.h"
#include "analysis/attribution/Maps.h"
#include "nn/Error.h"
#include "nn/LayerCatalogue.h"
#include "nn/SizeText.h"

namespace analysis {

namespace {

void completeFields(const Method& method, nn::Fields& fields) {
  std::vector<nn::Issue> issues;
  for (const nn::FieldInfo& info : method.fields) {
    const auto given = fields.find(info.name);
    const std::optional<nn::FieldValue> value =
        given == fields.end() ? info.defaultValue : nn::readField(info, given->second, method.title, issues);
    if (!value) throw nn::Error(issues.front());
    fields[info.name] = *value;
  }
  for (const auto& field : fields)
    if (std::none_of(method.fields.begin(), method.fields.end(), [&](const nn::FieldInfo& info) { return info.name == field.first; }))
      throw nn::Error("the method has no field " + field.first, method.title);
}

int answerOf(const nn::Network& network, nn::SamplePass& pass) {
  const std::vector<float> shares = classProbabilities(network, pass.values(network.outputs().front()));
  const int winner = winnerOf(shares);
  if (winner < 0)
    throw nn::Error("no class is the answer: " + whyNoWinner(shares), network.spec().title, "Name the class that is to be explained");
  return winner;
}

void checkLabel(const nn::Network& network, int label) {
  const int classes = classCount(network);
  if (label < 0 || label >= classes)
    throw nn::Error("there is no class " + std::to_string(label), network.spec().title,
                    "They are counted from 0 to " + std::to_string(classes - 1));
}

Target targetOf(const Request& request, nn::SamplePass& pass) {
  const nn::Network& network = *request.network;
  Target target;
  target.assumed = !request.label;
  target.label = request.label ? *request.label : answerOf(network, pass);
  checkLabel(network, target.label);
  target.name = "class " + className(network, target.label);
  target.node = network.logitsNode();
  const nn::Shape& shape = network.node(target.node).shape;
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width), map = std::size_t(channelOfClass(network, target.label));
  target.seed.assign(shape.size(), 0.0f);
  std::fill_n(target.seed.begin() + std::ptrdiff_t(map * area), area, signOfClass(network, target.label));
  target.score = scoreOf(target, pass.values(target.node));
  if (!std::isfinite(target.score))
    throw nn::Error("the score of " + target.name + " is no finite number", network.spec().title,
                    "Train the network again, with a smaller learning rate");
  return target;
}

bool allFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

// The pixels' numbers as the units' of the input, where the method tells of pixels alone.
void fillInputUnits(const nn::Network& network, Result& result) {
  result.units.resize(network.nodes().size());
  const auto input = std::size_t(network.inputs().front());
  std::vector<float>& units = result.units[input];
  if (!units.empty()) return;
  for (std::size_t size = network.node(int(input)).shape.size(); units.size() < size;)
    units.insert(units.end(), result.map.values.begin(), result.map.values.end());
}

}  // namespace

const Method* findMethod(std::string_view id) {
  const auto found = std::find_if(methods().begin(), methods().end(), [&](const Method& method) { return method.id == id; });
  return found == methods().end() ? nullptr : &*found;
}

std::string whyNot(const Method& method, const nn::Network& network) {
  if (const std::string why = whyNoClass(network); !why.empty()) return why;
  return method.needs.maps && lastMaps(network, network.logitsNode()) < 0 ? "the network has no layer with maps" : "";
}

std::optional<Result> explain(const Method& method, Request request, const Progress& progress) {
  const nn::Network& network = *request.network;
  if (const std::string why = whyNot(method, network); !why.empty())
    throw nn::Error("there is nothing to explain by " + method.title + ": " + why, network.spec().title,
                    whyNoClass(network).empty() ? "Choose another method, or a network with a convolution"
                                                : "Choose a network that ends in one score for each class");
  completeFields(method, request.fields);
  if (request.label) checkLabel(network, *request.label);
  nn::SamplePass pass(request.network);
  for (std::size_t i = 0; i < request.inputs.size(); ++i) pass.setInput(request.inputs[i], int(i));
  pass.forward(*request.weights);
  const Target target = targetOf(request, pass);
  if (progress && !progress(0)) return std::nullopt;
  std::optional<Result> result = method.run({request, target, pass}, progress);
  if (!result) return std::nullopt;
  result->target = target;
  fillInputUnits(network, *result);
  if (!allFinite(result->map.values) || !std::all_of(result->units.begin(), result->units.end(), allFinite))
    throw nn::Error(method.title + " gives numbers beyond what can be computed", network.spec().title,
                    "Train the network again, with a smaller learning rate");
  const nn::Shape& scores = network.node(target.node).shape;
  if (!scores.isVector())
    result->notes.insert(result->notes.begin(), "The network ends in a picture: what is explained is the sum of the scores of " +
                                                    target.name + " over all " + nn::sizeText(scores.height, scores.width) + " pixels.");
  return result;
}

}  // namespace analysis
