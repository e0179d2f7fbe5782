// A set of labeled images as plain data: bytes, CHW, 0 is background. Immutable once shared; every source (IDX files,
// the stroke generator, an image folder) ends in one of these.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nn/Shape.h"

namespace data {

struct Dataset {
  std::string name;
  nn::Shape shape;                   // of one image
  std::vector<std::uint8_t> pixels;  // count() * shape.size()
  std::vector<std::uint8_t> labels;
  std::vector<std::string> classNames;  // size is the number of classes
  std::vector<std::string> notes;       // what was left out when it was read, a sentence each; mostly empty

  std::size_t count() const { return labels.size(); }
  std::span<const std::uint8_t> image(std::size_t index) const { return std::span(pixels).subspan(index * shape.size(), shape.size()); }
};

// What training uses. The test set is never trained on; validation is held out of the training set.
struct DataSplit {
  std::shared_ptr<const Dataset> train;
  std::shared_ptr<const Dataset> validation;
  std::shared_ptr<const Dataset> test;  // may be null
  std::vector<std::string> notes;       // of all of them
};

// Holds `share` (0..1) of `all` out for validation, every class alike, chosen by `seed`.
DataSplit holdOut(const Dataset& all, double share, std::uint64_t seed, std::shared_ptr<const Dataset> test = nullptr);

}  // namespace data
