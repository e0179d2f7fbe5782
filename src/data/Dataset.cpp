#include "data/Dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

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
  std::vector<std::vector<std::size_t>> ofClass(std::size_t(std::numeric_limits<Label>::max()) + 1);
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

DataSplit joinParts(const std::shared_ptr<const Dataset>& training, const std::shared_ptr<const Dataset>& validation,
                    std::shared_ptr<const Dataset> test) {
  auto all = std::make_shared<Dataset>(*training);
  all->pixels.insert(all->pixels.end(), validation->pixels.begin(), validation->pixels.end());
  all->labels.insert(all->labels.end(), validation->labels.begin(), validation->labels.end());
  all->notes.insert(all->notes.end(), validation->notes.begin(), validation->notes.end());
  std::vector<std::uint32_t> first(training->count()), behind(validation->count());
  std::iota(first.begin(), first.end(), 0u);
  std::iota(behind.begin(), behind.end(), std::uint32_t(training->count()));
  std::vector<std::string> notes = all->notes;
  if (test) notes.insert(notes.end(), test->notes.begin(), test->notes.end());
  return {partOf(all, first), partOf(all, behind), std::move(test), std::move(notes)};
}

}  // namespace data
