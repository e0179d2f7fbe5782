// Draws a skeleton's strokes as ink: the distance to the line decides how dark a pixel is. Pure; any thread.
#pragma once

#include <span>

#include "data/Preprocessing.h"
#include "data/Skeleton.h"

namespace data {

// One piece of a stroke, in pixels; the pen's radius changes evenly along it.
struct PenSegment {
  Point from, to;
  float fromRadius = 1, toRadius = 1;
};

// Adds one piece of ink to `drawing`, anti-aliased: from full to none across `softnessPx`. Where pieces meet, the darker counts.
void drawSegment(const PenSegment& segment, float softnessPx, GrayImage& drawing);

}  // namespace data
