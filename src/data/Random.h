// The random numbers of this room: xoshiro256++ seeded through splitmix64 (Blackman and Vigna 2018, both in the public
// domain). Unlike the distributions of the standard library, the same seed gives the same numbers on every machine.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "nn/SplitMix64.h"

namespace data {

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : m_state) word = seed = nn::mixed(seed);
  }
  std::uint64_t bits() {
    const std::uint64_t result = std::rotl(m_state[0] + m_state[3], 23) + m_state[0];
    const std::uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
  }
  float unit() { return float(bits() >> 40) * 0x1p-24f; }  // 0 <= value < 1
  float uniform(float low, float high) { return low + (high - low) * unit(); }
  float around(float amount) { return uniform(-amount, amount); }
  bool chance(float probability) { return unit() < probability; }
  std::size_t below(std::size_t count) { return std::size_t((static_cast<unsigned __int128>(bits()) * count) >> 64); }
  // Roughly normal (the sum of four uniform values), mean 0, deviation 1, never beyond 3.5: no wild outliers.
  float normal() { return (unit() + unit() + unit() + unit() - 2.0f) * 1.7320508f; }

 private:
  std::uint64_t m_state[4];
};

}  // namespace data
