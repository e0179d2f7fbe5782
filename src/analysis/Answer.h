// What a network's outputs say: one probability per class of the first one, and what the units of any of them stand for. Pure
// functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// Why the network's first output names no class, as what follows "no class: "; empty where it does. Its task says so.
std::string whyNoClass(const nn::Network& network);

// What a person is asked to do before a network has seen anything, by its input and its classes: "Draw a digit", "Draw: circle, square".
std::string invitation(const nn::Network& network);

// Of the first output: how many classes its task tells apart; 0 where it names none.
int classCount(const nn::Network& network);
// The first output's channel that is a class, and back. A ground in front of the classes is none: -1.
int channelOfClass(const nn::Network& network, int index);
int classOfChannel(const nn::Network& network, int channel);
// -1 for the class that the one unit of a yes or no speaks against; else 1.
float signOfClass(const nn::Network& network, int index);

// outputs: the values of the network's first output node, CHW, made probabilities by what they are (tasks::scoresOf). Of a yes or no: of
// either.
// Of a segmentation: the share of each class in all that is not ground. Empty where the network names no class, and where its values are
// no finite numbers.
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
// answer, where there is nothing to choose from, and where nothing says that a further output or the maps of a picture are classes.
std::string answerName(const nn::Network& network, int node, int channel);
std::string answerWords(const nn::Network& network, int node, int channel);  // "class 3", "background"; empty as above
// The same of the class at `index` of those that classProbabilities() tells of.
std::string className(const nn::Network& network, int index);
// Of all that a test tells apart, in the order of its confusion matrix: the classes, and before them the ground of a picture.
std::vector<std::string> answerNames(const nn::Network& network, std::size_t count);

}  // namespace analysis
