// A set of labeled images as plain data: bytes, CHW, 0 is background. Immutable once shared; every source (IDX files,
// the stroke generator, an image folder) ends in one of these. A part of a set, as what is held out of it, is a list of which of its
// images, with their labels: the pixels stay with the whole set.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/Pixels.h"
#include "nn/Shape.h"

namespace data {

// The number of a class. Above 65,000 of them a label does not go.
using Label = std::uint16_t;

struct Dataset {
  std::string name;
  nn::Shape shape;  // of one image
  Pixels pixels;    // count() * shape.size(); a part has none
  std::vector<Label> labels;
  std::vector<std::string> classNames;   // size is the number of classes
  std::vector<std::string> notes;        // what was left out when it was read, a sentence each; mostly empty
  std::shared_ptr<const Dataset> whole;  // of a part: the set that it is taken from, no part itself
  std::vector<std::uint32_t> indices;    // of a part: its images among those of the whole, count() of them

  std::size_t count() const { return labels.size(); }
  std::span<const std::uint8_t> image(std::size_t index) const {
    if (whole) return whole->image(indices[index]);
    return std::span(pixels).subspan(index * shape.size(), shape.size());
  }
};

// The images of a set with these indices, in this order. Keeps the whole set in memory as long as it lives.
std::shared_ptr<const Dataset> partOf(const std::shared_ptr<const Dataset>& set, std::span<const std::uint32_t> indices);

// What training uses. The test set is never trained on; training and validation are parts of one set.
struct DataSplit {
  std::shared_ptr<const Dataset> train;
  std::shared_ptr<const Dataset> validation;
  std::shared_ptr<const Dataset> test;  // may be null
  std::vector<std::string> notes;       // of all of them
};

// Which of the training images are for what.
struct Shares {
  double validation = 0.1;  // of all, held out
  double training = 1;      // of the others: that are trained on
  double labelNoise = 0;    // of these: that are given the label of another class, so that it can be seen what learning by heart is
  bool operator==(const Shares&) const = default;
};

// Trains on a share of the training images, of every class alike and of each at least one, and with a share of wrong labels, all chosen by
// `seed`; says so in the notes. What is held out, and the test, stay as they are.
DataSplit withShares(DataSplit split, const Shares& shares, std::uint64_t seed);

// Holds `share` (0..1) of `all` out for validation, every class alike, chosen by `seed`.
DataSplit holdOut(const std::shared_ptr<const Dataset>& all, double share, std::uint64_t seed,
                  std::shared_ptr<const Dataset> test = nullptr);

// Where validation images are there by themselves: they are put behind those for training, into one set, and stay what they are.
DataSplit joinParts(const std::shared_ptr<const Dataset>& training, const std::shared_ptr<const Dataset>& validation,
                    std::shared_ptr<const Dataset> test = nullptr);

// Several sets as one, in this order, each with what is held out of it. They must have one shape and the same classes, and there must be
// one.
std::shared_ptr<const Dataset> joined(const std::vector<std::shared_ptr<const Dataset>>& sets);
DataSplit joined(const std::vector<DataSplit>& splits);

}  // namespace data
