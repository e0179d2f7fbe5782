#include <algorithm>
#include <gtest/gtest.h>

#include "data/InkCleaning.h"
#include "data/InkParts.h"
#include "data/StrokeDigits.h"

namespace {

constexpr int kSide = 280;

// In the middle of a page.
data::GrayImage digitOnPage(int digit, std::uint64_t seed, int left = 70, int sizePx = 140) {
  data::GrayImage page{kSide, kSide, std::vector<float>(std::size_t(kSide) * kSide)};
  const data::GrayImage ink = data::strokeDigit(digit, seed, sizePx);
  for (int y = 0; y < sizePx; ++y)
    for (int x = 0; x < sizePx; ++x)
      page.ink[std::size_t(y + 70) * kSide + std::size_t(x + left)] = ink.ink[std::size_t(y) * std::size_t(sizePx) + std::size_t(x)];
  return page;
}

void fill(data::GrayImage& page, int left, int top, int right, int bottom, float ink = 1) {
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) {
      float& here = page.ink[std::size_t(y) * kSide + std::size_t(x)];
      here = std::max(here, ink);
    }
}

double difference(const data::GrayImage& a, const data::GrayImage& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.ink.size(); ++i) sum += std::abs(double(a.ink[i]) - double(b.ink[i]));
  return sum;
}

void expectLeftOut(const data::GrayImage& page, const data::GrayImage& digit, const std::string& note, double most) {
  const data::CleanedInk clean = data::cleaned(page);
  ASSERT_TRUE(clean.ink.has_value()) << note;
  EXPECT_EQ(clean.notes, std::vector<std::string>{note});
  EXPECT_LE(difference(*clean.ink, digit), most) << note;
}

TEST(InkParts, JoinAtCornersAndKnowTheirPlace) {
  data::GrayImage page{6, 4, std::vector<float>(24)};
  for (const std::size_t at : {0u, 7u, 8u, 5u, 23u}) page.ink[at] = 1;
  const data::InkParts found = data::partsOf(page, 0.5f);
  ASSERT_EQ(found.parts.size(), 3u);
  const data::InkPart& first = found.parts[0];
  EXPECT_EQ(first.area, 3u);
  EXPECT_EQ(std::vector<int>({first.left, first.top, first.right, first.bottom}), std::vector<int>({0, 0, 3, 2}));
  EXPECT_EQ(first.alongEdge, 1u);
}

TEST(InkCleaning, ADigitAloneStaysAsItIs) {
  int noted = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const data::CleanedInk clean = data::cleaned(data::strokeDigit(int(seed % 10), seed, kSide));
    EXPECT_FALSE(clean.ink.has_value()) << seed;
    noted += clean.notes.empty() ? 0 : 1;
  }
  EXPECT_LE(noted, 5);
}

TEST(InkCleaning, WhatIsBesideTheDigitIsLeftOutAndSaid) {
  for (int digit = 0; digit < 10; ++digit) {
    const data::GrayImage alone = digitOnPage(digit, 7);
    data::GrayImage dotted = alone, edged = alone, ruled = alone;
    fill(dotted, 260, 20, 266, 26);
    expectLeftOut(dotted, alone, "A stray dot was left out.", 1);
    fill(dotted, 20, 260, 25, 265);
    expectLeftOut(dotted, alone, "2 stray dots were left out.", 1);
    fill(edged, 0, 0, 15, kSide, 0.6f);
    expectLeftOut(edged, alone, "What lies along the edge of the picture was left out.", 1);
    for (int y = 11; y < kSide; y += 25) fill(ruled, 0, y, kSide, y + 2, 0.4f);
    for (int x = 11; x < kSide; x += 25) fill(ruled, x, 0, x + 2, kSide, 0.4f);
    expectLeftOut(ruled, alone, "Ruled lines were left out.", 120);
  }
}

TEST(InkCleaning, TwoDigitsSideBySideAreSaidAndStay) {
  for (int digit = 0; digit < 10; ++digit) {
    data::GrayImage both = digitOnPage(digit, 3, 10, 120);
    const data::GrayImage second = digitOnPage(9 - digit, 4, 150, 120);
    std::transform(both.ink.begin(), both.ink.end(), second.ink.begin(), both.ink.begin(), [](float a, float b) { return std::max(a, b); });
    const data::CleanedInk clean = data::cleaned(both);
    EXPECT_FALSE(clean.ink.has_value());
    ASSERT_EQ(clean.notes.size(), 1u) << digit;
    EXPECT_EQ(clean.notes[0], "This looks like 2 digits side by side: the network was shown them as one picture.");
  }
}

// A frame or a bar that is all there is, is the drawing.
TEST(InkCleaning, SomethingIsAlwaysLeft) {
  data::GrayImage bar{kSide, kSide, std::vector<float>(std::size_t(kSide) * kSide)};
  fill(bar, 0, 100, kSide, 104);
  EXPECT_FALSE(data::cleaned(bar).ink.has_value());
  fill(bar, 0, 0, 20, kSide);
  EXPECT_FALSE(data::cleaned(bar).ink.has_value());
  EXPECT_FALSE(data::cleaned({}).ink.has_value());
}

}  // namespace
