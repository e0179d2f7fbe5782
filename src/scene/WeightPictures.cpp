#include "scene/WeightPictures.h"

#include <algorithm>
#include <cmath>

#include "analysis/Answer.h"

namespace scene {

namespace {

constexpr int kMostPicturedUnits = 128, kMostKernels = 512;
constexpr int kLeastSide = 4;      // of an image
constexpr std::size_t kFew = 200;  // weights: each of so few counts
constexpr double kUsual = 0.997;   // of the weights are not larger than the range, where others stand out
constexpr float kFarAbove = 1.25f;
constexpr std::size_t kMostWeights = 1'000'000;  // of all pictures

// The node whose values come in: layers that only pass values on in their order are seen through.
int makerOf(const nn::Network& network, int node) {
  for (;;) {
    const std::string_view type = network.node(node).layer->type();
    if (type != "flatten" && type != "dropout" && type != "spatial-dropout") return node;
    node = network.node(node).inputs.front();
  }
}

bool fewMaps(const nn::Shape& shape) {
  return (shape.channels == 1 || shape.channels == 3) && shape.height >= kLeastSide && shape.width >= kLeastSide;
}

bool isDenseOverImage(const nn::Network& network, const nn::Network::Node& node) {
  if (node.layer->type() != "dense" || node.inputs.size() != 1 || node.shape.channels > kMostPicturedUnits) return false;
  const nn::Shape& image = network.node(makerOf(network, node.inputs.front())).shape;
  return fewMaps(image) && image.size() * std::size_t(node.shape.channels) <= kMostWeights;
}

bool readsColors(const nn::Network& network, const nn::Network::Node& node) {
  const std::optional<nn::Window> window = node.layer->window();
  if (node.layer->type() != "conv2d" || node.inputs.size() != 1 || !window || node.shape.channels > kMostKernels) return false;
  const nn::Network::Node& from = network.node(makerOf(network, node.inputs.front()));
  if (!from.inputs.empty() || from.shape.channels != 3 || window->height < 2 || window->width < 2) return false;
  for (int channel = 0; channel < 3; ++channel)
    if (node.layer->kernelOffset(0, channel) < 0) return false;  // grouped: no kernel reads all three colors
  return true;
}

std::string nameOf(const nn::Network& network, int node, int channel, bool kernel) {
  if (kernel) return "kernel " + std::to_string(channel + 1);
  const std::string answer = analysis::answerName(network, node, channel);
  return answer.empty() ? "unit " + std::to_string(channel + 1) : answer;
}

void fillDense(const nn::Network::Node& node, std::span<const float> own, WeightPicture& picture) {
  nn::CellLinks links;
  node.layer->linksInto(picture.unit.cell, links);
  const nn::Shape& from = node.layer->inputShapes()[0];
  for (const nn::Link& link : links.terms) picture.weights[nn::flatIndex(from, link.cell)] = own[std::size_t(link.parameter)];
}

void fillKernel(const nn::Network::Node& node, std::span<const float> own, int channels, std::size_t area, WeightPicture& picture) {
  for (int c = 0; c < channels; ++c) {
    const std::ptrdiff_t offset = node.layer->kernelOffset(picture.unit.cell.channel, c);
    for (std::size_t i = 0; offset >= 0 && i < area; ++i) picture.weights[std::size_t(c) * area + i] = own[std::size_t(offset) + i];
  }
}

// The largest, unless all but a few are far below it.
float rangeOf(const WeightPictures& all) {
  std::vector<float> sizes;
  for (const WeightPicture& picture : all.pictures)
    for (const float weight : picture.weights)
      if (weight != 0 && std::isfinite(weight)) sizes.push_back(std::abs(weight));
  if (sizes.size() < kFew) return all.largest;
  const auto most = sizes.begin() + std::ptrdiff_t(double(sizes.size() - 1) * kUsual);
  std::nth_element(sizes.begin(), most, sizes.end());
  return *most * kFarAbove < all.largest ? *most : all.largest;
}

void findLargest(WeightPictures& all) {
  all.largest = 0;
  for (WeightPicture& picture : all.pictures) {
    picture.largest = 0;
    for (const float weight : picture.weights)
      if (std::isfinite(weight)) picture.largest = std::max(picture.largest, std::abs(weight));
    all.largest = std::max(all.largest, picture.largest);
  }
  all.range = rangeOf(all);
}

}  // namespace

bool hasWeightPictures(const nn::Network& network, int node) {
  if (node < 0 || node >= int(network.nodes().size()) || network.node(node).inputs.empty()) return false;
  return isDenseOverImage(network, network.node(node)) || readsColors(network, network.node(node));
}

int pictureNode(const nn::Network& network, int asked) {
  if (hasWeightPictures(network, asked)) return asked;
  for (int node = int(network.nodes().size()) - 1; node >= 0; --node)
    if (hasWeightPictures(network, node)) return node;
  return -1;
}

std::optional<WeightPictures> weightPictures(const nn::Network& network, std::span<const float> parameters, int index) {
  if (!hasWeightPictures(network, index) || parameters.size() != network.parameterCount()) return std::nullopt;
  const nn::Network::Node& node = network.node(index);
  WeightPictures all;
  all.node = index;
  all.sourceNode = makerOf(network, node.inputs.front());
  const nn::Network::Node& from = network.node(all.sourceNode);
  all.nodeName = node.name;
  all.sourceName = from.name;
  all.kernels = node.layer->type() == "conv2d";
  all.channels = from.shape.channels;
  all.rows = all.kernels ? node.layer->window()->height : from.shape.height;
  all.columns = all.kernels ? node.layer->window()->width : from.shape.width;
  const auto own = parameters.subspan(node.parameterOffset, node.parameterCount);
  const std::size_t area = std::size_t(all.rows) * std::size_t(all.columns);
  for (int channel = 0; channel < node.shape.channels; ++channel) {
    WeightPicture picture{{index, {channel, node.shape.height / 2, node.shape.width / 2}},
                          nameOf(network, index, channel, all.kernels),
                          std::vector<float>(area * std::size_t(all.channels)),
                          0};
    all.kernels ? fillKernel(node, own, all.channels, area, picture) : fillDense(node, own, picture);
    all.pictures.push_back(std::move(picture));
  }
  findLargest(all);
  return all;
}

void weighInput(WeightPictures& all, std::span<const float> input) {
  for (WeightPicture& picture : all.pictures)
    for (std::size_t i = 0; i < std::min(input.size(), picture.weights.size()); ++i) picture.weights[i] *= input[i];
  findLargest(all);
}

}  // namespace scene
