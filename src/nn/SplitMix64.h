// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): 64 bits mixed so well that counting numbers become random ones, the same
// on every machine. What needs a seed or a key that depends on nothing but what it is for takes it from here. Any thread.
#pragma once

#include <cstdint>

namespace nn {

constexpr std::uint64_t kSplitMixStep = 0x9e3779b97f4a7c15u;

// One step of the generator whose state is x.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += kSplitMixStep;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace nn
