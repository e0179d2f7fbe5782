#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "data/StrokeDigits.h"

namespace {

TEST(StrokeDigits, TheSameSeedGivesTheSameDigitsWhateverTheThreads) {
  const auto one = data::generateStrokeDigits(300, 42, 1), three = data::generateStrokeDigits(300, 42, 3);
  EXPECT_EQ(one->pixels, three->pixels);
  EXPECT_EQ(one->labels, three->labels);
  EXPECT_NE(one->pixels, data::generateStrokeDigits(300, 43, 1)->pixels);
}

TEST(StrokeDigits, ClassesAreEvenAndShuffled) {
  const auto set = data::generateStrokeDigits(1000, 1, 2);
  EXPECT_EQ(set->shape, (nn::Shape{1, 28, 28}));
  EXPECT_EQ(set->classNames.size(), 10u);
  std::array<int, 10> counts{};
  for (const auto label : set->labels) ++counts.at(label);
  for (const int count : counts) EXPECT_EQ(count, 100);
  EXPECT_FALSE(std::is_sorted(set->labels.begin(), set->labels.begin() + 100));
}

TEST(StrokeDigits, EveryDigitHasInkAndNoneIsRepeated) {
  const auto set = data::generateStrokeDigits(500, 9, 2);
  std::set<std::vector<std::uint8_t>> seen;
  for (std::size_t i = 0; i < set->count(); ++i) {
    const auto image = set->image(i);
    EXPECT_GT(*std::max_element(image.begin(), image.end()), 200) << i;
    seen.emplace(image.begin(), image.end());
  }
  EXPECT_EQ(seen.size(), set->count());
}

TEST(StrokeDigits, ProgressRunsToTheEndAndCanCancel) {
  double last = 0;
  bool ordered = true;
  ASSERT_NE(data::generateStrokeDigits(1000, 1, 1,
                                       [&](double done) {
                                         ordered = ordered && done >= last;
                                         last = done;
                                         return true;
                                       }),
            nullptr);
  EXPECT_TRUE(ordered);
  EXPECT_DOUBLE_EQ(last, 1);
  int calls = 0;
  EXPECT_EQ(data::generateStrokeDigits(100000, 1, 2, [&](double) { return ++calls < 3; }), nullptr);
  EXPECT_EQ(calls, 3);
}

TEST(StrokeDigits, NoDigitsAreAnEmptySet) {
  EXPECT_EQ(data::generateStrokeDigits(0, 1, 2)->count(), 0u);
}

TEST(StrokeDigits, ADigitForThePadHasInkAtAnySize) {
  for (const int side : {1, 28, 280, 700}) {
    for (int digit = 0; digit < 10; ++digit) {
      const data::GrayImage drawing = data::strokeDigit(digit, 3, side);
      EXPECT_EQ(drawing.width, side);
      EXPECT_EQ(drawing.ink.size(), std::size_t(side) * std::size_t(side));
      for (const float ink : drawing.ink) EXPECT_TRUE(ink >= 0 && ink <= 1);
      if (side >= 28) {
        EXPECT_FALSE(data::prepare(drawing).empty);
      }
    }
  }
  EXPECT_EQ(data::strokeDigit(4, 8, 100), data::strokeDigit(4, 8, 100));
  EXPECT_NE(data::strokeDigit(4, 8, 100), data::strokeDigit(4, 9, 100));
}

TEST(StrokeDigits, EuropeansCrossTheSevenAndAmericansDoNot) {
  int strokesOfAny = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_EQ(data::penStrokes(7, seed, 280, data::Handwriting::European).size(), 2u);
    EXPECT_EQ(data::penStrokes(7, seed, 280, data::Handwriting::American).size(), 1u);
    strokesOfAny += int(data::penStrokes(7, seed, 280).size());
  }
  EXPECT_GT(strokesOfAny, 230);
  EXPECT_LT(strokesOfAny, 320);
}

// The upstroke of a 1 and the side of a 4 before its bar.
TEST(StrokeDigits, EuropeansBeginTheOneFromBelowAndLeaveTheFourOpen) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const data::PenStrokes one = data::penStrokes(1, seed, 280, data::Handwriting::European);
    ASSERT_EQ(one.size(), 1u);
    float length = 0;
    for (std::size_t i = 1; i < one[0].size(); ++i) length += std::hypot(one[0][i].x - one[0][i - 1].x, one[0][i].y - one[0][i - 1].y);
    const float straight = std::hypot(one[0].back().x - one[0].front().x, one[0].back().y - one[0].front().y);
    EXPECT_GT(length, 1.15f * straight) << "there and back";
    EXPECT_EQ(data::penStrokes(4, seed, 280, data::Handwriting::European).size(), 2u);
  }
}

TEST(StrokeDigits, ASetMayBeOfOneHand) {
  const auto european = data::generateStrokeDigits(100, 5, 2, {}, data::Handwriting::European);
  const auto american = data::generateStrokeDigits(100, 5, 2, {}, data::Handwriting::American);
  EXPECT_EQ(european->labels, american->labels);
  EXPECT_EQ(european->pixels, data::generateStrokeDigits(100, 5, 1, {}, data::Handwriting::European)->pixels);
  int differ = 0;
  for (std::size_t i = 0; i < european->count(); ++i)
    differ += std::equal(european->image(i).begin(), european->image(i).end(), american->image(i).begin()) ? 0 : 1;
  EXPECT_EQ(differ, 30) << "1, 4 and 7 are written otherwise";
}

}  // namespace
