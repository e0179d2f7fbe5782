// The order in which training meets its samples: every one once per epoch, shuffled anew for each. The order of an epoch
// depends on the seed and the epoch alone. Owned by a Trainer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace train {

class SampleOrder {
 public:
  SampleOrder(std::size_t count, std::uint64_t seed);

  void restart();  // back to the first epoch
  // The next mini-batch: `size` samples, or what is left of the epoch. Valid until advance().
  std::span<const std::uint32_t> batch(int size) const;
  void advance(std::size_t samples);

  std::uint64_t epoch() const { return m_epoch; }           // complete ones
  std::size_t position() const { return m_position; }       // samples of the present epoch that have been seen
  void restore(std::uint64_t epoch, std::size_t position);  // position: below the number of samples
  double fractionalEpoch() const { return double(m_epoch) + double(m_position) / double(m_order.size()); }

 private:
  void shuffle();

  std::vector<std::uint32_t> m_order;
  std::uint64_t m_seed;
  std::uint64_t m_epoch = 0;
  std::size_t m_position = 0;
};

// `count` different indices below `total` (all of them when there are fewer), chosen by the key, in ascending order.
std::vector<std::uint32_t> chooseSamples(std::size_t total, std::size_t count, std::uint64_t key);

}  // namespace train
