// Tells of a training that ended in order and has led nowhere: a rate that was too high, say, after which every picture gets the same
// answer. A pure function; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "nn/Network.h"
#include "train/Evaluation.h"

namespace train {

// One sentence; empty where something was learned, and after so few steps that nothing can be expected. `images`: what was measured,
// "test".
std::string chanceText(const Evaluation& evaluation, const nn::Network& network, std::uint64_t steps, const std::string& images);

}  // namespace train
