// Networks whose answer is a picture: it stands where other networks have their bars.
#include <algorithm>
#include <gtest/gtest.h>

#include "analysis/Answer.h"
#include "data/StrokeDigits.h"
#include "ui/AnswerTools.h"

namespace {

class PictureAnswerTest : public uitest::AnsweringWindow {};

TEST_F(PictureAnswerTest, AReconstructionStandsBesideTheInput) {
  open(":/networks/denoising-autoencoder.json", "denoising-autoencoder");
  EXPECT_TRUE(workbench().inference().whyNoAnswer().isEmpty()) << "nobody expects a class of it";
  pad().setInk(data::strokeDigit(7, 1, 280));
  settle();
  ASSERT_TRUE(bars().pictures());
  const ui::PictureAnswer& pictures = *bars().pictures();
  EXPECT_EQ(pictures.given.width, 28);
  EXPECT_EQ(pictures.made.ink.size(), pictures.given.ink.size());
  EXPECT_GT(pictures.error, 0);
  EXPECT_TRUE(bars().isEmpty()) << "no classes";
  const QImage shown = bars().grab().toImage();
  pad().clear();
  settle();
  EXPECT_FALSE(bars().pictures());
  EXPECT_NE(bars().grab().toImage(), shown);
  open(":/networks/tiny.json", "tiny");
  pad().setInk(data::strokeDigit(7, 1, 280));
  settle();
  EXPECT_FALSE(bars().pictures());
  EXPECT_FALSE(bars().isEmpty());
}

TEST_F(PictureAnswerTest, WhatIsGeneratedIsTheAnswerWithoutADrawingToo) {
  useSmallData();
  open(":/networks/gan-mini.json", "gan-mini");
  settle();
  EXPECT_TRUE(workbench().inference().whyNoAnswer().isEmpty()) << "nobody expects a class of it";
  EXPECT_EQ(workbench().training().recipe().optimizer.beta1, 0.5f) << "what is usual with it";
  ASSERT_TRUE(bars().pictures());
  EXPECT_TRUE(bars().pictures()->given.ink.empty()) << "nothing is drawn";
  const data::GrayImage made = bars().pictures()->made;
  EXPECT_EQ(made.width, 28);
  EXPECT_NE(std::count(made.ink.begin(), made.ink.end(), made.ink.front()), std::ptrdiff_t(made.ink.size()));
  EXPECT_EQ(analysis::invitation(*workbench().network()), "Draw: how real is it?");
  EXPECT_TRUE(bars().note().contains("goes to the discriminator alone")) << bars().note().toStdString();
  const QImage alone = bars().grab().toImage();
  pad().setInk(data::strokeDigit(7, 1, 280));
  settle();
  ASSERT_TRUE(bars().pictures());
  EXPECT_EQ(bars().pictures()->made, made) << "it does not depend on the drawing";
  EXPECT_EQ(bars().pictures()->given.ink.size(), made.ink.size());
  EXPECT_TRUE(bars().pictures()->words.startsWith("drawing: real with ")) << bars().pictures()->words.toStdString();
  EXPECT_TRUE(bars().isEmpty()) << "no classes";
  EXPECT_NE(bars().grab().toImage(), alone);
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  settle();
  ASSERT_TRUE(bars().pictures());
  EXPECT_NE(bars().pictures()->made, made) << "the generator has learned";
  open(":/networks/tiny.json", "tiny");
  EXPECT_EQ(workbench().training().recipe().optimizer.beta1, train::Recipe().optimizer.beta1) << "and not with another";
}

}  // namespace
