// Random, label-preserving changes to a training image: shift, rotation, scale, skew and elastic distortion (Simard et
// al. 2003), applied as one resampling. The amounts are the largest, drawn uniformly from -amount..amount.
#pragma once

#include <cstdint>
#include <span>

#include "nn/Shape.h"

namespace data {

struct Augmentation {
  float shiftPx = 0;
  float rotateDegrees = 0;
  float scale = 0;      // 0.15: 0.85 .. 1.15
  float skew = 0;       // 0.2: up to 0.2 px sideways per px of height
  float elasticPx = 0;  // amplitude of a smooth displacement field
  bool any() const { return shiftPx != 0 || rotateDegrees != 0 || scale != 0 || skew != 0 || elasticPx != 0; }
  bool operator==(const Augmentation&) const = default;
  static Augmentation standard() { return {2.0f, 12.0f, 0.12f, 0.2f, 0.0f}; }
};

// `image` and `result`: CHW of `shape`, 0..1, distinct. The same key gives the same change.
void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result);
// The same in the caller's memory of augmentScratchFloats(shape) floats: allocates nothing.
void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result, std::span<float> scratch);
std::size_t augmentScratchFloats(const nn::Shape& shape);

}  // namespace data
