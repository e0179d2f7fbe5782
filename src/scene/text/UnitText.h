// Units of a scene in words: where they stand, what they are worth, and what is the matter with them. For tags and menus, and for whoever
// does not see the picture: the status line, the clipboard, screen readers. Pure functions; UTF-8, English. Units and picks must exist.
#pragma once

#include <string>

#include "scene/SceneState.h"

namespace scene {

// "conv1 · map 3, row 7, column 12", counted from 1; for an output its class; for a weight its kernel.
std::string describe(const SceneState& state, const UnitId& unit);
std::string describe(const SceneState& state, const Pick& pick);
// What a trace leads from: "class 3", "class 3 − class 8", or the unit's name; empty where nothing is traced.
std::string tracedName(const SceneState& state);
// "dead: zero for all 256 sample pictures", "saturated: ..."; empty for a unit at work.
std::string conditionOf(const SceneState& state, const UnitId& unit);
// The value that the scene has of a unit, whatever its cell shows; 0 without values.
float shownValue(const SceneState& state, const UnitId& unit);
// Such a value in words (scene/text/Formula.h): "0.84", "> 0.9999".
std::string valueWords(const SceneState& state, const UnitId& unit, float value);
// "conv1 · map 3, row 7, column 12: 0.84; strongest input: input · row 8, column 13, 0.52 × 1.2". Strongest is the largest
// |contribution|. Without values the place alone.
std::string tell(const SceneState& state, const UnitId& unit);

}  // namespace scene
