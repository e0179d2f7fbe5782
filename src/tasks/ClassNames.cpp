#include "tasks/ClassNames.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "tasks/Task.h"

namespace tasks {

namespace {

constexpr std::size_t kMostNamed = 3, kMostListed = 12;

std::size_t classesOf(const nn::Network& network) {
  return std::size_t(classCount(network));
}

// Whatever their capitals.
bool isSameName(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
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

std::shared_ptr<const data::Dataset> inOrderOf(const nn::Network& network, const std::shared_ptr<const data::Dataset>& set) {
  const std::size_t classes = classesOf(network);
  if (!set || set->classNames.size() > classes) return set;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < classes; ++i)
    names.push_back(network.spec().classNames.empty() ? std::to_string(i) : network.spec().classNames[i]);
  std::vector<data::Label> order;
  bool same = true;
  for (const std::string& name : set->classNames) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& own) { return isSameName(own, name); });
    if (found == names.end()) return set;
    same = same && std::size_t(found - names.begin()) == order.size();
    order.push_back(data::Label(found - names.begin()));
  }
  if (same) return set;
  std::vector<std::uint32_t> all(set->count());
  std::iota(all.begin(), all.end(), 0u);
  auto part = std::make_shared<data::Dataset>(*data::partOf(set, all));
  for (data::Label& label : part->labels) label = order[label];
  part->classNames = std::move(names);
  part->notes = set->notes;
  return part;
}

data::DataSplit inOrderOf(const nn::Network& network, const data::DataSplit& split) {
  data::DataSplit ordered{inOrderOf(network, split.train), inOrderOf(network, split.validation), inOrderOf(network, split.test),
                          split.notes};
  if (ordered.train == split.train) return ordered;
  std::string absent;
  const std::vector<std::string>& had = split.train->classNames;
  for (const std::string& name : ordered.train->classNames)
    if (std::none_of(had.begin(), had.end(), [&](const std::string& one) { return isSameName(one, name); }))
      absent += (absent.empty() ? "" : ", ") + name;
  ordered.notes.push_back("The classes of the data are the network's of the same names" +
                          (absent.empty() ? std::string() : "; there are no images of " + absent));
  return ordered;
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
