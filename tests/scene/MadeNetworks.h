// Networks as nobody ships them: several outputs, a single cell, one row, a thousand classes, an end that is cut off. Tests only.
#pragma once

#include <utility>

#include "scene/SceneNetworks.h"

namespace scene_test {

inline std::shared_ptr<const nn::Network> made(std::string name, std::vector<nn::NodeSpec> nodes, std::vector<std::string> classes = {},
                                               std::vector<std::string> outputs = {}) {
  nn::NetworkSpec spec;
  spec.name = std::move(name);
  spec.nodes = std::move(nodes);
  spec.classNames = std::move(classes);
  spec.outputs = std::move(outputs);
  return nn::Network::create(spec);
}

inline nn::NodeSpec head(std::string name, int units, std::string from) {
  return node(std::move(name), "dense", {{"units", std::int64_t(units)}}, {std::move(from)});
}

inline nn::NodeSpec softmaxOf(std::string from) {
  return node(from + "-softmax", "softmax", {}, {from});
}

inline nn::NodeSpec rowConv(std::string name, int filters, int rows, int columns) {
  return node(
      std::move(name), "conv2d",
      {{"filters", std::int64_t(filters)}, {"kernel", std::vector<std::int64_t>{rows, columns}}, {"activation", std::string("relu")}});
}

// Two vectors of classes over the same maps; with softmax each has its own behind it.
inline std::shared_ptr<const nn::Network> twoHeads(int first, int second, bool softmax, std::vector<std::string> classes = {}) {
  std::vector<nn::NodeSpec> nodes = {input(1, 12, 12), conv("conv", 4, 3), node("flatten", "flatten"), head("first", first, "flatten"),
                                     head("second", second, "flatten")};
  if (softmax) nodes.insert(nodes.end(), {softmaxOf("first"), softmaxOf("second")});
  return made("two-heads-" + std::to_string(first) + "-" + std::to_string(second), std::move(nodes), std::move(classes));
}

inline std::vector<std::shared_ptr<const nn::Network>> madeNetworks() {
  const nn::NodeSpec flatten = node("flatten", "flatten"), softmax = node("softmax", "softmax");
  return {
      twoHeads(10, 4, false),
      twoHeads(4, 10, true),
      twoHeads(10, 1, true),
      made("second-listed-first", {input(1, 8, 8), flatten, head("a", 10, "flatten"), head("b", 4, "flatten")}, {}, {"b", "a"}),
      made("vector-and-picture", {input(1, 8, 8), conv("conv", 3, 3, "same"),
                                  node("picture", "conv2d", {{"filters", std::int64_t(3)}, {"kernel", std::vector<std::int64_t>{1}}}),
                                  node("flatten", "flatten", {}, {"conv"}), dense("vector", 5)}),
      made("logits-and-shares", {input(1, 8, 8), flatten, dense("logits", 6, "none"), softmax}, {}, {"logits", "softmax"}),
      made("one-cell", {input(1, 1, 1), dense("dense", 3), softmax}),
      made("one-cell-maps", {input(2, 1, 1), conv("conv", 3, 1), dense("output", 2, "none"), softmax}),
      made("one-row", {input(1, 1, 16), rowConv("conv", 3, 1, 3), node("pool", "max-pool", {{"kernel", std::vector<std::int64_t>{1, 2}}}),
                       flatten, dense("output", 5, "none"), softmax}),
      made("one-column", {input(1, 16, 1), rowConv("conv", 3, 3, 1), flatten, dense("output", 5, "none")}),
      made("thousand-classes", {input(1, 8, 8), flatten, dense("output", 1000, "none"), softmax}),
      made("one-unit", {input(1, 8, 8), conv("conv", 2, 3), flatten, dense("output", 1, "none")}),
      made("one-class", {input(1, 8, 8), flatten, dense("output", 1, "none"), softmax}, {"cat"}),
      made("cut-off-maps", {input(1, 16, 16), conv("conv1", 6, 3), pool("pool"), conv("conv2", 24, 3)}),
      made("cut-off-vector", {input(1, 16, 16), conv("conv1", 6, 3), flatten, dense("features", 64)}),
      made("flat-input", {input(28 * 28, 1, 1), dense("hidden", 16, "tanh"), dense("output", 10, "none")}),
      made("no-kernels", {input(3, 8, 8), pool("pool"), flatten, softmax}),
      made("picture-of-one-map", {input(1, 8, 8), conv("conv", 4, 3, "same"), conv("picture", 1, 3, "same")}),
      made("picture-of-classes", {input(1, 8, 8), conv("conv", 4, 3, "same"), conv("picture", 3, 1, "same"), softmax}, {"dog", "cat"})};
}

}  // namespace scene_test
