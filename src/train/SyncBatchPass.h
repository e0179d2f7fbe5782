// One mini-batch whose blocks must meet on the way, because layers need figures of all samples (batch normalization): every block
// keeps a workspace of its own, the threads take block after block through one stage, and between two stages the blocks' figures
// are added up in their order, on the calling thread. So the result has the same bits whatever the number of threads.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/GradientSum.h"
#include "train/WorkShares.h"
#include "train/WorkerPool.h"

namespace train {

class SyncBatchPass {
 public:
  // Whether a network is computed so; the others have nothing to meet for.
  static bool isNeededFor(const nn::Network& network);

  // passes: one for each block, at least. Fills `results` and the slots of `sum`, which is prepared for so many blocks. Allocates
  // nothing once it has had as many blocks.
  void compute(WorkerPool& pool, WorkShares& shares, std::span<BlockPass> passes, const nn::Weights& weights, std::span<const Block> blocks,
               GradientSum& sum, std::span<BlockResult> results);
  // The running means and variances in the flat parameters move towards those of the mini-batch computed last.
  void updateRunningStatistics(std::span<float> parameters) const;

 private:
  std::vector<nn::Workspace*> m_blocks;  // of the blocks, in their order
};

}  // namespace train
