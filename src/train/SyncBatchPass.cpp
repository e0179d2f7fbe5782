#include "train/SyncBatchPass.h"

#include <algorithm>

namespace train {

bool SyncBatchPass::isNeededFor(const nn::Network& network) {
  return std::any_of(network.nodes().begin(), network.nodes().end(), [](const auto& node) { return node.layer->batchChannels() > 0; });
}

void SyncBatchPass::compute(WorkerPool& pool, std::span<BlockPass> passes, nn::Weights& weights, std::span<const Block> blocks, int pass,
                            bool isFirst, GradientSum& sum, std::span<BlockResult> results) {
  const int count = int(blocks.size()), slots = sum.slots();
  m_blocks.clear();
  for (std::size_t i = 0; i < blocks.size(); ++i) m_blocks.push_back(&passes[i].workspace());
  const int stages = m_blocks.front()->stages();
  for (int stage = 0; stage < stages; ++stage) {
    pool.forEach(count, [&](int i) {
      const auto index = std::size_t(i);
      passes[index].forwardStage(stage, pass, weights, blocks[index]);
      if (stage + 1 < stages) return;
      if (isFirst) results[index] = {};
      results[index].add(passes[index].askLoss(blocks[index], pass));
    });
    if (stage + 1 < stages) nn::Workspace::combineForward(m_blocks, stage);
  }
  for (int slot = 0; isFirst && slot < slots; ++slot) {
    sum.setJoined(slot, false);
    std::fill(sum.slot(slot).begin(), sum.slot(slot).end(), 0.0f);
  }
  for (int stage = stages - 1; stage >= 0; --stage) {
    pool.forEach(slots, [&](int slot) {
      for (int index = slot; index < count; index += slots)
        m_blocks[std::size_t(index)]->backwardStage(stage, weights, passes[std::size_t(index)].passOf(blocks[std::size_t(index)], pass),
                                                    sum.slot(slot));
    });
    if (stage > 0) nn::Workspace::combineBackward(m_blocks, stage);
  }
  m_blocks.front()->blendMoments(weights.flat(), passes.front().passOf(blocks.front(), pass).part);
}

}  // namespace train
