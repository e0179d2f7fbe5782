#include "nn/LaneValues.h"

#include <cassert>

namespace nn {

void writeLane(std::span<const float> values, const Tensor& tensor, int lane) {
  assert(values.size() == tensor.shape.size());
  const float* next = values.data();
  for (int c = 0; c < tensor.shape.channels; ++c)
    for (int y = 0; y < tensor.shape.height; ++y) {
      float* row = tensor.at(c, y, 0) + lane;
      for (int x = 0; x < tensor.shape.width; ++x) row[std::ptrdiff_t(x) * tensor.lanes] = *next++;
    }
}

// Cell by cell, so that what is written lies side by side.
void writeAllLanes(const float* const* samples, const Tensor& tensor) {
  std::size_t next = 0;
  for (int c = 0; c < tensor.shape.channels; ++c)
    for (int y = 0; y < tensor.shape.height; ++y) {
      float* __restrict cell = tensor.at(c, y, 0);
      for (int x = 0; x < tensor.shape.width; ++x, ++next, cell += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) cell[lane] = samples[lane][next];
    }
}

void readLane(const ConstTensor& tensor, int lane, std::span<float> values) {
  assert(values.size() == tensor.shape.size());
  float* next = values.data();
  for (int c = 0; c < tensor.shape.channels; ++c)
    for (int y = 0; y < tensor.shape.height; ++y) {
      const float* row = tensor.at(c, y, 0) + lane;
      for (int x = 0; x < tensor.shape.width; ++x) *next++ = row[std::ptrdiff_t(x) * tensor.lanes];
    }
}

}  // namespace nn
