#include "train/TrainingMemory.h"

#include <algorithm>

#include "data/Augmentation.h"
#include "nn/FreeMemory.h"
#include "nn/MemoryPlan.h"
#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/GradientSum.h"
#include "train/WorkerPool.h"

namespace train {

namespace {
constexpr double kManyBytes = 64e6;  // from here on the machine is asked whether it has them
}

TrainingMemory trainingMemory(const nn::Network& network, const TrainingOptions& options) {
  const std::uint64_t each = std::uint64_t(network.parameterCount()) * sizeof(float);
  std::uint64_t packed = 0;
  for (const nn::Network::Node& node : network.nodes()) packed += node.layer->packedCount() * sizeof(float);
  const int blocks = (std::max(1, options.batchSize) + nn::kLanes - 1) / nn::kLanes;
  const int slots = std::min(blocks, GradientSum::mostSlots(network.parameterCount()));
  TrainingMemory memory;
  memory.parameters = each * 2 + packed;
  memory.gradients = each * std::uint64_t(slots + 1);
  memory.optimizer = each * std::uint64_t(nn::momentCount(options.optimizer.kind));
  // A thread's samples lie as plain pictures before they are brought into the order of the kernels, once more to be augmented, and those
  // that are to be reconstructed as they were before they were corrupted.
  const std::uint64_t pictures =
      std::uint64_t(2 * nn::kLanes + 1) * network.inputShape().size() + data::augmentScratchFloats(network.inputShape());
  const std::uint64_t workspace = nn::MemoryPlan(network, nn::kLanes, true).total;
  // Where layers need figures of the whole mini-batch, all of its blocks are kept at once.
  const bool together = blocksMeet(network);
  const int threads = resolveThreads(options.threads);
  memory.activations = (workspace + pictures) * sizeof(float) * std::uint64_t(together ? std::max(threads, blocks) : threads);
  return memory;
}

void requireRoomToTrain(const nn::Network& network, const TrainingOptions& options) {
  const double bytes = double(trainingMemory(network, options).total());
  const int threads = resolveThreads(options.threads);
  if (bytes > kManyBytes)
    nn::requireMemory(bytes, "training it on " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"), network.spec().name,
                      "Use fewer threads, a smaller batch or a smaller network, or close other programs");
}

}  // namespace train
