// What a network's outputs say, as one probability per class. Pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// Why the network's first output names no class, as what follows "no class: "; empty where it does. Two units or more are taken for
// scores of classes. A picture is where a softmax goes over its channels, or where the network has names of classes; else it may be
// anything: a restored image, the maps of a network that was cut off.
std::string whyNoClass(const nn::Network& network);

// Of a network that ends in a vector: its units. Of one that ends in a picture, which says of each pixel what it belongs to: its
// channels but the first, which is the ground.
int classCount(const nn::Network& network);

// outputs: the values of the network's first output node, CHW. A final softmax is taken as it is, anything else goes through one.
// Of a picture: the share of each class in all that is not ground. Empty where the network names no class.
std::vector<float> classProbabilities(const nn::Network& network, std::span<const float> outputs);

}  // namespace analysis
