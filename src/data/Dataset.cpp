#include "data/Dataset.h"

#include <algorithm>
#include <cmath>

#include "data/Random.h"

namespace data {

std::shared_ptr<const Dataset> partOf(const std::shared_ptr<const Dataset>& set, std::span<const std::uint32_t> indices) {
  auto part = std::make_shared<Dataset>();
  part->name = set->name;
  part->shape = set->shape;
  part->classNames = set->classNames;
  part->whole = set->whole ? set->whole : set;
  part->labels.reserve(indices.size());
  part->indices.reserve(indices.size());
  for (const std::uint32_t index : indices) {
    part->labels.push_back(set->labels[index]);
    part->indices.push_back(set->whole ? set->indices[index] : index);
  }
  return part;
}

DataSplit holdOut(const std::shared_ptr<const Dataset>& all, double share, std::uint64_t seed, std::shared_ptr<const Dataset> test) {
  std::vector<std::vector<std::size_t>> ofClass(256);
  for (std::size_t i = 0; i < all->count(); ++i) ofClass[all->labels[i]].push_back(i);
  Random random(seed);
  std::vector<bool> held(all->count(), false);
  for (auto& indices : ofClass) {
    const auto count = std::size_t(std::llround(double(indices.size()) * std::clamp(share, 0.0, 1.0)));
    for (std::size_t k = 0; k < count; ++k) {
      std::swap(indices[k], indices[k + random.below(indices.size() - k)]);
      held[indices[k]] = true;
    }
  }
  std::vector<std::uint32_t> train, validation;
  for (std::size_t i = 0; i < all->count(); ++i) (held[i] ? validation : train).push_back(std::uint32_t(i));
  std::vector<std::string> notes = all->notes;
  if (test) notes.insert(notes.end(), test->notes.begin(), test->notes.end());
  return {partOf(all, train), partOf(all, validation), std::move(test), std::move(notes)};
}

}  // namespace data
