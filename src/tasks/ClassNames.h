// The names of a data set's classes as those of the network that is trained on it, so that they go with the model. Pure function.
#pragma once

#include <memory>

#include "data/Dataset.h"
#include "nn/Network.h"

namespace tasks {

// The same network with the names of the set's classes; outputs beyond them are called by their numbers. The network itself where it names
// its classes already, has fewer outputs or a task without classes, or where the names are no more than the numbers 0, 1, ...
std::shared_ptr<const nn::Network> withClassNames(const std::shared_ptr<const nn::Network>& network, const data::Dataset& set);

}  // namespace tasks
