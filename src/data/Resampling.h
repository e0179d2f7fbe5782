// One separable resampler for everything in this room that changes an image's size. Pure functions, any thread.
#pragma once

#include <span>

namespace data {

// What part of the source, in source pixels (0 is the outer edge of the first pixel), fills the target.
struct SourceWindow {
  float left = 0, top = 0, right = 0, bottom = 0;
};

// Area average when the image shrinks, linear interpolation when it grows. What lies outside of the source counts as 0.
// `source`: sourceWidth x sourceHeight, row by row; `target`: targetWidth x targetHeight, overwritten.
void resample(std::span<const float> source, int sourceWidth, int sourceHeight, const SourceWindow& window, std::span<float> target,
              int targetWidth, int targetHeight);

}  // namespace data
