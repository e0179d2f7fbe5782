#include "scene/Scales.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace scene {
namespace {

constexpr float kNothing = 1e-30f;  // a smaller number has no reciprocal
constexpr float kFaint = 1e-4f;     // of the layer's largest: less is noise, which is not blown up

// Of many cells in lanes beside each other, which the compiler makes vector instructions of. What is not finite counts as zero.
float largestOf(std::span<const float> cells, bool& negative) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> low{}, high{};
  const auto take = [](float& least, float& most, float v) {
    v = std::abs(v) <= std::numeric_limits<float>::max() ? v : 0;
    least = v < least ? v : least;
    most = v > most ? v : most;
  };
  std::size_t i = 0;
  for (; i + kLanes <= cells.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(low[lane], high[lane], cells[i + lane]);
  for (; i < cells.size(); ++i) take(low[0], high[0], cells[i]);
  const float least = *std::min_element(low.begin(), low.end());
  negative = least < 0;
  return std::max(*std::max_element(high.begin(), high.end()), -least);
}

Scale scaleUpTo(float most, bool diverging) {
  const float high = most > kNothing ? most : 1;
  return {diverging ? -high : 0, high, diverging, false};
}

Scale scaleOf(std::span<const float> cells, bool signedValues) {
  bool negative = false;
  const float most = largestOf(cells, negative);
  Scale scale = scaleUpTo(most, signedValues || negative);
  scale.nothing = most == 0 && std::all_of(cells.begin(), cells.end(), [](float v) { return v == 0; });
  return scale;
}

void widen(std::vector<Scale>& scales) {
  float most = 0;
  for (const Scale& scale : scales) most = std::max(most, scale.high);
  for (Scale& scale : scales) scale = scaleUpTo(most, scale.diverging);
}

}  // namespace

std::string_view scopeName(ScaleScope scope) {
  static constexpr std::array<std::string_view, kScaleScopeCount> kNames = {"map", "layer", "network"};
  return kNames[std::size_t(scope)];
}

std::vector<Scale> unitScales(const Layout& layout, std::span<const float> cells, ScaleScope scope) {
  std::vector<Scale> scales;
  for (const Block& block : layout.blocks) {
    Scale scale = scaleOf(cells.subspan(block.firstCell, block.cellCount()), !block.nonNegative && !block.isInput);
    if (block.unitRange) scale = {0, 1, false};
    if (block.isInput && !scale.diverging) scale = {0, std::max(scale.high, 1.0f), false};
    scales.push_back(scale);
  }
  if (scope == ScaleScope::Network) widen(scales);
  return scales;
}

std::vector<Scale> kernelScales(const Layout& layout, std::span<const float> cells, ScaleScope scope) {
  std::vector<Scale> scales;
  for (const Block& block : layout.blocks) {
    std::size_t begin = 0, count = 0;
    for (int i = 0; i < block.kernelSheetCount; ++i) {
      const Sheet& sheet = layout.sheets[std::size_t(block.firstKernelSheet + i)];
      if (i == 0) begin = sheet.firstCell;
      count += std::size_t(sheet.count);
    }
    scales.push_back(scaleOf(cells.subspan(begin, count), true));
    if (count == 0) scales.back() = {0, 0, true};
  }
  if (scope == ScaleScope::Network) widen(scales);
  for (Scale& scale : scales)
    if (scale.high <= scale.low) scale = scaleUpTo(0, true);
  return scales;
}

Scale fieldScale(std::span<const float> numbers, bool isSigned, double within) {
  std::vector<float> sizes;
  for (const float number : numbers)
    if (number != 0) sizes.push_back(std::abs(number));
  if (sizes.empty()) return {isSigned ? -1.0f : 0.0f, 1, isSigned, true};
  const auto at = sizes.begin() + std::ptrdiff_t(double(sizes.size() - 1) * (sizes.size() > 24 ? within : 1.0));
  std::nth_element(sizes.begin(), at, sizes.end());
  const bool exceeded = std::any_of(at, sizes.end(), [end = *at](float size) { return size > end; });
  return {isSigned ? -*at : 0.0f, *at, isSigned, false, exceeded};
}

void sheetScales(const Layout& layout, std::span<const float> cells, int first, int count, const Scale& block, std::span<Scale> scales) {
  for (int i = first; i < first + count; ++i) {
    const Sheet& sheet = layout.sheets[std::size_t(i)];
    const Block& of = layout.blocks[std::size_t(sheet.block)];
    const bool kernels = sheet.kind == Sheet::Kind::Kernels;
    Scale& scale = scales[std::size_t(i)];
    scale = block;
    if (sheet.kind == Sheet::Kind::Vector || sheet.kind == Sheet::Kind::Slab || (!kernels && (of.unitRange || of.isInput))) continue;
    bool negative = false;
    const float most = largestOf(cells.subspan(sheet.firstCell, std::size_t(sheet.count)), negative);
    if (most > std::max(kNothing, kFaint * block.high)) scale = scaleUpTo(most, block.diverging);
  }
}

}  // namespace scene
