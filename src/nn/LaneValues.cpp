#include "nn/LaneValues.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "nn/VectorClones.h"

namespace nn {

namespace {

using Bytes [[gnu::vector_size(kLanes)]] = std::uint8_t;

// Sixteen bytes of sixteen pictures, one picture per row, become one pixel per row. Four times the two halves of the rows are
// interleaved, which moves the row number's highest bit to the bottom of the column number.
void transpose(Bytes (&rows)[kLanes]) {
  for (int round = 0; round < 4; ++round) {
    Bytes mixed[kLanes];
    for (int i = 0; i < kLanes / 2; ++i) {
      mixed[2 * i] = __builtin_shufflevector(rows[i], rows[i + kLanes / 2], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      mixed[2 * i + 1] =
          __builtin_shufflevector(rows[i], rows[i + kLanes / 2], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    std::copy_n(mixed, kLanes, rows);
  }
}

void writeCell(const std::uint8_t* bytes, float scale, float* __restrict cell) {
  for (int lane = 0; lane < kLanes; ++lane) cell[lane] = float(bytes[lane]) * scale;
}

CONVSCOPE_VECTOR_CLONES void writeGroup(const std::uint8_t* const* images, std::size_t first, float scale, float* cell) {
  Bytes rows[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) std::memcpy(&rows[lane], images[lane] + first, kLanes);
  transpose(rows);
  std::uint8_t pixels[kLanes][kLanes];
  std::memcpy(pixels, rows, sizeof pixels);
  for (int pixel = 0; pixel < kLanes; ++pixel) writeCell(pixels[pixel], scale, cell + pixel * kLanes);
}

// One row of pixels, from `first` on in each picture.
void writeRow(const std::uint8_t* const* images, std::size_t first, int count, float scale, float* cell) {
  if (count < kLanes) {
    for (int x = 0; x < count; ++x) {
      std::uint8_t pixel[kLanes];
      for (int lane = 0; lane < kLanes; ++lane) pixel[lane] = images[lane][first + std::size_t(x)];
      writeCell(pixel, scale, cell + x * kLanes);
    }
    return;
  }
  // The last group ends with the row, and may do some pixels twice.
  for (int x = 0;; x = std::min(x + kLanes, count - kLanes)) {
    writeGroup(images, first + std::size_t(x), scale, cell + x * kLanes);
    if (x + kLanes == count) return;
  }
}

void clearCells(const Tensor& tensor, int channel, int row, int first, int last) {
  if (last > first) std::fill_n(tensor.at(channel, row, first), std::size_t(last - first) * kLanes, 0.0f);
}

}  // namespace

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

void writeByteImages(const std::uint8_t* const* images, const Shape& shape, float scale, const Tensor& tensor) {
  const Shape& to = tensor.shape;
  const int top = (to.height - shape.height) / 2, left = (to.width - shape.width) / 2;
  for (int c = 0; c < to.channels; ++c) {
    for (int y = 0; y < to.height; ++y) {
      if (y < top || y >= top + shape.height) {
        clearCells(tensor, c, y, 0, to.width);
        continue;
      }
      clearCells(tensor, c, y, 0, left);
      const std::size_t first = flatIndex(shape, {c, y - top, 0});
      writeRow(images, first, shape.width, scale, tensor.at(c, y, left));
      clearCells(tensor, c, y, left + shape.width, to.width);
    }
  }
}

}  // namespace nn
