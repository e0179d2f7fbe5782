// How the levels of a network are folded into stages that stand beside each other, each read as the one before, so that a deep network
// fills a picture instead of becoming a thread. Private to the layout; pure functions.
#pragma once

#include <vector>

#include "scene/ViewShape.h"

namespace scene {

// What one level takes, in world units.
struct LevelExtent {
  float along = 0;               // of the flow, the gap to the next level included
  float half = 0;                // across the flow, from the middle of its stage to either side
  float names = 0, legends = 0;  // beside that, on the one side and on the other
  bool resized = false;          // here the network goes on at another resolution: a good level to begin a stage with
  int ways = 1;                  // that lead over the border before the level: the fewer the better to begin with
};

struct Stage {
  int first = 0;                 // level
  float half = 0;                // of its levels
  float names = 0, legends = 0;  // as they are written where all is in view: type has a least size in pixels
};

struct Stages {
  std::vector<Stage> stages;
  float scale = 0;  // at which all of it fits a picture that is 1 high
};

// shape: of the picture. rightward: the flow goes along the picture's width, and stages stand below each other.
// One stage, unless all can be shown much larger in several.
Stages chooseStages(const std::vector<LevelExtent>& levels, ViewShape shape, bool rightward, float gap);

}  // namespace scene
