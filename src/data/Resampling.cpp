#include "data/Resampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace data {
namespace {

// The source pixels under one target pixel, with their weights in Taps::weights.
struct Run {
  int first = 0;
  int count = 0;
  std::size_t weights = 0;
};

struct Taps {
  std::vector<Run> runs;
  std::vector<float> weights;
  int first = 0, last = 0;  // the source pixels that any target pixel uses: first <= i < last
};

// A box as wide as one target pixel, but at least one source pixel: the latter makes growing a linear interpolation.
Taps boxTaps(float from, float to, int sourceSize, int targetSize) {
  Taps taps;
  taps.runs.reserve(std::size_t(targetSize));
  const float step = (to - from) / float(targetSize);
  const float width = std::max(step, 1.0f);
  taps.first = sourceSize;
  for (int i = 0; i < targetSize; ++i) {
    const float center = from + (float(i) + 0.5f) * step;
    const float low = std::clamp(center - width / 2, 0.0f, float(sourceSize));
    const float high = std::clamp(center + width / 2, 0.0f, float(sourceSize));
    Run run{int(low), 0, taps.weights.size()};
    for (int k = run.first; float(k) < high && k < sourceSize; ++k) {
      taps.weights.push_back((std::min(float(k + 1), high) - std::max(float(k), low)) / width);
      ++run.count;
    }
    if (run.count > 0) {
      taps.first = std::min(taps.first, run.first);
      taps.last = std::max(taps.last, run.first + run.count);
    }
    taps.runs.push_back(run);
  }
  return taps;
}

}  // namespace

void resample(std::span<const float> source, int sourceWidth, int sourceHeight, const SourceWindow& window, std::span<float> target,
              int targetWidth, int targetHeight) {
  assert(source.size() == std::size_t(sourceWidth) * std::size_t(sourceHeight));
  assert(target.size() == std::size_t(targetWidth) * std::size_t(targetHeight));
  std::fill(target.begin(), target.end(), 0.0f);
  const Taps across = boxTaps(window.left, window.right, sourceWidth, targetWidth);
  const Taps down = boxTaps(window.top, window.bottom, sourceHeight, targetHeight);
  if (across.first >= across.last || down.first >= down.last) return;
  // First down, whole rows at a time (long vector loops), then across on the few rows that are left.
  std::vector<float> row(std::size_t(sourceWidth), 0.0f);
  const std::size_t used = std::size_t(across.last - across.first);
  for (int y = 0; y < targetHeight; ++y) {
    const Run& rows = down.runs[std::size_t(y)];
    if (rows.count == 0) continue;
    float* sums = row.data() + across.first;
    std::fill_n(sums, used, 0.0f);
    for (int k = 0; k < rows.count; ++k) {
      const float weight = down.weights[rows.weights + std::size_t(k)];
      const float* line = source.data() + std::size_t(rows.first + k) * std::size_t(sourceWidth) + across.first;
      for (std::size_t x = 0; x < used; ++x) sums[x] += weight * line[x];
    }
    for (int x = 0; x < targetWidth; ++x) {
      const Run& run = across.runs[std::size_t(x)];
      float sum = 0;
      for (int k = 0; k < run.count; ++k) sum += across.weights[run.weights + std::size_t(k)] * row[std::size_t(run.first + k)];
      target[std::size_t(y) * std::size_t(targetWidth) + std::size_t(x)] = sum;
    }
  }
}

}  // namespace data
