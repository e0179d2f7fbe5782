// The memory that a Trainer takes for a network, known before any of it is taken: what `convscope describe` prints. A pure function
// of the network and the options; any thread.
#pragma once

#include <cstdint>

#include "nn/Network.h"
#include "train/Trainer.h"

namespace train {

// Bytes. The data set is not among them.
struct TrainingMemory {
  std::uint64_t parameters = 0;   // the flat array, the copy that the kernels read, and that from before the last step
  std::uint64_t gradients = 0;    // of the parameters: one copy for each block of samples (a limited number), and their mean
  std::uint64_t optimizer = 0;    // its moments
  std::uint64_t activations = 0;  // of one block of nn::kLanes samples for each thread, and the gradients at every node
  std::uint64_t total() const { return parameters + gradients + optimizer + activations; }
};

TrainingMemory trainingMemory(const nn::Network& network, const TrainingOptions& options);
// Throws nn::Error where it is more than this machine has free.
void requireRoomToTrain(const nn::Network& network, const TrainingOptions& options);

}  // namespace train
