#include "scene/Labels.h"

#include <algorithm>
#include <string>

namespace scene {
namespace {

constexpr float kLetter = 0.62f;      // mean width of a letter, of the height of the type
constexpr float kBoldLetter = 0.69f;  // the same of a bold one
constexpr float kLine = 1.2f;         // height of a line
constexpr float kLegendWidth = 1.35f, kNarrowLegend = 0.95f, kLegendHeight = 0.5f;

float letters(const std::string& text) {
  return float(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Vec2 nameExtent(const Block& block) {
  return {std::max(letters(block.name) * kBoldLetter, letters(block.dims) * kLetter * kDimsShare) * kNameType,
          kNameType * (1 + kDimsShare) * kLine};
}

Vec2 kernelExtent(const Block& block) {
  if (block.kernelDims.empty()) return {};
  return {std::max(7.0f, letters(block.kernelDims)) * kLetter * kKernelType, 2 * kKernelType * kLine};
}

Vec2 legendExtent(Arrangement arrangement) {
  return {arrangement == Arrangement::Rightward ? kNarrowLegend : kLegendWidth, kLegendHeight};
}

}  // namespace scene
