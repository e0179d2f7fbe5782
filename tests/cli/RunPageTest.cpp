#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/RunPage.h"

namespace {

using testing::HasSubstr, testing::Not;

cli::RunPage page() {
  cli::RunPage page;
  page.title = "LeNet <5>";
  page.network = "lenet5";
  page.shipped = true;
  page.parameters = 61706;
  train::Recipe recipe;
  recipe.optimizer.kind = nn::OptimizerKind::Adam;
  recipe.optimizer.learningRate = 0.002f;
  recipe.seed = 7;
  page.log = train::RunLog(recipe);
  page.data = io::DataDescription{"/data/my digits", {1, 28, 28}, 900, 100, QByteArray("\x12\xab", 2)};
  page.step = 30;
  page.epoch = 2;
  page.classNames = {"cat", "dog"};
  page.validation.emplace();
  page.validation->count = page.validation->answerCount = 10;
  page.validation->figures[0] = 7;
  page.validation->confusion = {4, 1, 2, 3};
  QImage picture(28, 28, QImage::Format_Grayscale8);
  picture.fill(9);
  page.mistakes.push_back({picture, "cat", "dog"});
  return page;
}

TEST(RunPage, HoldsAllThatIsHandedInAndNothingFromElsewhere) {
  const std::string html = cli::htmlOf(page()).toStdString();
  for (const char* words : {"LeNet &lt;5&gt;", "61706", "900 trained on, 100 for validation", "12ab", "0.002", "cat, taken for dog",
                            "70.0 %", "<td class=wrong>1</td>", "<td class=right>4</td>", "data:image/png;base64,", "<td>80.0 %</td>"})
    EXPECT_THAT(html, HasSubstr(words));
  for (const char* elsewhere : {"src=\"http", "href=", "<script", "<link"}) EXPECT_THAT(html, Not(HasSubstr(elsewhere)));
}

TEST(RunPage, TheCommandRepeatsTheRun) {
  EXPECT_EQ(cli::commandOf(page()).toStdString(),
            "convscope train lenet5 --data '/data/my digits' --learning-rate 0.002 --seed 7 --epochs 2");
  cli::RunPage sgd = page();
  train::Recipe recipe;
  recipe.optimizer.kind = nn::OptimizerKind::Sgd;
  train::takeStandardRate(recipe);
  sgd.log = train::RunLog(recipe);
  sgd.epoch = 1.4;
  EXPECT_EQ(cli::commandOf(sgd).toStdString(), "convscope train lenet5 --data '/data/my digits' --optimizer sgd --epochs 2");
  EXPECT_THAT(cli::htmlOf(sgd).toStdString(), HasSubstr("ended within an epoch"));
}

TEST(RunPage, WhatTheCommandDoesNotRepeatIsSaid) {
  cli::RunPage changed = page();
  train::Recipe recipe = changed.log.start();
  recipe.optimizer.learningRate = 0.5f;
  changed.log.change(12, 0.8, recipe);
  const std::string html = cli::htmlOf(changed).toStdString();
  EXPECT_THAT(html, HasSubstr("after step 12 (epoch 0.8): learning rate 0.5"));
  EXPECT_THAT(html, HasSubstr("not in the command"));
  changed.startsTrained = true;
  EXPECT_THAT(cli::htmlOf(changed).toStdString(), HasSubstr("went on from trained weights"));
}

}  // namespace
