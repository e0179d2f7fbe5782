// Random networks of every kind that the scene must be able to show. Tests only; the same seed gives the same network.
#pragma once

#include <functional>

#include "scene/SceneNetworks.h"

namespace scene_test {

// A picture of one value, a row, a color picture, or a gray one.
inline nn::NodeSpec randomInput(const std::function<int(int, int)>& between) {
  const int kind = between(0, 9);
  if (kind == 0) return input(between(1, 60), 1, 1);
  if (kind <= 2) return input(between(1, 2), 1, between(2, 200));
  return input(between(0, 1) ? 1 : 3, between(6, 40), between(6, 40));
}

inline std::shared_ptr<const nn::Network> randomNetwork(unsigned seed) {
  std::mt19937 random(seed);
  const std::function<int(int, int)> between = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  nn::NetworkSpec spec;
  spec.name = "random";
  spec.nodes.push_back(randomInput(between));
  std::string last = "input";
  int count = 0;
  const auto fresh = [&] {
    ++count;
    return (count % 3 ? "n" : "a_longer_name_") + std::to_string(count);
  };
  for (int level = between(0, 5); level > 0; --level) {
    const int kind = between(0, 4);
    if (kind == 0) {
      spec.nodes.push_back(conv(fresh(), seed % 25 == 0 ? 512 : between(1, 40), between(0, 1) ? 3 : 1, "same", {last}));
    } else if (kind == 1) {
      spec.nodes.push_back(conv(fresh(), between(1, 6), 5, "same", {last}));
      spec.nodes.push_back(node(fresh(), "dropout"));
    } else if (kind == 4) {
      spec.nodes.push_back(node(fresh(), "max-pool", {{"kernel", std::vector<std::int64_t>{2}}, {"padding", std::string("same")}}, {last}));
    } else {
      const std::string before = last;
      const int filters = between(1, 12), branches = between(2, 5);
      std::vector<std::string> ends;
      for (int b = 0; b < branches; ++b) {
        ends.push_back(fresh());
        spec.nodes.push_back(conv(ends.back(), filters, 3, "same", {before}));
        if (kind == 2 || between(0, 2)) continue;
        ends.back() = fresh();
        spec.nodes.push_back(conv(ends.back(), between(1, 9), 1, "same", {spec.nodes.back().name}));
      }
      if (kind == 3) ends.push_back(before);
      spec.nodes.push_back(node(fresh(), kind == 2 ? "add" : "concat", {}, ends));
    }
    last = spec.nodes.back().name;
  }
  if (between(0, 7) == 0 && spec.nodes.size() > 1) return nn::Network::create(spec);  // ends in maps
  spec.nodes.push_back(node(fresh(), "flatten", {}, {last}));
  for (int d = between(0, 2); d > 0; --d) spec.nodes.push_back(dense(fresh(), between(1, 700)));
  spec.nodes.push_back(dense("output", between(1, 40), "none"));
  if (between(0, 1)) spec.nodes.push_back(node("softmax", "softmax"));
  return nn::Network::create(spec);
}

}  // namespace scene_test
