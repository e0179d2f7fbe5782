// How much of the world the labels of a layout take at the size that they are meant to have, so that blocks leave room for them.
// The overlay writes them in these sizes, within limits in pixels. Pure functions.
#pragma once

#include "scene/Layout.h"

namespace scene {

// Height of the type, world units.
inline constexpr float kNameType = 0.24f, kDimsShare = 0.84f, kKernelType = 0.19f, kLegendType = 0.165f;
inline constexpr float kLabelMargin = 0.3f;  // between a block and its labels

Vec2 nameExtent(const Block& block);    // name and size, one below the other
Vec2 kernelExtent(const Block& block);  // 0, 0 without kernels
Vec2 legendExtent(Arrangement arrangement);

}  // namespace scene
