// Where a layout leaves room for labels. Tests only.
#pragma once

#include <vector>

#include "scene/Labels.h"

namespace scene_test {

// Left and right of the middle of an upright block's side, or below and above the middle of a turned one's.
inline void addBoxes(bool turned, const scene::Vec3& nameAt, const scene::Vec2& name, const scene::Vec3& legendAt,
                     const scene::Vec2& legend, std::vector<scene::Box>& boxes) {
  const auto box = [&](const scene::Vec3& middle, const scene::Vec2& size) {
    scene::Box result;
    result.add({middle.x - size.x / 2, middle.y - size.y / 2, middle.z});
    result.add({middle.x + size.x / 2, middle.y + size.y / 2, middle.z});
    boxes.push_back(result);
  };
  if (turned) {
    box(nameAt - scene::Vec3{0, scene::kLabelMargin + name.y / 2, 0}, name);
    box(legendAt + scene::Vec3{0, scene::kLabelMargin + legend.y / 2, 0}, legend);
  } else {
    box(nameAt - scene::Vec3{scene::kLabelMargin + name.x / 2, 0, 0}, name);
    box(legendAt + scene::Vec3{scene::kLabelMargin + legend.x / 2, 0, 0}, legend);
  }
}

// The boxes of all labels and legends in the world, facing the person; two per block and two per block with kernels.
inline std::vector<scene::Box> labelBoxes(const scene::Layout& layout) {
  std::vector<scene::Box> boxes;
  const bool turned = layout.arrangement == scene::Arrangement::Rightward;
  const scene::Vec2 legend = legendExtent(layout.arrangement);
  for (const scene::Block& block : layout.blocks) {
    addBoxes(turned, block.labelAnchor, nameExtent(block), block.legendAnchor, legend, boxes);
    if (block.kernelSheetCount > 0) addBoxes(turned, block.kernelLabelAnchor, kernelExtent(block), block.kernelLegendAnchor, legend, boxes);
  }
  return boxes;
}

}  // namespace scene_test
