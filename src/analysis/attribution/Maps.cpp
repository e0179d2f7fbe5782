#include "analysis/attribution/Maps.h"

#include <algorithm>

#include "nn/InputSpec.h"

namespace analysis {

namespace {

template <typename Join>
HeatMap joined(const nn::Shape& input, std::span<const float> cells, Join join) {
  const nn::Shape pixels = pixelsOf(input);
  const std::size_t area = std::size_t(pixels.height) * std::size_t(pixels.width);
  HeatMap map{pixels.width, pixels.height, std::vector<float>(cells.begin(), cells.begin() + std::ptrdiff_t(area))};
  for (std::size_t i = area; i < cells.size(); ++i) map.values[i % area] = join(map.values[i % area], cells[i]);
  return map;
}

bool isPooling(const nn::Layer& layer) {
  return layer.combineKind() == nn::Combine::Maximum || layer.combineKind() == nn::Combine::Average;
}

}  // namespace

nn::Shape pixelsOf(const nn::Shape& input) {
  const nn::Shape picture = nn::pictureShape(input);
  return picture.isVector() ? nn::Shape{1, 1, picture.channels} : picture;
}

HeatMap sumOfChannels(const nn::Shape& input, std::span<const float> cells) {
  return joined(input, cells, [](float a, float b) { return a + b; });
}

HeatMap largestOfChannels(const nn::Shape& input, std::span<const float> cells) {
  return joined(input, cells, [](float a, float b) { return std::max(a, b); });
}

double scoreOf(const Target& target, std::span<const float> values) {
  double score = 0;
  for (std::size_t i = 0; i < values.size(); ++i) score += double(target.seed[i]) * double(values[i]);
  return score;
}

bool leadsTo(const nn::Network& network, int from, int to) {
  std::vector<bool> reached(std::size_t(to) + 1, false);
  reached[std::size_t(to)] = true;
  for (int i = to; i > from; --i)
    if (reached[std::size_t(i)])
      for (const int source : network.node(i).inputs) reached[std::size_t(source)] = true;
  return from < to && reached[std::size_t(from)];
}

int lastMaps(const nn::Network& network, int to) {
  for (int node = to - 1; node >= 0; --node) {
    const auto hasMaps = [&](int index) {
      const nn::Network::Node& at = network.node(index);
      return !at.inputs.empty() && at.shape.height * at.shape.width > 1;
    };
    if (!hasMaps(node) || !leadsTo(network, node, to)) continue;
    while (isPooling(*network.node(node).layer) && hasMaps(network.node(node).inputs.front())) node = network.node(node).inputs.front();
    return node;
  }
  return -1;
}

std::vector<float> resized(std::span<const float> map, int width, int height, int newWidth, int newHeight) {
  struct Place {
    std::size_t low, high;
    float share;  // of the high one
  };
  const auto placeOf = [](int i, int size, int newSize) {
    const float at = std::clamp((float(i) + 0.5f) * float(size) / float(newSize) - 0.5f, 0.0f, float(size - 1));
    const auto low = std::size_t(at);
    return Place{low, std::min(low + 1, std::size_t(size - 1)), at - float(low)};
  };
  std::vector<float> result;
  result.reserve(std::size_t(newWidth) * std::size_t(newHeight));
  for (int y = 0; y < newHeight; ++y) {
    const Place rows = placeOf(y, height, newHeight);
    for (int x = 0; x < newWidth; ++x) {
      const Place columns = placeOf(x, width, newWidth);
      const auto row = [&](std::size_t r) {
        const std::size_t first = r * std::size_t(width);
        return map[first + columns.low] * (1 - columns.share) + map[first + columns.high] * columns.share;
      };
      result.push_back(row(rows.low) * (1 - rows.share) + row(rows.high) * rows.share);
    }
  }
  return result;
}

}  // namespace analysis
