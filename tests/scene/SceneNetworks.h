// Networks that the scene's tests look at, and values for them. Tests only.
#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "nn/Network.h"
#include "scene/Scene.h"

namespace scene_test {

inline nn::NodeSpec node(std::string name, std::string type, nn::Fields fields = {}, std::vector<std::string> inputs = {}) {
  return {std::move(name), std::move(type), std::move(inputs), std::move(fields)};
}

inline nn::NodeSpec input(int channels, int height, int width) {
  return node("input", "input", {{"channels", std::int64_t(channels)}, {"height", std::int64_t(height)}, {"width", std::int64_t(width)}});
}

inline nn::NodeSpec conv(std::string name, int filters, int kernel, std::string padding = "valid", std::vector<std::string> inputs = {}) {
  return node(std::move(name), "conv2d",
              {{"filters", std::int64_t(filters)},
               {"kernel", std::vector<std::int64_t>{kernel}},
               {"padding", std::move(padding)},
               {"activation", std::string("relu")}},
              std::move(inputs));
}

inline nn::NodeSpec pool(std::string name) {
  return node(std::move(name), "max-pool");
}

inline nn::NodeSpec dense(std::string name, int units, std::string activation = "relu") {
  return node(std::move(name), "dense", {{"units", std::int64_t(units)}, {"activation", std::move(activation)}});
}

// The network that the program opens with.
inline std::shared_ptr<const nn::Network> harley() {
  nn::NetworkSpec spec;
  spec.name = "harley";
  spec.nodes = {
      input(1, 32, 32),           conv("conv1", 6, 5),  pool("pool1"),        conv("conv2", 16, 5),        pool("pool2"),
      node("flatten", "flatten"), dense("dense1", 120), dense("dense2", 100), dense("output", 10, "none"), node("softmax", "softmax")};
  return nn::Network::create(spec);
}

inline std::shared_ptr<const nn::Network> mlp() {
  nn::NetworkSpec spec;
  spec.name = "mlp";
  spec.nodes = {input(1, 28, 28),
                node("flatten", "flatten"),
                dense("dense1", 300),
                dense("dense2", 100, "tanh"),
                dense("output", 10, "none"),
                node("softmax", "softmax")};
  return nn::Network::create(spec);
}

// A color picture, a branch that is added and one that is concatenated, and a skip over two levels.
inline std::shared_ptr<const nn::Network> branches() {
  nn::NetworkSpec spec;
  spec.name = "branches";
  spec.nodes = {input(3, 16, 16),
                conv("stem", 8, 3, "same"),
                conv("left", 8, 3, "same", {"stem"}),
                conv("right", 8, 1, "same", {"stem"}),
                node("sum", "add", {}, {"left", "right"}),
                node("both", "concat", {}, {"sum", "stem"}),
                pool("pool"),
                node("flatten", "flatten"),
                dense("output", 5, "none"),
                node("softmax", "softmax")};
  return nn::Network::create(spec);
}

// All zeros: of a network that has not seen anything yet.
inline std::shared_ptr<const scene::Values> restingValues(const std::shared_ptr<const nn::Network>& network) {
  auto result = std::make_shared<scene::Values>();
  result->network = network;
  for (const nn::Network::Node& node : network->nodes()) {
    result->offset.push_back(result->values.size());
    result->values.resize(result->values.size() + node.shape.size());
  }
  return result;
}

// A 7 of soft strokes in the middle of a picture, 0..1.
inline std::vector<float> seven(const nn::Shape& shape) {
  std::vector<float> picture(shape.size());
  const auto stroke = [](float x, float y, float ax, float ay, float bx, float by) {
    const float dx = bx - ax, dy = by - ay;
    const float t = std::clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0.0f, 1.0f);
    return std::hypot(x - ax - t * dx, y - ay - t * dy);
  };
  for (int c = 0; c < shape.channels; ++c)
    for (int r = 0; r < shape.height; ++r)
      for (int k = 0; k < shape.width; ++k) {
        const float x = (float(k) + 0.5f) / float(shape.width), y = (float(r) + 0.5f) / float(shape.height);
        const float away = std::min(stroke(x, y, 0.3f, 0.28f, 0.7f, 0.26f), stroke(x, y, 0.7f, 0.26f, 0.44f, 0.76f));
        picture[nn::flatIndex(shape, {c, r, k})] = std::clamp(1.6f - away * 28, 0.0f, 1.0f);
      }
  return picture;
}

inline std::shared_ptr<const scene::Values> valuesOf(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters,
                                                     std::span<const float> picture, std::uint64_t version = 1) {
  nn::Weights weights(network);
  weights.assign(parameters);
  nn::Workspace workspace(network, 1, false);
  workspace.setInput(0, picture);
  workspace.forward(weights);
  return scene::collectValues(workspace, version);
}

}  // namespace scene_test
