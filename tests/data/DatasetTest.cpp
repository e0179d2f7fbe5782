#include <array>
#include <gtest/gtest.h>
#include <numeric>
#include <set>

#include "data/Dataset.h"

namespace {

// Images that carry their own index, so that a test can follow each of them.
std::shared_ptr<const data::Dataset> numbered(std::size_t count, int classes) {
  auto result = std::make_shared<data::Dataset>();
  data::Dataset& set = *result;
  set.name = "numbered";
  set.shape = {1, 2, 2};
  for (int c = 0; c < classes; ++c) set.classNames.push_back(std::to_string(c));
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(std::uint8_t(i % std::size_t(classes)));
    for (int k = 0; k < 4; ++k) set.pixels.push_back(std::uint8_t(i >> (2 * k) & 3));
  }
  return result;
}

int indexOf(std::span<const std::uint8_t> image) {
  return image[0] | image[1] << 2 | image[2] << 4 | image[3] << 6;
}

std::set<int> indices(const data::Dataset& set) {
  std::set<int> found;
  for (std::size_t i = 0; i < set.count(); ++i) found.insert(indexOf(set.image(i)));
  return found;
}

TEST(HoldOut, TakesTheSameShareOfEveryClassAndLosesNothing) {
  const auto all = numbered(200, 4);
  const data::DataSplit split = data::holdOut(all, 0.1, 7);
  EXPECT_EQ(split.train->count(), 180u);
  EXPECT_EQ(split.validation->count(), 20u);
  std::array<int, 4> held{};
  for (const auto label : split.validation->labels) ++held[label];
  EXPECT_EQ(held, (std::array<int, 4>{5, 5, 5, 5}));
  std::set<int> together = indices(*split.train);
  EXPECT_EQ(together.size(), 180u);
  together.merge(indices(*split.validation));
  EXPECT_EQ(together.size(), 200u);
  EXPECT_EQ(split.validation->classNames, all->classNames);
  EXPECT_EQ(split.test, nullptr);
}

TEST(HoldOut, KeepsImagesAndLabelsTogether) {
  const data::DataSplit split = data::holdOut(numbered(120, 3), 0.25, 3);
  for (const auto& part : {split.train, split.validation}) {
    for (std::size_t i = 0; i < part->count(); ++i) EXPECT_EQ(part->labels[i], indexOf(part->image(i)) % 3);
  }
}

TEST(HoldOut, SameSeedSameChoiceOtherSeedOther) {
  const auto all = numbered(200, 2);
  EXPECT_EQ(data::holdOut(all, 0.2, 1).validation->indices, data::holdOut(all, 0.2, 1).validation->indices);
  EXPECT_NE(data::holdOut(all, 0.2, 1).validation->indices, data::holdOut(all, 0.2, 2).validation->indices);
}

TEST(HoldOut, CopiesNoPixels) {
  const auto all = numbered(200, 2);
  const data::DataSplit split = data::holdOut(all, 0.2, 1);
  for (const auto& part : {split.train, split.validation, data::partOf(split.validation, std::vector<std::uint32_t>{7, 3})}) {
    EXPECT_EQ(part->whole, all) << "a part of a part, too";
    EXPECT_TRUE(part->pixels.empty());
  }
  const auto two = data::partOf(split.validation, std::vector<std::uint32_t>{7, 3});
  EXPECT_EQ(two->image(0).data(), split.validation->image(7).data());
  EXPECT_EQ(two->labels, (std::vector<data::Label>{split.validation->labels[7], split.validation->labels[3]}));
}

TEST(HoldOut, SharesBeyondTheRangeAreTakenAsNoneOrAll) {
  const auto all = numbered(20, 2);
  EXPECT_EQ(data::holdOut(all, -1, 1).validation->count(), 0u);
  EXPECT_EQ(data::holdOut(all, 5, 1).train->count(), 0u);
  EXPECT_EQ(data::holdOut(numbered(0, 2), 0.5, 1).train->count(), 0u);
}

TEST(Joined, KeepsWhatEachSetHoldsOut) {
  const auto first = numbered(100, 4), second = numbered(60, 4);
  const data::DataSplit one = data::holdOut(first, 0.1, 1, numbered(8, 4)), other = data::holdOut(second, 0.2, 2);
  const data::DataSplit all = data::joined({one, other});
  EXPECT_EQ(all.train->count(), one.train->count() + other.train->count());
  EXPECT_EQ(all.validation->count(), one.validation->count() + other.validation->count());
  EXPECT_EQ(all.test->count(), 8u) << "of the set that has one";
  EXPECT_EQ(all.train->name, "numbered and numbered");
  for (std::size_t i = 0; i < all.train->count(); ++i) {
    const bool ofFirst = i < one.train->count();
    const data::Dataset& set = ofFirst ? *one.train : *other.train;
    const std::size_t at = ofFirst ? i : i - one.train->count();
    EXPECT_EQ(indexOf(all.train->image(i)), indexOf(set.image(at)));
    EXPECT_EQ(all.train->labels[i], set.labels[at]);
  }
}

TEST(Shares, AFewImagesOfEveryClassAreTrainedOnAndTheOthersStay) {
  const auto all = numbered(200, 4);
  const data::DataSplit whole = data::holdOut(all, 0.1, 7), few = data::withShares(whole, {.training = 0.1}, 7);
  EXPECT_EQ(few.train->count(), 20u);  // 4.5 of 45 each, rounded up
  std::array<int, 4> of{};
  for (const auto label : few.train->labels) ++of[label];
  for (const int count : of) EXPECT_EQ(count, 5);
  EXPECT_EQ(indices(*few.validation), indices(*whole.validation));
  for (std::size_t i = 0; i < few.train->count(); ++i) EXPECT_EQ(indexOf(few.train->image(i)) % 4, few.train->labels[i]);
  EXPECT_NE(few.notes.back().find("20 of the 180 training images"), std::string::npos) << few.notes.back();
  EXPECT_EQ(data::withShares(whole, {.training = 0.1}, 7).train->indices, few.train->indices);
  EXPECT_NE(data::withShares(whole, {.training = 0.1}, 8).train->indices, few.train->indices);
  EXPECT_EQ(data::withShares(whole, {.training = 0}, 7).train->count(), 4u) << "one of each class at least";
  EXPECT_EQ(data::withShares(whole, {}, 7).train, whole.train);
}

TEST(Shares, NoiseGivesSoManyImagesTheLabelOfAnotherClassAndSpareTheValidation) {
  const auto all = numbered(200, 4);
  const data::DataSplit whole = data::holdOut(all, 0.1, 7), noisy = data::withShares(whole, {.labelNoise = 0.25}, 7);
  ASSERT_EQ(noisy.train->count(), whole.train->count());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < noisy.train->count(); ++i) {
    wrong += noisy.train->labels[i] != whole.train->labels[i];
    EXPECT_LT(noisy.train->labels[i], 4);
    EXPECT_EQ(indexOf(noisy.train->image(i)), indexOf(whole.train->image(i)));
  }
  EXPECT_EQ(wrong, 45u);
  EXPECT_EQ(noisy.validation->labels, whole.validation->labels);
  EXPECT_NE(noisy.notes.back().find("45 of the 180"), std::string::npos) << noisy.notes.back();
}

}  // namespace
