// Random numbers that depend on nothing but a seed and what they are for: whoever computes them, and when, gets the same.
#pragma once

#include <cstdint>

#include "nn/SplitMix64.h"

namespace train {

using nn::mixed;

enum class Purpose : std::uint64_t { Shuffle = 1, Dropout = 2, Augment = 3, Probe = 4, Corrupt = 5 };

constexpr std::uint64_t keyOf(std::uint64_t seed, Purpose purpose, std::uint64_t a, std::uint64_t b = 0) {
  return mixed(mixed(mixed(mixed(seed) + std::uint64_t(purpose)) + a) + b);
}

}  // namespace train
