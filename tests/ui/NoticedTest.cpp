// What the window says beside the answer of what it noticed of the drawing.
#include <algorithm>
#include <gtest/gtest.h>

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

}  // namespace
