#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

#include "data/Preprocessing.h"
#include "data/StrokeDigits.h"

namespace {

data::GrayImage paper(int width, int height) {
  return {width, height, std::vector<float>(std::size_t(width) * std::size_t(height), 0.0f)};
}

void fillRect(data::GrayImage& image, int left, int top, int right, int bottom, float ink = 1) {
  for (int y = std::max(0, top); y < std::min(image.height, bottom); ++y) {
    for (int x = std::max(0, left); x < std::min(image.width, right); ++x)
      image.ink[std::size_t(y) * std::size_t(image.width) + std::size_t(x)] = ink;
  }
}

struct Mass {
  double sum = 0, x = 0, y = 0;
};
Mass massOf(const data::GrayImage& image) {
  Mass mass;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double ink = double(image.ink[std::size_t(y) * std::size_t(image.width) + std::size_t(x)]);
      mass.sum += ink;
      mass.x += ink * (x + 0.5);
      mass.y += ink * (y + 0.5);
    }
  }
  mass.x /= mass.sum;
  mass.y /= mass.sum;
  return mass;
}

double meanDifference(const data::GrayImage& a, const data::GrayImage& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.ink.size(); ++i) sum += std::abs(double(a.ink[i]) - double(b.ink[i]));
  return sum / double(a.ink.size());
}

// The same, but a picture that came to lie one pixel beside the other counts as the same: the center is rounded.
double differenceBesides(const data::GrayImage& a, const data::GrayImage& b) {
  double least = 1e9;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      data::GrayImage moved = paper(b.width, b.height);
      for (int y = std::max(0, dy); y < b.height + std::min(0, dy); ++y) {
        for (int x = std::max(0, dx); x < b.width + std::min(0, dx); ++x) {
          moved.ink[std::size_t(y * b.width + x)] = b.ink[std::size_t((y - dy) * b.width + x - dx)];
        }
      }
      least = std::min(least, meanDifference(a, moved));
    }
  }
  return least;
}

TEST(Preprocessing, AnEmptyPadStaysEmpty) {
  const auto prepared = data::prepare(paper(280, 280));
  EXPECT_TRUE(prepared.empty);
  ASSERT_EQ(prepared.result.ink.size(), 784u);
  EXPECT_EQ(*std::max_element(prepared.result.ink.begin(), prepared.result.ink.end()), 0.0f);
}

TEST(Preprocessing, FitsTheLongerSideToTwentyPixelsAndKeepsTheAspect) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 30, 40, 80, 140);  // 50 x 100
  const auto prepared = data::prepare(pad);
  EXPECT_FALSE(prepared.empty);
  EXPECT_EQ(prepared.boxLeft, 30);
  EXPECT_EQ(prepared.boxTop, 40);
  EXPECT_EQ(prepared.boxRight, 80);
  EXPECT_EQ(prepared.boxBottom, 140);
  EXPECT_EQ(prepared.fitted.height, 20);
  EXPECT_EQ(prepared.fitted.width, 10);
  EXPECT_FLOAT_EQ(prepared.centerX, 55);
  EXPECT_FLOAT_EQ(prepared.centerY, 90);
  EXPECT_NEAR(massOf(prepared.result).sum, 200, 0.01);
}

TEST(Preprocessing, TheCenterOfMassLiesInTheMiddlePixelLikeInMnist) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto prepared = data::prepare(data::strokeDigit(int(seed % 10), seed, 140));
    const Mass mass = massOf(prepared.result);
    const bool heldBackX = prepared.shiftX == 0 || prepared.shiftX == float(28 - prepared.fitted.width);
    const bool heldBackY = prepared.shiftY == 0 || prepared.shiftY == float(28 - prepared.fitted.height);
    if (!heldBackX) {
      EXPECT_NEAR(mass.x, 14.5, 0.501) << seed;
    }
    if (!heldBackY) {
      EXPECT_NEAR(mass.y, 14.5, 0.501) << seed;
    }
  }
}

TEST(Preprocessing, PositionAndSizeOnThePadMakeNoDifference) {
  data::GrayImage here = paper(280, 280), there = paper(280, 280), larger = paper(280, 280);
  const auto hook = [](data::GrayImage& pad, int x, int y, int unit) {
    fillRect(pad, x, y, x + 6 * unit, y + unit);
    fillRect(pad, x + 4 * unit, y, x + 6 * unit, y + 10 * unit);
  };
  hook(here, 20, 30, 10);
  hook(there, 150, 120, 10);
  hook(larger, 40, 5, 20);
  EXPECT_EQ(data::prepare(here).result, data::prepare(there).result);
  EXPECT_LT(meanDifference(data::prepare(here).result, data::prepare(larger).result), 1e-5);
}

TEST(Preprocessing, InkThatRunsOffThePadIsUsedAsFarAsItGoes) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, -50, 100, 60, 400);
  const auto prepared = data::prepare(pad);
  EXPECT_FALSE(prepared.empty);
  EXPECT_EQ(prepared.boxLeft, 0);
  EXPECT_EQ(prepared.boxBottom, 280);
  EXPECT_NEAR(massOf(prepared.result).sum, 20.0 * 20 * 60 / 180, 0.5);
}

