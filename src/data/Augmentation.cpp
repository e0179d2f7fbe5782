#include "data/Augmentation.h"

#include <algorithm>
#include <cassert>

#include "nn/VectorClones.h"

namespace data {
namespace {

// The image with a border of paper around it, so that sampling needs no test per neighbor.
struct PaddedPlane {
  static constexpr int kBorder = 2;
  int width, height;
  float* values;

  int stride() const { return width + 2 * kBorder; }
  static std::size_t floats(const nn::Shape& shape) {
    return std::size_t(shape.width + 2 * kBorder) * std::size_t(shape.height + 2 * kBorder);
  }
  void load(std::span<const float> plane) {
    for (int y = 0; y < height; ++y)
      std::copy_n(plane.data() + std::size_t(y) * std::size_t(width), width, values + std::ptrdiff_t(y + kBorder) * stride() + kBorder);
  }
};

// Where the pixels of one row of the result come from; 0 is the center of the first pixel.
CONVSCOPE_VECTOR_CLONES void affineRow(const Affine& back, float firstX, float y, float middleX, float middleY, int count,
                                       float* __restrict sourceX, float* __restrict sourceY) {
  for (int column = 0; column < count; ++column) {
    const float x = float(column) + firstX;
    sourceX[column] = back.xx * x + back.xy * y + middleX;
    sourceY[column] = back.yx * x + back.yy * y + middleY;
  }
}

// Bilinear; beyond the image it is paper.
CONVSCOPE_VECTOR_CLONES void sampleRow(const PaddedPlane& plane, const float* __restrict sourceX, const float* __restrict sourceY,
                                       int count, float* __restrict target) {
  const float* const values = plane.values;
  const int stride = plane.stride();
  const float mostX = float(plane.width) + 0.5f, mostY = float(plane.height) + 0.5f;
  for (int i = 0; i < count; ++i) {
    const float x = std::min(std::max(sourceX[i], -1.5f), mostX) + PaddedPlane::kBorder;
    const float y = std::min(std::max(sourceY[i], -1.5f), mostY) + PaddedPlane::kBorder;
    const int column = int(x), row = int(y);
    const float u = x - float(column), v = y - float(row);
    const int corner = row * stride + column;
    const float upper = values[corner] + u * (values[corner + 1] - values[corner]);
    const float lower = values[corner + stride] + u * (values[corner + stride + 1] - values[corner + stride]);
    target[i] = upper + v * (lower - upper);
  }
}

std::size_t ownFloats() {
  std::size_t floats = 0;
  for (const Transform& transform : transforms()) floats += transform.ownFloats;
  return floats;
}

}  // namespace

float& Augmentation::operator[](std::string_view id) {
  const auto& rows = transforms();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Transform& transform) { return transform.id == id; });
  assert(row != rows.end());
  return amounts[std::size_t(row - rows.begin())];
}

bool Augmentation::any() const {
  return std::any_of(amounts.begin(), amounts.end(), [](float amount) { return amount != 0; });
}

Augmentation Augmentation::standard() {
  Augmentation usual;
  for (const Transform& transform : transforms()) usual[transform.id] = transform.usual;
  return usual;
}

std::size_t augmentScratchFloats(const nn::Shape& shape) {
  return PaddedPlane::floats(shape) + 2 * std::size_t(shape.width) + ownFloats();  // and where one row comes from, and what was drawn
}

void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result, std::span<float> scratch) {
  assert(image.size() == shape.size() && result.size() == shape.size() && scratch.size() == augmentScratchFloats(shape));
  if (!augmentation.any()) {
    std::copy(image.begin(), image.end(), result.begin());
    return;
  }
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width), width = std::size_t(shape.width);
  const std::span<float> padded = scratch.first(PaddedPlane::floats(shape)), drawn = scratch.last(ownFloats());
  const std::span<float> sourceX = scratch.subspan(padded.size(), width), sourceY = scratch.subspan(padded.size() + width, width);
  // Calls function(transform, its amount, its own numbers) for each.
  const auto forEach = [&, &rows = transforms()](const auto& function) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < rows.size(); begin += rows[i++].ownFloats)
      function(rows[i], augmentation.amounts[i], drawn.subspan(begin, rows[i].ownFloats));
  };
  Random random(key);
  Affine back;
  forEach([&](const Transform& transform, float amount, std::span<float> own) { transform.draw(amount, random, back, own); });

  const float middleX = float(shape.width - 1) / 2, middleY = float(shape.height - 1) / 2;
  std::fill(padded.begin(), padded.end(), 0.0f);
  PaddedPlane plane{shape.width, shape.height, padded.data()};
  for (int c = 0; c < shape.channels; ++c) {
    plane.load(image.subspan(std::size_t(c) * area, area));
    float* target = result.data() + std::size_t(c) * area;
    for (int row = 0; row < shape.height; ++row, target += shape.width) {
      affineRow(back, -middleX - back.shiftX, float(row) - middleY - back.shiftY, middleX, middleY, shape.width, sourceX.data(),
                sourceY.data());
      const float y = float(row) / std::max(1.0f, float(shape.height - 1));
      forEach([&](const Transform& transform, float amount, std::span<float> own) {
        if (transform.bend && amount != 0) transform.bend(own, y, sourceX, sourceY);
      });
      sampleRow(plane, sourceX.data(), sourceY.data(), shape.width, target);
    }
  }
  forEach([&](const Transform& transform, float amount, std::span<float> own) {
    if (transform.recolor && amount != 0) transform.recolor(own, result);
  });
}

}  // namespace data
