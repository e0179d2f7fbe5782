// Random numbers that depend on nothing but a seed and what they are for: whoever computes them, and when, gets the same.
#pragma once

#include <cstdint>

namespace train {

// SplitMix64 (Steele, Lea and Flood 2014).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

enum class Purpose : std::uint64_t { Shuffle = 1, Dropout = 2, Augment = 3, Probe = 4 };

constexpr std::uint64_t keyOf(std::uint64_t seed, Purpose purpose, std::uint64_t a, std::uint64_t b = 0) {
  return mixed(mixed(mixed(mixed(seed) + std::uint64_t(purpose)) + a) + b);
}

}  // namespace train
