// What is taken for granted where a network's outputs are read as probabilities of classes, to be said beside them. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// "The answer is the first of its 2 outputs: digit, parity."; empty where there is one.
std::string whichOutputAnswers(const nn::Network& network);
std::string unreadInputs(const nn::Network& network);  // names them; empty: each input is read

// One short sentence each; empty for one input and one output that ends in a softmax. `whole`: false where the network
// is a part of a model, and what comes out is no answer, whatever it looks like.
std::vector<std::string> answerAssumptions(const nn::Network& network, bool whole = true);

}  // namespace analysis
