// A unit in words, for whoever does not see the picture: the status line, the clipboard, screen readers. Pure function.
#pragma once

#include <string>

#include "scene/SceneState.h"

namespace scene {

// "conv1 · map 3, row 7, column 12: 0.84; strongest input: input · row 8, column 13, 0.52 × 1.2". Strongest is the largest
// |contribution|. Without values the place alone. `unit` must exist.
std::string tell(const SceneState& state, const UnitId& unit);

}  // namespace scene
