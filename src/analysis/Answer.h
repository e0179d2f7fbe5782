// What a network's outputs say: one probability per class of the first one, and what the units of any of them stand for. Pure
// functions.
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
// Of a picture: the share of each class in all that is not ground. Empty where the network names no class, and where its values are no
// finite numbers.
std::vector<float> classProbabilities(const nn::Network& network, std::span<const float> outputs);

// Which of several scores or probabilities is the largest; -1 where nothing is: several are equally large, or some are no finite numbers.
int winnerOf(std::span<const float> values);
// Why nothing is, as what follows "no answer: "; empty where something is. No values at all are taken for those that were not finite.
std::string whyNoWinner(std::span<const float> values);

// The output whose answer the units of a node are: the node itself, or the one that it leads to cell by cell and through nothing
// else, such as a softmax. -1: the node is no answer.
int outputOf(const nn::Network& network, int node);

// The class that a channel of such a node stands for, "3" or "cat"; "background" for the ground of a picture. The network's class
// names are those of every output that has as many classes; the classes of another one are counted from 0. Empty where the node is no
// answer, where there is nothing to choose from, and where nothing says that the maps of a picture are classes.
std::string answerName(const nn::Network& network, int node, int channel);
std::string answerWords(const nn::Network& network, int node, int channel);  // "class 3", "background"; empty as above
// The same of the class at `index` of those that classProbabilities() tells of.
std::string className(const nn::Network& network, int index);

}  // namespace analysis
