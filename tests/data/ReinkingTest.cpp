#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "data/InputPipeline.h"
#include "data/Pen.h"
#include "data/Reinking.h"
#include "data/StrokeDigits.h"

namespace {

constexpr int kPadPx = 280;

data::GrayImage inkOf(const data::PenStrokes& strokes) {
  data::GrayImage pad{kPadPx, kPadPx, std::vector<float>(kPadPx * kPadPx)};
  for (const auto& stroke : strokes)
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      const data::PenPoint &a = stroke[i > 0 ? i - 1 : 0], &b = stroke[i];
      data::drawSegment({{a.x, a.y}, {b.x, b.y}, a.radius, b.radius}, 1, pad);
    }
  return pad;
}

// A digit whose longer side has this many pixels, the pen's width not counted, in the middle of the pad.
data::PenStrokes digit(int which, std::uint64_t seed, float sidePx, float radius = 10) {
  data::PenStrokes strokes = data::penStrokes(which, seed, kPadPx);
  float left = 1e9f, right = 0, top = 1e9f, bottom = 0;
  for (const auto& stroke : strokes)
    for (const data::PenPoint& point : stroke) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
      top = std::min(top, point.y);
      bottom = std::max(bottom, point.y);
    }
  const float scale = sidePx / std::max(right - left, bottom - top), middle = kPadPx / 2.0f;
  for (auto& stroke : strokes)
    for (data::PenPoint& point : stroke)
      point = {(point.x - (left + right) / 2) * scale + middle, (point.y - (top + bottom) / 2) * scale + middle, radius};
  return strokes;
}

double differenceOf(const data::GrayImage& a, const data::GrayImage& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.ink.size(); ++i) sum += std::abs(double(a.ink[i]) - double(b.ink[i]));
  return sum / double(a.ink.size());
}

const data::InputPipeline kPipeline({}, {1, 28, 28});

TEST(Reinking, ADrawingThatIsLargeForItsPenStaysAsItIs) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const data::PenStrokes strokes = digit(int(seed % 10), seed, 90 + float(seed));
    const data::GrayImage ink = inkOf(strokes);
    EXPECT_FALSE(data::reinked(ink, strokes)) << seed;
    EXPECT_FALSE(data::reinked(ink)) << seed;
    EXPECT_EQ(kPipeline.prepare(ink, true, strokes).result, kPipeline.prepare(ink).result);
  }
}

TEST(Reinking, AWidePenBecomesAsWideAsThoseOfTheDataAndTheDigitKeepsItsForm) {
  double difference = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const int which = int(seed % 10);
    const data::PenStrokes small = digit(which, seed, 40), large = digit(which, seed, 200, 15.6f);  // a pen of 0.135 of the whole
    const data::PreparedDrawing prepared = kPipeline.prepare(inkOf(small), true, small);
    difference += differenceOf(prepared.result, kPipeline.prepare(inkOf(large), true, large).result) / 200;
    EXPECT_NEAR(std::max(prepared.boxRight - prepared.boxLeft, prepared.boxBottom - prepared.boxTop), 46, 3) << "thinner, not larger";
    EXPECT_TRUE(prepared.notes.empty()) << "the strokes are known: nothing is guessed";
  }
  EXPECT_LT(difference, 0.02);
}

TEST(Reinking, GrowsEvenlyFromWhatStaysAsItIs) {
  const data::PenStrokes just = digit(3, 1, 79.5f), hardly = digit(3, 1, 80.5f);
  EXPECT_TRUE(data::reinked(inkOf(just), just));
  EXPECT_FALSE(data::reinked(inkOf(hardly), hardly));
  EXPECT_LT(differenceOf(kPipeline.prepare(inkOf(just), true, just).result, kPipeline.prepare(inkOf(hardly), true, hardly).result), 0.01);
}

TEST(Reinking, ADotIsADotAndWhatWasLeftOutStaysOut) {
  const data::PenStrokes dot{{{140, 140, 10}, {142, 141, 10}}};
  EXPECT_FALSE(data::reinked(inkOf(dot), dot));
  EXPECT_FALSE(data::reinked(inkOf(dot), {{}}));
  const data::PenStrokes small = digit(3, 1, 40);
  data::PenStrokes speckled = small;
  speckled.push_back({{260, 20, 3}});
  const data::PreparedDrawing prepared = kPipeline.prepare(inkOf(speckled), true, speckled);
  EXPECT_EQ(prepared.notes, std::vector<std::string>{"A stray dot was left out."});
  EXPECT_EQ(prepared.result, kPipeline.prepare(inkOf(small), true, small).result);
}

TEST(Reinking, OfAPictureTheSidesOfTheLinesAreTaken) {
  double before = 0, after = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const data::PenStrokes small = digit(int(seed % 10), seed, 48, 9);
    const data::PreparedDrawing found = kPipeline.prepare(inkOf(small));
    if (found.notes.empty()) continue;  // so narrow a digit that its lines are one spot
    EXPECT_EQ(found.notes, std::vector<std::string>{data::kReinkedNote}) << seed;
    const data::GrayImage known = kPipeline.prepare(inkOf(small), true, small).result;
    before += differenceOf(data::prepare(inkOf(small)).result, known);
    after += differenceOf(found.result, known);
  }
  EXPECT_GT(after, 0);
  EXPECT_LT(after, 0.6 * before) << "nearer to what the strokes make";
}

TEST(Reinking, WhatIsNotMadeOfLinesStaysAsItIs) {
  data::GrayImage disc{kPadPx, kPadPx, std::vector<float>(kPadPx * kPadPx)}, plate = disc, shirt = disc;
  const auto fill = [](data::GrayImage& image, int left, int top, int right, int bottom) {
    for (int y = top; y < bottom; ++y) std::fill_n(image.ink.begin() + std::ptrdiff_t(y * kPadPx + left), right - left, 1.0f);
  };
  for (int y = 0; y < kPadPx; ++y)
    for (int x = 0; x < kPadPx; ++x) disc.ink[std::size_t(y * kPadPx + x)] = std::hypot(x - 140.0, y - 140.0) < 40 ? 1.0f : 0.0f;
  fill(plate, 100, 60, 180, 200);
  fill(shirt, 100, 60, 180, 220);
  fill(shirt, 60, 60, 220, 110);
  for (const data::GrayImage* image : {&disc, &plate, &shirt}) EXPECT_FALSE(data::reinked(*image));
  EXPECT_FALSE(data::reinked({}));
  EXPECT_FALSE(data::reinked(data::GrayImage{kPadPx, kPadPx, std::vector<float>(kPadPx * kPadPx)}));
}

}  // namespace
