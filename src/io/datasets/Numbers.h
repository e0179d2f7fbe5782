// What tables and arrays of numbers mean as images and labels: which numbers are black and white, how the numbers of one image lie, and
// which classes there are. Each guess is told. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/Dataset.h"
#include "nn/Shape.h"

namespace io {

// From numbers to bytes.
struct ValueScale {
  double black = 0, white = 255;
  std::uint8_t byteOf(double value) const;
};
// What is seen of all values of the images of a set.
struct ValueRange {
  double least = 0, most = 0;
  bool whole = true, finite = true, any = false;
  void add(double value);
};
// Throws, as about `where`, where a value is no number. Where `scale` is decided already it stays; else it is decided, and told in `notes`.
const ValueScale& scaleOf(const ValueRange& range, const std::string& where, std::optional<ValueScale>& scale,
                          std::vector<std::string>& notes);

struct ImageLayout {
  nn::Shape shape;
  bool channelsLast = false;
  std::string note;  // empty where the sizes say it
};
// Of the sizes behind the first, which counts the images.
std::optional<ImageLayout> layoutOf(std::span<const std::size_t> sizes);
// Where a value of an image that lies in this way goes among planes.
std::size_t planeIndex(const ImageLayout& layout, std::size_t at);

// The labels and class names of a set from what its file calls each image's class: numbers stay numbers where they begin near 0 and leave
// few out; else each name is a class, in the order in which people count.
void labelBy(const std::vector<std::string>& names, data::Dataset& set, const std::string& where);

}  // namespace io
