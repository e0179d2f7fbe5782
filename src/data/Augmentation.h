// Random, label-preserving changes to a training image: the transforms of the catalogue (data/Transform.h), each by its amount, composed
// into one resampling. The amounts are the largest, drawn uniformly from -amount..amount. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/Transform.h"
#include "nn/Shape.h"

namespace data {

struct Augmentation {
  std::vector<float> amounts = std::vector<float>(transforms().size());  // of each transform, in their order; 0 for none

  float& operator[](std::string_view id);  // of a transform that there is
  bool any() const;
  bool operator==(const Augmentation&) const = default;
  static Augmentation standard();  // the usual amounts
};

// `image` and `result`: CHW of `shape`, 0..1, distinct. The same key gives the same change.
void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result);
// The same in the caller's memory of augmentScratchFloats(shape) floats: allocates nothing.
void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result, std::span<float> scratch);
std::size_t augmentScratchFloats(const nn::Shape& shape);

// What one transform alone does to an image, by up to `amount`: with each key another example.
void preview(const Transform& transform, float amount, std::span<const float> image, const nn::Shape& shape, std::uint64_t key,
             std::span<float> result);

}  // namespace data
