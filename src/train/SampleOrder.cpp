#include "train/SampleOrder.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "train/Keys.h"

namespace train {

namespace {

// Puts a random choice of `chosen` elements to the front, in random order (Fisher and Yates). Written out, since
// std::shuffle may give another order with another standard library.
void shuffleFront(std::vector<std::uint32_t>& values, std::size_t chosen, std::uint64_t key) {
  for (std::size_t i = 0; i < chosen && i + 1 < values.size(); ++i) {
    const std::uint64_t random = mixed(key + i) >> 32;
    const std::uint64_t left = values.size() - i;
    std::swap(values[i], values[i + std::size_t(random * left >> 32)]);
  }
}

}  // namespace

SampleOrder::SampleOrder(std::size_t count, std::uint64_t seed) : m_order(count), m_seed(seed) {
  assert(count > 0);
  shuffle();
}

void SampleOrder::restart() {
  m_epoch = 0;
  m_position = 0;
  shuffle();
}

void SampleOrder::restore(std::uint64_t epoch, std::size_t position) {
  assert(position < m_order.size());
  m_epoch = epoch;
  m_position = position;
  shuffle();
}

std::span<const std::uint32_t> SampleOrder::batch(int size) const {
  const std::size_t left = m_order.size() - m_position;
  return std::span(m_order).subspan(m_position, std::min(left, std::size_t(std::max(1, size))));
}

void SampleOrder::advance(std::size_t samples) {
  m_position += samples;
  assert(m_position <= m_order.size());
  if (m_position < m_order.size()) return;
  m_position = 0;
  ++m_epoch;
  shuffle();
}

void SampleOrder::shuffle() {
  std::iota(m_order.begin(), m_order.end(), 0u);
  shuffleFront(m_order, m_order.size(), keyOf(m_seed, Purpose::Shuffle, m_epoch));
}

std::vector<std::uint32_t> chooseSamples(std::size_t total, std::size_t count, std::uint64_t key) {
  std::vector<std::uint32_t> indices(total);
  std::iota(indices.begin(), indices.end(), 0u);
  if (count >= total) return indices;
  shuffleFront(indices, count, key);
  indices.resize(count);
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace train
