// What the person points at, has pinned and wants to know of it. Plain value: the workbench's Selection (ui/model) decides, a scene
// is given a copy.
#pragma once

#include <optional>

#include "scene/Highlight.h"
#include "scene/Picking.h"
#include "scene/Pins.h"

namespace scene {

struct Selection {
  Pins pins;
  std::optional<Pick> hovered;     // under the pointer, in the scene or in another panel
  std::optional<Pick> heldWeight;  // of a kernel: its edges stay while nothing is hovered
  ConnectionOptions connectionOptions;
  const std::optional<UnitId>& pinned() const { return pins.current; }
};

}  // namespace scene
