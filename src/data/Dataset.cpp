#include "data/Dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/Random.h"

namespace data {

namespace {

// Their images, labels and notes one after the other, without a name. Its pixels find their place at once: a set that grows past its
// budget is not copied from one file to the next.
std::shared_ptr<Dataset> merged(const std::vector<std::shared_ptr<const Dataset>>& sets) {
  auto all = std::make_shared<Dataset>();
  all->shape = sets.front()->shape;
  all->classNames = sets.front()->classNames;
  std::size_t bytes = 0;
  for (const auto& set : sets) bytes += set->count() * set->shape.size();
  all->pixels.reserve(bytes);
  for (const auto& set : sets) {
    for (std::size_t i = 0; i < set->count(); ++i) {
      const auto image = set->image(i);
      all->pixels.insert(all->pixels.end(), image.begin(), image.end());
    }
    all->labels.insert(all->labels.end(), set->labels.begin(), set->labels.end());
    all->notes.insert(all->notes.end(), set->notes.begin(), set->notes.end());
  }
  return all;
}

std::vector<std::vector<std::size_t>> byClass(const Dataset& set) {
  std::vector<std::vector<std::size_t>> ofClass(std::size_t(std::numeric_limits<Label>::max()) + 1);
  for (std::size_t i = 0; i < set.count(); ++i) ofClass[set.labels[i]].push_back(i);
  return ofClass;
}

// So that the choices of one seed have nothing to do with each other.
constexpr std::uint64_t kTrainingShareKey = 0x7472'6169'6e00ull, kLabelNoiseKey = 0x6e6f'6973'6500ull;

}  // namespace

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
  Random random(seed);
  std::vector<bool> held(all->count(), false);
  for (auto& indices : byClass(*all)) {
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

DataSplit withShares(DataSplit split, const Shares& shares, std::uint64_t seed) {
  if (!split.train) return split;
  const std::size_t before = split.train->count();
  if (shares.training < 1) {
    std::vector<std::uint32_t> kept;
    Random random(seed ^ kTrainingShareKey);
    for (auto& indices : byClass(*split.train)) {
      if (indices.empty()) continue;
      const auto count = std::max<std::size_t>(1, std::size_t(std::llround(double(indices.size()) * std::max(0.0, shares.training))));
      for (std::size_t k = 0; k < count; ++k) {
        std::swap(indices[k], indices[k + random.below(indices.size() - k)]);
        kept.push_back(std::uint32_t(indices[k]));
      }
    }
    std::sort(kept.begin(), kept.end());
    split.train = partOf(split.train, kept);
    split.notes.push_back("It is trained on " + std::to_string(kept.size()) + " of the " + std::to_string(before) +
                          " training images, as asked");
  }
  const std::size_t count = split.train->count(), classes = split.train->classNames.size();
  const auto wrong = std::size_t(std::llround(double(count) * std::clamp(shares.labelNoise, 0.0, 1.0)));
  if (wrong == 0 || classes < 2) return split;
  auto noisy = std::make_shared<Dataset>(*split.train);
  Random random(seed ^ kLabelNoiseKey);
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t k = 0; k < wrong; ++k) {
    std::swap(order[k], order[k + random.below(count - k)]);
    Label& label = noisy->labels[order[k]];
    label = Label((label + 1 + random.below(classes - 1)) % classes);
  }
  split.train = std::move(noisy);
  split.notes.push_back(std::to_string(wrong) + " of the " + std::to_string(count) +
                        " training images have the label of another class, as asked; those for validation and the test have their own");
  return split;
}

DataSplit joinParts(const std::shared_ptr<const Dataset>& training, const std::shared_ptr<const Dataset>& validation,
                    std::shared_ptr<const Dataset> test) {
  const std::shared_ptr<Dataset> all = merged({training, validation});
  all->name = training->name;
  std::vector<std::uint32_t> first(training->count()), behind(validation->count());
  std::iota(first.begin(), first.end(), 0u);
  std::iota(behind.begin(), behind.end(), std::uint32_t(training->count()));
  std::vector<std::string> notes = all->notes;
  if (test) notes.insert(notes.end(), test->notes.begin(), test->notes.end());
  return {partOf(all, first), partOf(all, behind), std::move(test), std::move(notes)};
}

std::shared_ptr<const Dataset> joined(const std::vector<std::shared_ptr<const Dataset>>& sets) {
  const std::shared_ptr<Dataset> all = merged(sets);
  for (const auto& set : sets) all->name += (all->name.empty() ? "" : " and ") + set->name;
  return all;
}

DataSplit joined(const std::vector<DataSplit>& splits) {
  std::vector<std::shared_ptr<const Dataset>> wholes, tests;
  std::vector<std::uint32_t> train, validation;
  DataSplit all;
  std::uint32_t before = 0;
  for (const DataSplit& split : splits) {
    wholes.push_back(split.train->whole);
    for (const std::uint32_t index : split.train->indices) train.push_back(before + index);
    for (const std::uint32_t index : split.validation->indices) validation.push_back(before + index);
    before += std::uint32_t(wholes.back()->count());
    if (split.test) tests.push_back(split.test);
    all.notes.insert(all.notes.end(), split.notes.begin(), split.notes.end());
  }
  const auto whole = joined(wholes);
  all.train = partOf(whole, train);
  all.validation = partOf(whole, validation);
  if (!tests.empty()) all.test = joined(tests);
  return all;
}

}  // namespace data
