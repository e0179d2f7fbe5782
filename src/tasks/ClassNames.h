// The names of a data set's classes as those of the network that is trained on it, so that they go with the model. Those that it got from
// one set give way to those of the next; those that the model itself brought stay. Pure functions.
#pragma once

#include <memory>
#include <string>

#include "data/Dataset.h"
#include "nn/Network.h"

namespace tasks {

// The same network with the names of the set's classes; outputs beyond them are called by their numbers, and where all names are no more
// than the numbers 0, 1, ... it has none. The network itself where it has these already, names of its own, fewer outputs or a task without
// classes. `ofData`: whether the names that it has are those of data; so they are then where they are taken.
std::shared_ptr<const nn::Network> withClassNames(const std::shared_ptr<const nn::Network>& network, const data::Dataset& set,
                                                  bool& ofData);
// The same images with their labels as the network counts its classes, where it has one of each name that the set has, and with the
// network's names; one that has no names has the numbers 0, 1, ... The set itself where that changes nothing, or where names differ.
std::shared_ptr<const data::Dataset> inOrderOf(const nn::Network& network, const std::shared_ptr<const data::Dataset>& set);
data::DataSplit inOrderOf(const nn::Network& network, const data::DataSplit& split);  // notes what it changed
// Which names of its own such a network keeps although the set has others, in one sentence; empty: none.
std::string keptClassNames(const nn::Network& network, const data::Dataset& set);
// All names in one line, shortened.
std::string classNamesText(const nn::Network& network);

}  // namespace tasks
