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
#include "train/WorkerPool.h"

namespace train {

class SyncBatchPass {
 public:
  // Whether a network is computed so; the others have nothing to meet for.
  static bool isNeededFor(const nn::Network& network);

  // pass: of the objective. passes: one for each block, at least. Fills `results` and the slots of `sum`, which is prepared for so many
  // blocks, or, of a pass that is not the first of its phase, adds to them; the running means and variances in `weights` move towards
  // those of this mini-batch. Allocates nothing once it has had as many blocks.
  void compute(WorkerPool& pool, std::span<BlockPass> passes, nn::Weights& weights, std::span<const Block> blocks, int pass, bool isFirst,
               GradientSum& sum, std::span<BlockResult> results);

 private:
  std::vector<nn::Workspace*> m_blocks;  // of the blocks, in their order
};

}  // namespace train
