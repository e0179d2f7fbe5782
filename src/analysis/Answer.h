// What a network's outputs say, as one probability per class. Pure functions.
#pragma once

#include <span>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// Of a network that ends in a vector: its units. Of one that ends in a picture, which says of each pixel what it belongs to: its
// channels but the first, which is the ground.
int classCount(const nn::Network& network);

// outputs: the values of the network's first output node, CHW. A final softmax is taken as it is, anything else goes through one.
// Of a picture: the share of each class in all that is not ground.
std::vector<float> classProbabilities(const nn::Network& network, std::span<const float> outputs);

}  // namespace analysis
