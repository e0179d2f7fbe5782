// Which class a scene's network decides for. Pure functions of what the scene shows.
#pragma once

#include "scene/SceneState.h"

namespace scene {

// The first output says what class the input belongs to (analysis/Answer.h), and the model was read whole.
bool namesClasses(const SceneState& state);
// The unit with the largest value of the network's first output; -1 at rest, where several are the largest, and where that names no class.
int winner(const SceneState& state);
// The same of any block that is an output: each that has classes has a winner of its own.
int winnerOf(const SceneState& state, int block);

}  // namespace scene
