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
  EXPECT_EQ(two->labels, (std::vector<std::uint8_t>{split.validation->labels[7], split.validation->labels[3]}));
}

TEST(HoldOut, SharesBeyondTheRangeAreTakenAsNoneOrAll) {
  const auto all = numbered(20, 2);
  EXPECT_EQ(data::holdOut(all, -1, 1).validation->count(), 0u);
  EXPECT_EQ(data::holdOut(all, 5, 1).train->count(), 0u);
  EXPECT_EQ(data::holdOut(numbered(0, 2), 0.5, 1).train->count(), 0u);
}

TEST(FitInput, CentersASmallImageInPaper) {
  const std::array<std::uint8_t, 4> image = {255, 0, 51, 102};
  std::array<float, 16> values;
  values.fill(9);
  data::fitInput(image, {1, 2, 2}, {1, 4, 4}, values);
  const std::array<float, 16> expected = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0.2f, 0.4f, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < 16; ++i) EXPECT_FLOAT_EQ(values[i], expected[i]) << i;
}

TEST(FitInput, AveragesAreasWhenTheTargetIsSmaller) {
  std::array<float, 16> image{};
  image[0] = 1;      // upper left quarter
  image[15] = 0.5f;  // lower right quarter
  std::array<float, 4> values;
  data::fitInput(std::span<const float>(image), {1, 4, 4}, {1, 2, 2}, values);
  EXPECT_FLOAT_EQ(values[0], 0.25f);
  EXPECT_FLOAT_EQ(values[1], 0);
  EXPECT_FLOAT_EQ(values[2], 0);
  EXPECT_FLOAT_EQ(values[3], 0.125f);
}

TEST(FitInput, KeepsTheAspectWhenShrinking) {
  const std::vector<float> image(4 * 8, 1.0f);  // 8 wide, 4 high
  std::array<float, 16> values;
  data::fitInput(std::span<const float>(image), {1, 4, 8}, {1, 4, 4}, values);
  for (int x = 0; x < 4; ++x) {
    EXPECT_FLOAT_EQ(values[std::size_t(x)], 0) << "above the picture is paper";
    EXPECT_FLOAT_EQ(values[std::size_t(4 + x)], 1);
    EXPECT_FLOAT_EQ(values[std::size_t(12 + x)], 0);
  }
}

TEST(FitInput, GrayAndColorMeet) {
  const std::array<std::uint8_t, 2> gray = {255, 51};
  std::array<float, 6> color;
  data::fitInput(gray, {1, 1, 2}, {3, 1, 2}, color);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_FLOAT_EQ(color[c * 2], 1);
    EXPECT_FLOAT_EQ(color[c * 2 + 1], 0.2f);
  }
  const std::array<float, 3> red = {0.9f, 0, 0};
  std::array<float, 1> mean;
  data::fitInput(std::span<const float>(red), {3, 1, 1}, {1, 1, 1}, mean);
  EXPECT_FLOAT_EQ(mean[0], 0.3f);
}

TEST(FitInput, SaysWhatItChanges) {
  EXPECT_EQ(data::fitText(3, {1, 28, 28}, {1, 28, 28}), "");
  EXPECT_EQ(data::fitText(3, {1, 28, 28}, {784, 1, 1}), "");
  EXPECT_EQ(data::fitText(3, {1, 28, 28}, {1, 32, 32}), "") << "MNIST's usual frame";
  EXPECT_EQ(data::fitText(3, {1, 28, 28}, {1, 224, 224}),
            "all 3 pictures are 28 × 28, the network takes 224 × 224: placed in the middle, with zeros around");
  EXPECT_EQ(data::fitText(1200, {3, 30, 40}, {1, 28, 28}),
            "all 1200 pictures are 40 × 30 in color, the network takes 28 × 28 in gray: scaled to fit, with zeros on two sides, "
            "colors made gray");
  EXPECT_EQ(data::fitText(1, {1, 56, 56}, {1, 28, 28}), "the picture is 56 × 56, the network takes 28 × 28: scaled");
  EXPECT_EQ(data::fitText("it is", {1, 28, 28}, {3, 28, 32}),
            "it is 28 × 28 in gray, the network takes 32 × 28 in color: placed in the middle, with zeros around, gray repeated in each "
            "channel");
  EXPECT_EQ(data::fitText(2, {4, 8, 8}, {2, 8, 8}),
            "all 2 pictures are 8 × 8 of 4 channels, the network takes 8 × 8 of 2 channels: each channel is the mean of theirs");
  EXPECT_EQ(data::fitText(2, {1, 28, 28}, {100, 1, 1}),
            "all 2 pictures are 28 × 28 in gray, the network takes 100 numbers: each of them is the mean of a whole picture");
}

TEST(FitInput, AVectorTakesTheValuesAsTheyCome) {
  const std::array<float, 6> image = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};
  std::array<float, 6> values;
  data::fitInput(std::span<const float>(image), {1, 2, 3}, {6, 1, 1}, values);
  EXPECT_EQ(values, image);
}

}  // namespace
