// Test images as if each had been drawn on the pad: enlarged, moved, turned, and sent the way a drawing goes.
#pragma once

#include <memory>

#include "data/Dataset.h"
#include "data/InputPipeline.h"

namespace cli {

struct PadJourney {
  int padPx = 280;
  float shiftPx = 0;  // in pixels of the 28x28 image, in eight directions in turn
  float scale = 1;
  float rotateDegrees = 0;  // to the left and to the right in turn
  bool likeMnist = true;    // as data::InputPipeline::prepare()
};

// The first `limit` images (0: all) of gray, square `dataset` as the network's pipeline prepares drawings.
std::shared_ptr<const data::Dataset> throughPad(const data::Dataset& dataset, const PadJourney& journey,
                                                const data::InputPipeline& pipeline, std::size_t limit, int threads);

}  // namespace cli
