// What the window says beside the answer of what it noticed of the drawing.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "data/InputPipeline.h"
#include "data/Reinking.h"
#include "data/StrokeDigits.h"
#include "ui/AnswerTools.h"

namespace {

using NoticedTest = uitest::AnsweringWindow;

TEST_F(NoticedTest, WhatOfTheDrawingWasLeftOutStandsBesideTheAnswer) {
  data::GrayImage page{280, 280, std::vector<float>(280 * 280)};
  const data::GrayImage three = data::strokeDigit(3, 1, 140);
  for (std::size_t y = 0; y < 140; ++y)
    std::copy_n(three.ink.begin() + std::ptrdiff_t(y * 140), 140, page.ink.begin() + std::ptrdiff_t((y + 70) * 280 + 70));
  pad().setInk(page);
  settle();
  EXPECT_EQ(bars().note(), "");
  const std::vector<float> before = workbench().inference().probabilities();
  for (std::size_t y = 20; y < 26; ++y) std::fill_n(page.ink.begin() + std::ptrdiff_t(y * 280 + 262), 6, 1.0f);
  pad().setInk(page);
  settle();
  EXPECT_EQ(bars().note(), "A stray dot was left out.");
  EXPECT_EQ(workbench().inference().probabilities(), before);
  pad().clear();
  settle();
  EXPECT_EQ(bars().note(), "");
}

// As mouse moves draw them, some 36 pixels from end to end: with the pen, a fifth of the pad.
TEST_F(NoticedTest, SmallDigitsOfTheUsualPenAreReadRight) {
  int right = 0, rightAsPictures = 0;
  for (int which = 0; which < 200; ++which) {
    const data::PenStrokes strokes = data::penStrokes(which % 10, 900 + std::uint64_t(which), 50);
    ui::InkCanvas canvas;
    for (const auto& stroke : strokes) {
      const auto at = [](const data::PenPoint& point) { return QPointF(std::round(point.x + 115), std::round(point.y + 115)); };
      canvas.beginStroke(at(stroke.front()), ui::DrawingPad::kDefaultWidth, false);
      for (const data::PenPoint& point : stroke) canvas.extendStroke(at(point), ui::DrawingPad::kDefaultWidth);
      canvas.endStroke();
    }
    const auto answerTo = [&](const data::Picture& picture) {
      workbench().inference().setDrawing(picture);
      workbench().inference().recompute();
      const std::vector<float> all = workbench().inference().probabilities();
      return int(std::max_element(all.begin(), all.end()) - all.begin());
    };
    right += answerTo({canvas.ink(), nullptr, canvas.strokes()}) == which % 10 ? 1 : 0;
    rightAsPictures += answerTo({canvas.ink()}) == which % 10 ? 1 : 0;
  }
  EXPECT_GE(right, 190);
  EXPECT_LT(rightAsPictures, right) << "where the lines have run together, no picture shows them";
}

TEST_F(NoticedTest, ThatAPictureIsShownThinnerStandsBesideTheAnswer) {
  data::GrayImage page{280, 280, std::vector<float>(280 * 280)};
  const auto bar = [&page](int left, int top, int right, int bottom) {
    for (int y = top; y < bottom; ++y) std::fill_n(page.ink.begin() + std::ptrdiff_t(y * 280 + left), right - left, 1.0f);
  };
  bar(100, 100, 160, 118);
  bar(142, 100, 160, 166);  // a 7 of lines of 18 pixels in 66
  pad().setInk(page);
  settle();
  EXPECT_EQ(bars().note(), data::kReinkedNote);
  const data::InputPipeline pipeline(*workbench().network());
  EXPECT_EQ(workbench().inference().prepared().result, pipeline.prepare(page).result) << "as the commands prepare it";
  EXPECT_NE(workbench().inference().prepared().result, data::prepare(page).result);
}

}  // namespace
