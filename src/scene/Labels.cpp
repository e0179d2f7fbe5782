#include "scene/Labels.h"

namespace scene {
namespace {

constexpr float kLetter = 0.62f;      // mean width of a letter, of the height of the type
constexpr float kBoldLetter = 0.69f;  // the same of a bold one
constexpr float kLine = 1.2f;         // height of a line
constexpr float kLegendWidth = 1.35f, kNarrowLegend = 0.95f, kLegendHeight = 0.5f;

float letters(const std::string& text) {
  return float(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Left and right of the middle of an upright block's side, or below and above the middle of a turned one's.
void addBoxes(bool turned, const Vec3& nameAt, const Vec2& name, const Vec3& legendAt, const Vec2& legend, std::vector<Box>& boxes) {
  const auto box = [&](const Vec3& middle, const Vec2& size) {
    Box result;
    result.add({middle.x - size.x / 2, middle.y - size.y / 2, middle.z});
    result.add({middle.x + size.x / 2, middle.y + size.y / 2, middle.z});
    boxes.push_back(result);
  };
  if (turned) {
    box(nameAt - Vec3{0, kLabelMargin + name.y / 2, 0}, name);
    box(legendAt + Vec3{0, kLabelMargin + legend.y / 2, 0}, legend);
  } else {
    box(nameAt - Vec3{kLabelMargin + name.x / 2, 0, 0}, name);
    box(legendAt + Vec3{kLabelMargin + legend.x / 2, 0, 0}, legend);
  }
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

std::vector<Box> labelBoxes(const Layout& layout) {
  std::vector<Box> boxes;
  const bool turned = layout.arrangement == Arrangement::Rightward;
  const Vec2 legend = legendExtent(layout.arrangement);
  for (const Block& block : layout.blocks) {
    addBoxes(turned, block.labelAnchor, nameExtent(block), block.legendAnchor, legend, boxes);
    if (block.kernelSheetCount > 0) addBoxes(turned, block.kernelLabelAnchor, kernelExtent(block), block.kernelLegendAnchor, legend, boxes);
  }
  return boxes;
}

}  // namespace scene
