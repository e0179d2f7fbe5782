// Test images as if each had been drawn on the pad: enlarged, moved, turned, and sent the way a drawing goes.
#pragma once

#include <memory>

#include "data/Dataset.h"
#include "data/Preprocessing.h"

namespace cli {

struct PadJourney {
  int padPx = 280;
  float shiftPx = 0;  // in pixels of the 28x28 image, in eight directions in turn
  float scale = 1;
  float rotateDegrees = 0;  // to the left and to the right in turn
  data::PreprocessingOptions preprocessing;
};

// The first `limit` images (0: all) of gray, square `dataset` as 28x28 pictures, what the network would receive.
std::shared_ptr<const data::Dataset> throughPad(const data::Dataset& dataset, const PadJourney& journey, std::size_t limit, int threads);

}  // namespace cli
