// A network for other classes: its last layer made anew with one output a class, all that lies before it kept with its weights, as transfer
// learning begins. Pure functions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace tasks {

struct NewHead {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;  // empty where none were given
  std::string layer;              // the one that is new
};

// The layer whose channels become the first output's, which can be made anew; -1 where the network names no class or its outputs are not
// the channels of one such layer.
int headOf(const nn::Network& network);
// Throws nn::Error where there is no such layer. The new layer's weights are drawn by the seed; parameters: of the network, or empty.
NewHead withNewHead(const nn::Network& network, std::span<const float> parameters, const std::vector<std::string>& classNames,
                    std::uint64_t seed);

}  // namespace tasks
