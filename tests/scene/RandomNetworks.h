// Random networks of every kind that the scene must be able to show. Tests only; the same seed gives the same network.
#pragma once

#include "scene/SceneNetworks.h"

namespace scene_test {

inline std::shared_ptr<const nn::Network> randomNetwork(unsigned seed) {
  std::mt19937 random(seed);
  const auto between = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  nn::NetworkSpec spec;
  spec.name = "random";
  const int channels = between(0, 1) ? 1 : 3;
  spec.nodes.push_back(input(channels, between(6, 40), between(6, 40)));
  std::string last = "input";
  int count = 0;
  const auto fresh = [&] { return "n" + std::to_string(++count); };
  for (int level = between(0, 4); level > 0; --level) {
    const int kind = between(0, 3);
    if (kind == 0) {
      spec.nodes.push_back(conv(fresh(), between(1, 40), between(0, 1) ? 3 : 1, "same", {last}));
    } else if (kind == 1) {
      spec.nodes.push_back(conv(fresh(), between(1, 6), 5, "same", {last}));
      spec.nodes.push_back(node(fresh(), "dropout"));
    } else {
      const std::string before = last;
      const int filters = between(1, 12), branches = between(2, 3);
      std::vector<std::string> ends;
      for (int b = 0; b < branches; ++b) {
        ends.push_back(fresh());
        spec.nodes.push_back(conv(ends.back(), filters, 3, "same", {before}));
      }
      if (kind == 3) ends.push_back(before);
      spec.nodes.push_back(node(fresh(), kind == 2 ? "add" : "concat", {}, ends));
    }
    last = spec.nodes.back().name;
  }
  spec.nodes.push_back(node(fresh(), "flatten", {}, {last}));
  for (int d = between(0, 2); d > 0; --d) spec.nodes.push_back(dense(fresh(), between(1, 700)));
  spec.nodes.push_back(dense("output", between(1, 40), "none"));
  if (between(0, 1)) spec.nodes.push_back(node("softmax", "softmax"));
  return nn::Network::create(spec);
}

}  // namespace scene_test
