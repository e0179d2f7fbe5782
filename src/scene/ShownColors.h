// The colors of an explanation as the scene has them: what a number of an input or of a kernel looks like there, it looks like on the
// unit's sheet, wherever the unit stands. Pure function.
#pragma once

#include "scene/Explanation.h"
#include "scene/SceneState.h"

namespace scene {

// Fills Explanation::inputScales and kernelScale from the scales that the scene shows values by (while it shows a trace, too); a layer
// that is folded away has the scale of its values. Leaves them empty where the state shows another network.
void takeScales(const SceneState& state, Explanation& explanation);

}  // namespace scene
