#include "tasks/ClassNames.h"

#include <algorithm>

#include "tasks/Task.h"

namespace tasks {

namespace {

constexpr std::size_t kMostNamed = 3, kMostListed = 12;

std::size_t classesOf(const nn::Network& network) {
  return std::size_t(classCount(network));
}

}  // namespace

std::shared_ptr<const nn::Network> withClassNames(const std::shared_ptr<const nn::Network>& network, const data::Dataset& set,
                                                  bool& ofData) {
  nn::NetworkSpec spec = network->spec();
  const std::size_t classes = classesOf(*network);
  if (classes == 0 || set.classNames.size() > classes || (!spec.classNames.empty() && !ofData)) return network;
  spec.classNames.clear();
  ofData = false;
  for (std::size_t i = 0; i < classes; ++i) {
    const std::string number = std::to_string(i);
    spec.classNames.push_back(i < set.classNames.size() ? set.classNames[i] : number);
    ofData = ofData || spec.classNames.back() != number;
  }
  if (!ofData) spec.classNames.clear();
  return spec.classNames == network->spec().classNames ? network : nn::Network::create(spec);
}

std::string keptClassNames(const nn::Network& network, const data::Dataset& set) {
  const std::vector<std::string>& own = network.spec().classNames;
  if (classesOf(network) == 0) return {};
  std::string pairs;
  std::size_t others = 0;
  for (std::size_t i = 0; i < std::min(own.size(), set.classNames.size()); ++i) {
    if (own[i] == set.classNames[i] || ++others > kMostNamed) continue;
    pairs += (pairs.empty() ? "" : ", ") + own[i] + " is " + set.classNames[i] + " there";
  }
  if (others == 0) return {};
  if (others > kMostNamed) pairs += ", and " + std::to_string(others - kMostNamed) + " more";
  return "The network keeps its own names of classes, and the data has others: " + pairs;
}

std::string classNamesText(const nn::Network& network) {
  const std::vector<std::string>& names = network.spec().classNames;
  if (names.empty()) return "0 to " + std::to_string(std::max<std::size_t>(classesOf(network), 1) - 1);
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostListed ? text + " ..." : text;
}

}  // namespace tasks
