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

// `image` and `result`: CHW of `shape`, 0..1, distinct; scratch: augmentScratchFloats(shape) floats. The same key gives the same change.
// Allocates nothing.
void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result, std::span<float> scratch);
std::size_t augmentScratchFloats(const nn::Shape& shape);

}  // namespace data
