// The gradients of one mini-batch on their way from the blocks to the optimizer. Blocks belong to slots by their number alone,
// a slot is filled by one thread in the order of its blocks, and pairs of slots are added in their order: so the sum has the
// same bits whatever the number of threads. Owned by a Trainer; different slots and ranges may be used by threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/AlignedBlock.h"
#include "nn/Network.h"

namespace train {

// Whether every value is finite; a few cycles per cache line.
bool allFinite(std::span<const float> values);
// The first node with a parameter whose value here is not finite; empty when all are. `perParameter`: network.parameterCount() values.
std::string nameOfNotFinite(const nn::Network& network, std::span<const float> perParameter);

// Asks for these cache lines as their only owner, all at once: other threads have read them, and waiting at one store after
// the other cost a twelfth of a training step.
void askToWrite(std::span<float> values);

class GradientSum {
 public:
  explicit GradientSum(const nn::Network& network);
  static int mostSlots(std::size_t parameterCount);  // copies of the gradient that it makes at most

  // Makes room for mini-batches of `blocks` blocks; allocates only when there are more than ever before.
  void prepare(int blocks);
  int slotCount() const { return m_slots; }  // block b belongs to slot b % slotCount()
  std::span<float> slot(int index) { return m_buffers[std::size_t(index)].values(); }
  // Whether a thread that has just filled slot `previous` may add the block of slot `index` to it, instead of filling that one
  // as well: they are a pair, and a pair is added up first in any case. Where Layer::addsGradientsOnce(), both ways give the
  // same bits. The one saves a pass over the memory, the other lets two threads share the pair.
  bool mayJoin(int index, int previous) const { return m_joins && m_oneBlockEach && index % 2 == 1 && previous == index - 1; }
  void setJoined(int index, bool joined) { m_joined[std::size_t(index)] = joined; }  // for each slot, before reduce()

  // Part [begin, end) of the mean: the sum of all pairs of slots times `scale`. False when a value is not finite.
  bool reduce(std::size_t begin, std::size_t end, float scale);
  std::span<const float> mean() const { return m_mean.values(); }
  void scaleMean(std::size_t begin, std::size_t end, float factor);
  void clearMean();

 private:
  std::vector<nn::AlignedBlock> m_buffers;
  nn::AlignedBlock m_mean;
  std::vector<char> m_joined;  // per slot: its block was added to the slot before
  int m_slots = 0;
  int m_mostSlots;
  bool m_joins;
  bool m_oneBlockEach = false;
};

}  // namespace train
