// Walking through a network from unit to unit with the keyboard: beside, map by map, layer by layer. Pure functions.
#pragma once

#include <optional>

#include "scene/Layout.h"

namespace scene {

enum class Step {
  Left,  // the neighboring unit; past the rim, that of the next map
  Right,
  Up,
  Down,
  PreviousMap,  // the same place there
  NextMap,
  TowardsInput,  // the same relative place of the layer before, its first where there are several
  TowardsOutput,
};

// Nullopt where there is nothing that way. `unit` must exist. The result is a unit of its block's first node.
std::optional<UnitId> neighbor(const Layout& layout, const UnitId& unit, Step step);

}  // namespace scene
