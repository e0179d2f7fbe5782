#include "data/ClassNames.h"

namespace data {

std::shared_ptr<const nn::Network> withClassNames(const std::shared_ptr<const nn::Network>& network, const Dataset& set) {
  nn::NetworkSpec spec = network->spec();
  const nn::Shape output = network->outputShape();
  const std::size_t classes = std::size_t(output.channels) - (output.isVector() ? 0 : 1);
  if (!spec.classNames.empty() || set.classNames.size() > classes) return network;
  bool tells = false;
  for (std::size_t i = 0; i < classes; ++i) {
    const std::string number = std::to_string(i);
    spec.classNames.push_back(i < set.classNames.size() ? set.classNames[i] : number);
    tells = tells || spec.classNames.back() != number;
  }
  return tells ? nn::Network::create(spec) : network;
}

}  // namespace data
