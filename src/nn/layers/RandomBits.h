// The random numbers of dropout: a function of key and place alone, so that no mask has to be kept for the way back.
#pragma once

#include <cstdint>

namespace nn {

// Murmur3's finalizer: every input bit reaches every output bit.
inline std::uint32_t mixBits(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return x;
}

// 24 random bits for one place of one pass and node.
inline std::uint32_t randomBits(std::uint64_t key, std::uint32_t place) {
  return mixBits(mixBits(place + std::uint32_t(key)) ^ std::uint32_t(key >> 32)) >> 8;
}

}  // namespace nn
