// Grad-CAM (Selvaraju et al. 2017, section 3): where the maps of one layer speak for the class. Each map counts by the mean gradient of
// the class's score over it; what is below zero of their sum is left out.
#include <algorithm>
#include <numeric>

#include "analysis/attribution/Maps.h"
#include "nn/Error.h"

namespace analysis {

namespace {

int layerOf(const Question& question, std::vector<std::string>& notes) {
  const nn::Network& network = question.network();
  const std::string& name = std::get<std::string>(question.request.fields.at("layer"));
  if (name.empty()) {
    const int last = lastMaps(network, question.target.node);
    notes.push_back("The maps are those of " + network.node(last).name + ", the last that the class's score depends on.");
    return last;
  }
  const int node = network.find(name);
  std::string others;
  for (int i = 0; i < question.target.node; ++i) {
    const nn::Network::Node& other = network.node(i);
    if (other.shape.height * other.shape.width > 1 && leadsTo(network, i, question.target.node))
      others += (others.empty() ? "" : ", ") + other.name;
  }
  const std::string hint = "Layers with maps on the way to the scores: " + others;
  if (node < 0) throw nn::Error("there is no such layer", name, hint);
  const nn::Shape& shape = network.node(node).shape;
  if (shape.height * shape.width == 1) throw nn::Error("the layer has no maps", name, hint);
  if (!leadsTo(network, node, question.target.node)) throw nn::Error("the class's score does not depend on this layer", name, hint);
  return node;
}

std::optional<Result> gradCam(const Question& question, const Progress&) {
  Result result;
  const int layer = layerOf(question, result.notes);
  const nn::Shape shape = question.network().node(layer).shape;
  const std::vector<float>& gradient =
      question.pass.backward(*question.request.weights, question.target.node, question.target.seed)[std::size_t(layer)];
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  std::vector<float> spoken = question.pass.values(layer), sum(area, 0.0f);
  for (std::size_t map = 0; map < std::size_t(shape.channels); ++map) {
    const auto first = gradient.begin() + std::ptrdiff_t(map * area);
    const double weight = std::accumulate(first, first + std::ptrdiff_t(area), 0.0) / double(area);
    result.figures.push_back({"weight of map " + std::to_string(map + 1), weight});
    for (std::size_t i = 0; i < area; ++i) sum[i] += spoken[map * area + i] *= float(weight);
  }
  for (std::vector<float>* numbers : {&sum, &spoken})
    for (float& value : *numbers) value = std::max(value, 0.0f);
  const nn::Shape pixels = pixelsOf(question.inputShape());
  result.map = {pixels.width, pixels.height, resized(sum, shape.width, shape.height, pixels.width, pixels.height)};
  result.units.resize(std::size_t(question.network().nodes().size()));
  result.units[std::size_t(layer)] = std::move(spoken);
  result.words = {"Grad-CAM", "nothing", "for the class"};
  return result;
}

}  // namespace

Method describeGradCam() {
  Method method{"grad-cam", "Grad-CAM", "Where the maps of a layer speak for the class, laid over the picture.", "Selvaraju et al. 2017"};
  method.fields = {{"layer", "Layer", "The name of the layer whose maps are asked; empty: the last with maps.", std::string()}};
  method.needs.maps = true;
  method.run = gradCam;
  return method;
}

}  // namespace analysis
