// The numbers that the ends of a color map stand for: of each map alone, of each layer, or one for the whole network. Zero is
// the middle of every diverging scale and the lower end of every other. Pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "scene/Layout.h"

namespace scene {

struct Scale {
  float low = 0, high = 1;
  bool diverging = false;
  bool nothing = false;   // all that it is of is zero: its ends say nothing
  bool exceeded = false;  // numbers lie beyond its ends, and have their colors
  float position(float value) const { return (value - low) / (high - low); }
  float value(float position) const { return low + position * (high - low); }
  bool operator==(const Scale&) const = default;
};

enum class ScaleScope { Map, Layer, Network };
inline constexpr int kScaleScopeCount = 3;
std::string_view scopeName(ScaleScope scope);  // "map", "layer", "network"

// From the displayed cells (cellCount of them): one scale per block for its units, or for its kernels. Network: all the same
// numbers, the largest of any block; Map: as Layer, for sheetScales() says more.
std::vector<Scale> unitScales(const Layout& layout, std::span<const float> cells, ScaleScope scope = ScaleScope::Layer);
std::vector<Scale> kernelScales(const Layout& layout, std::span<const float> cells, ScaleScope scope = ScaleScope::Layer);

// Of numbers in place of activations, such as a gradient. A few are far larger than the others, and have the color of the end. Signed:
// zero in the middle; else it is the lower end, and no number is negative. `within`: the share of those that are not zero which lie below
// the end.
Scale fieldScale(std::span<const float> numbers, bool isSigned = true, double within = 0.94);

// The scales of a block's sheets from `first` on, for ScaleScope::Map, from the scale of their block: each map, and all kernels
// that lead into one map, for itself. What is next to nothing keeps the block's scale, and so do the pieces of a dense
// layer and values that lie in 0..1 by construction.
void sheetScales(const Layout& layout, std::span<const float> cells, int first, int count, const Scale& block, std::span<Scale> scales);

}  // namespace scene
