#include "data/Dataset.h"

#include <algorithm>
#include <cmath>

#include "data/Random.h"

namespace data {
namespace {

std::shared_ptr<const Dataset> subset(const Dataset& all, const std::vector<std::size_t>& indices) {
  auto part = std::make_shared<Dataset>();
  part->name = all.name;
  part->shape = all.shape;
  part->classNames = all.classNames;
  part->labels.reserve(indices.size());
  part->pixels.reserve(indices.size() * all.shape.size());
  for (const std::size_t index : indices) {
    const auto image = all.image(index);
    part->pixels.insert(part->pixels.end(), image.begin(), image.end());
    part->labels.push_back(all.labels[index]);
  }
  return part;
}

}  // namespace

DataSplit holdOut(const Dataset& all, double share, std::uint64_t seed, std::shared_ptr<const Dataset> test) {
  std::vector<std::vector<std::size_t>> ofClass(256);
  for (std::size_t i = 0; i < all.count(); ++i) ofClass[all.labels[i]].push_back(i);
  Random random(seed);
  std::vector<bool> held(all.count(), false);
  for (auto& indices : ofClass) {
    const auto count = std::size_t(std::llround(double(indices.size()) * std::clamp(share, 0.0, 1.0)));
    for (std::size_t k = 0; k < count; ++k) {
      std::swap(indices[k], indices[k + random.below(indices.size() - k)]);
      held[indices[k]] = true;
    }
  }
  std::vector<std::size_t> train, validation;
  for (std::size_t i = 0; i < all.count(); ++i) (held[i] ? validation : train).push_back(i);
  std::vector<std::string> notes = all.notes;
  if (test) notes.insert(notes.end(), test->notes.begin(), test->notes.end());
  return {subset(all, train), subset(all, validation), std::move(test), std::move(notes)};
}

}  // namespace data