TEST(Preprocessing, ADotBecomesAFullBoxAndAFullPadToo) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 0, 279, 1, 280);
  EXPECT_GT(massOf(data::prepare(pad).result).sum, 200) << "enlarged: its edges are soft";
  fillRect(pad, 0, 0, 280, 280);
  EXPECT_NEAR(massOf(data::prepare(pad).result).sum, 400, 0.01);
}

TEST(Preprocessing, NothingIsCutOffWhenTheMassSitsAtOneEnd) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 100, 10, 200, 60);   // a heavy head
  fillRect(pad, 148, 60, 152, 270);  // on a thin stem
  const auto prepared = data::prepare(pad);
  EXPECT_NEAR(massOf(prepared.result).sum, massOf(prepared.fitted).sum, 1e-3);
}

TEST(Preprocessing, FaintNoiseDoesNotStretchTheBox) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 100, 100, 180, 180);
  pad.ink[5] = 0.1f;
  EXPECT_EQ(data::prepare(pad).boxTop, 100);
}

TEST(Preprocessing, FaintInkAloneIsInk) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 100, 100, 180, 180, 0.1f);
  EXPECT_FALSE(data::prepare(pad).empty);
  EXPECT_NEAR(massOf(data::prepare(pad).result).sum, 400, 0.01) << "at full contrast, as in MNIST";
}

TEST(Preprocessing, SwitchedOffItScalesTheWholePad) {
  data::GrayImage pad = paper(280, 280);
  fillRect(pad, 0, 0, 20, 10);
  const auto prepared = data::prepare(pad, {.enabled = false});
  EXPECT_FLOAT_EQ(prepared.result.ink[0], 1);
  EXPECT_FLOAT_EQ(prepared.result.ink[1], 1);
  EXPECT_NEAR(massOf(prepared.result).sum, 2, 1e-4);
}

TEST(Preprocessing, BrokenDrawingsGiveAnEmptyPicture) {
  EXPECT_TRUE(data::prepare({}).empty);
  EXPECT_TRUE(data::prepare({10, 10, std::vector<float>(3)}).empty);
  EXPECT_TRUE(data::prepare({-3, 10, {}}).empty);
  data::GrayImage pad = paper(20, 20);
  std::fill(pad.ink.begin(), pad.ink.end(), std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(data::prepare(pad).empty);
}

TEST(EnlargeToPad, BackThroughThePreprocessingNothingIsLost) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const data::GrayImage digit = data::prepare(data::strokeDigit(int(seed % 10), seed, 140)).result;
    for (const data::PadPlacement& placement : {data::PadPlacement{}, {2, 0, 1, 0}, {-2, 1, 1, 0}, {0, 0, 0.5f, 0}, {0, 0, 1.1f, 0}}) {
      const auto again = data::prepare(data::enlargeToPad(digit, 280, placement));
      EXPECT_LT(differenceBesides(digit, again.result), 0.04) << seed << " " << placement.shiftXPx << " " << placement.scale;
    }
  }
}

TEST(EnlargeToPad, MovesRightAndDownScalesAndTurnsLeft) {
  data::GrayImage dot = paper(28, 28);
  fillRect(dot, 20, 13, 22, 15);  // right of the middle
  const Mass moved = massOf(data::enlargeToPad(dot, 280, {2, 3, 1, 0}));
  EXPECT_NEAR(moved.x, 230, 0.5);
  EXPECT_NEAR(moved.y, 170, 0.5);
  const Mass half = massOf(data::enlargeToPad(dot, 280, {0, 0, 0.5f, 0}));
  EXPECT_NEAR(half.x, 175, 0.5);
  const Mass turned = massOf(data::enlargeToPad(dot, 280, {0, 0, 1, 90}));
  EXPECT_NEAR(turned.x, 140, 0.5);
  EXPECT_NEAR(turned.y, 70, 0.5) << "a quarter turn to the left takes right to the top";
}

TEST(EnlargeToPad, ImpossiblePlacementsGiveABlankPad) {
  data::GrayImage dot = paper(28, 28);
  fillRect(dot, 10, 10, 18, 18);
  for (const data::PadPlacement& placement : {data::PadPlacement{500, 0, 1, 0}, {0, 0, 0, 0}, {0, 0, -1, 0}, {std::nanf(""), 0, 1, 0}}) {
    EXPECT_TRUE(data::prepare(data::enlargeToPad(dot, 280, placement)).empty);
  }
}

TEST(Preprocessing, AShrunkPictureKeepsItsShapeAndItsInk) {
  data::GrayImage large{2000, 1000, std::vector<float>(2000 * 1000, 0.25f)};
  const data::GrayImage small = data::shrunk(large, 100);
  EXPECT_EQ(small.width, 100);
  EXPECT_EQ(small.height, 50);
  for (const float ink : small.ink) EXPECT_NEAR(ink, 0.25f, 1e-5f);
  EXPECT_EQ(data::shrunk(small, 100), small);
}

TEST(Preprocessing, WhatHasInkIsWhatIsPreparedFromIt) {
  for (const float ink : {0.0f, 0.01f, 0.5f}) {
    const data::GrayImage drawing{20, 20, std::vector<float>(400, ink)};
    EXPECT_EQ(data::hasInk(drawing), !data::prepare(drawing).empty) << ink;
  }
  EXPECT_FALSE(data::hasInk({}));
}

}  // namespace
