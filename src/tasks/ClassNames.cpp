#include "tasks/ClassNames.h"

#include <algorithm>

#include "tasks/Task.h"

namespace tasks {

std::shared_ptr<const nn::Network> withClassNames(const std::shared_ptr<const nn::Network>& network, const data::Dataset& set) {
  nn::NetworkSpec spec = network->spec();
  const int first = taskOf(*network).firstClass;
  if (first < 0) return network;
  const std::size_t classes = std::size_t(std::max(0, network->outputShape().channels - first));
  if (!spec.classNames.empty() || set.classNames.size() > classes) return network;
  bool tells = false;
  for (std::size_t i = 0; i < classes; ++i) {
    const std::string number = std::to_string(i);
    spec.classNames.push_back(i < set.classNames.size() ? set.classNames[i] : number);
    tells = tells || spec.classNames.back() != number;
  }
  return tells ? nn::Network::create(spec) : network;
}

}  // namespace tasks
