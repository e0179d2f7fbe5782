// Looking back at a run, playing it as a film, and beginning a second run at one of its steps.
#include <cmath>
#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>

#include "io/Model.h"
#include "ui/SteppingWindow.h"
#include "ui/app/Workbench.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/HistoryBar.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TrainingPanel.h"

namespace {

class TimeMachineTest : public uitest::SteppingWindow {
 protected:
  ui::TrainingController& training() { return workbench().training(); }
  ui::RunPane& pane() { return window().findChild<ui::TrainingPanel*>()->run(); }
  QSlider& slider() { return *window().findChild<QSlider*>("historySlider"); }
  QToolButton& button(const char* name) { return *window().findChild<QToolButton*>(name); }
  const std::vector<train::Moment>& moments() { return *training().run().moments; }
  void trainTo(std::uint64_t all) {
    if (step() < all) steps(all - step());
  }
  void pause() {
    training().pause();
    ASSERT_TRUE(QTest::qWaitFor([&] { return training().atRest(); }, 20000));
    settle(30);
  }
  std::vector<float> probabilities() {
    std::vector<float> shown;
    for (const float value : workbench().inference().values()->of(int(workbench().network()->nodes().size()) - 1)) shown.push_back(value);
    return shown;
  }
};

TEST_F(TimeMachineTest, IsNotThereBeforeThereIsSomethingToLookBackAt) {
  EXPECT_TRUE(pane().history().isHidden());
  useSmallData();
  trainTo(2);
  EXPECT_FALSE(pane().history().isHidden());
  workbench().reset();
  EXPECT_TRUE(pane().history().isHidden());
}

TEST_F(TimeMachineTest, ShowsTheNetworkAsItWasAndComesBackToNow) {
  useSmallData();
  drawThree();
  trainTo(6);
  const auto now = workbench().parameters();
  const std::vector<float> nowSays = probabilities();
  ASSERT_EQ(moments().size(), 7u);
  EXPECT_EQ(slider().maximum(), 7) << "now lies behind the last moment";
  EXPECT_EQ(slider().value(), 7);
  slider().setValue(2);
  settle(30);
  ASSERT_TRUE(training().lookBack().moment());
  EXPECT_EQ(training().lookBack().moment()->step, 2u);
  EXPECT_EQ(workbench().parameters(), moments()[2].parameters);
  EXPECT_NE(probabilities(), nowSays);
  EXPECT_TRUE(pane().history().text().startsWith("Step 2 of 6")) << pane().history().text().toStdString();
  EXPECT_EQ(window().findChild<ui::TrainingPanel*>()->stateText(), "Looking back: step 2 of 6.");
  EXPECT_TRUE(button("historyBranch").isVisible());
  EXPECT_EQ(step(), 6u) << "the run itself stays where it is";
  click("historyNow");
  settle(30);
  EXPECT_FALSE(training().lookBack().moment());
  EXPECT_EQ(workbench().parameters(), now);
  EXPECT_EQ(probabilities(), nowSays);
  EXPECT_EQ(slider().value(), 7);
}

TEST_F(TimeMachineTest, WhoTrainsOnIsInThePresentAndWhoLooksBackPauses) {
  useSmallData();
  trainTo(4);
  slider().setValue(1);
  trainTo(5);
  EXPECT_FALSE(training().lookBack().moment());
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 8; }, 20000));
  slider().setValue(3);
  ASSERT_TRUE(QTest::qWaitFor([&] { return training().atRest(); }, 20000));
  EXPECT_FALSE(training().running());
  settle(50);
  ASSERT_TRUE(training().lookBack().moment());
  EXPECT_EQ(workbench().parameters(), training().lookBack().moment()->parameters) << "also when the last step was told afterwards";
}

// The end of the first run is reached again: the same bits, or it would not be its past.
TEST_F(TimeMachineTest, ABranchWithNothingChangedRepeatsTheRunBitForBit) {
  useSmallData();
  trainTo(12);
  const std::vector<float> end = *workbench().parameters();
  const auto network = workbench().network();
  slider().setValue(5);
  button("historyBranch").click();
  pause();
  ASSERT_GE(step(), 5u);
  EXPECT_EQ(workbench().network(), network);
  EXPECT_EQ(training().run().metrics.series(train::MetricLog::kTrainingLoss).front().step, 1u) << "its curves begin with those before";
  ASSERT_LE(step(), 12u);
  trainTo(12);
  EXPECT_EQ(*workbench().parameters(), end);
}

TEST_F(TimeMachineTest, ABranchWithAnotherRateIsMarkedComparedAndUndone) {
  useSmallData();
  trainTo(8);
  const std::vector<float> end = *workbench().parameters();
  slider().setValue(4);
  train::Recipe recipe = training().recipe();
  recipe.optimizer.learningRate *= 3;
  training().setRecipe(recipe);
  button("historyBranch").click();
  pause();
  ASSERT_EQ(training().run().log.changes().size(), 1u);
  EXPECT_EQ(training().run().log.changes().front().step, 4u);
  trainTo(std::max<std::uint64_t>(8, step()));
  EXPECT_NE(*workbench().parameters(), end);
  QLabel& legend = *window().findChild<QLabel*>("curveLegend");
  EXPECT_TRUE(legend.text().contains("Run 1")) << "the first run is drawn behind";
  workbench().undo();
  settle(50);
  EXPECT_EQ(step(), 8u);
  EXPECT_EQ(*workbench().parameters(), end);
  EXPECT_EQ(moments().size(), 9u);
}

TEST_F(TimeMachineTest, TheFilmGoesFromTheFirstStepToNow) {
  useSmallData();
  trainTo(5);
  QSignalSpy looked(&training().lookBack(), &ui::LookBack::moved);
  click("historyFilm");
  EXPECT_EQ(training().lookBack().moment()->step, 0u);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !training().lookBack().moment(); }, 10000));
  EXPECT_EQ(looked.count(), 7);
  EXPECT_EQ(step(), 5u);
}

TEST_F(TimeMachineTest, WhatIsLookedAtIsWhatIsExportedAndTheSessionHoldsTheRun) {
  useSmallData();
  trainTo(5);
  slider().setValue(2);
  workbench().save(folder.filePath("then.onnx"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 20000));
  EXPECT_EQ(io::loadModel(folder.filePath("then.onnx")).parameters, *moments()[2].parameters);
  EXPECT_EQ(training().save().get().checkpoint.step, 5u);
}

TEST_F(TimeMachineTest, ASessionBringsItsMomentsBackAndBranchesAllTheSame) {
  useSmallData();
  trainTo(6);
  const std::vector<float> end = *workbench().parameters(), then = *moments()[3].parameters;
  sessions().save(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 20000));
  window().files().openShipped("softmax");
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "softmax"; }, 20000));
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 6 && !workbench().jobs().busy(); }, 20000));
  ASSERT_EQ(moments().size(), 7u);
  slider().setValue(3);
  settle(30);
  EXPECT_EQ(*workbench().parameters(), then);
  button("historyBranch").click();
  pause();
  ASSERT_GE(step(), 3u);
  ASSERT_LE(step(), 6u);
  trainTo(6);
  EXPECT_EQ(*workbench().parameters(), end);
}

TEST_F(TimeMachineTest, LookingBackAtASavedRunAsksNothing) {
  useSmallData();
  trainTo(3);
  workbench().markSaved(workbench().network(), workbench().parameters(), folder.filePath("saved.convscope"), training().recipe(),
                        training().run().identity);
  ASSERT_FALSE(workbench().unsavedWeights().exist());
  slider().setValue(1);
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  click("historyNow");
  EXPECT_FALSE(workbench().unsavedWeights().exist());
}

TEST_F(TimeMachineTest, CommaAndFullStopGoThroughTheMoments) {
  useSmallData();
  trainTo(4);
  key(Qt::Key_Comma);
  ASSERT_TRUE(training().lookBack().moment());
  EXPECT_EQ(training().lookBack().moment()->step, 4u) << "the last one that was recorded";
  key(Qt::Key_Comma);
  key(Qt::Key_Comma);
  EXPECT_EQ(training().lookBack().moment()->step, 2u);
  key(Qt::Key_Period);
  EXPECT_EQ(training().lookBack().moment()->step, 3u);
  for (int i = 0; i < 9; ++i) key(Qt::Key_Comma);
  EXPECT_EQ(training().lookBack().moment()->step, 0u);
  for (int i = 0; i < 5; ++i) key(Qt::Key_Period);
  EXPECT_FALSE(training().lookBack().moment());
  EXPECT_EQ(step(), 4u) << "none of it was a step of training";
}

TEST_F(TimeMachineTest, ARunThatStopsByItselfSaysWhyAndGoesOn) {
  useSmallData();
  train::Recipe recipe = training().recipe();
  recipe.stopAfter = 2;
  training().setRecipe(recipe);
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 0 && training().atRest() && !training().running(); }, 60000));
  EXPECT_EQ(training().snapshot()->epoch, 2.0);
  EXPECT_EQ(window().findChild<ui::TrainingPanel*>()->stateText(), "Stopped after 2 epochs, as set.");
  EXPECT_EQ(moments().back().epoch, 2.0) << "the end of an epoch can be looked at";
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return training().snapshot()->epoch > 2.0; }, 60000));
  pause();
}

// One mistyped rate costs no more than the steps that were taken with it.
TEST_F(TimeMachineTest, ARunThatDivergedGoesOnFromBefore) {
  useSmallData();
  trainTo(6);
  train::Recipe recipe = training().recipe(), mistyped = recipe;
  mistyped.optimizer.kind = nn::OptimizerKind::Sgd;
  mistyped.optimizer.learningRate = 1e6f;
  training().setRecipe(mistyped);
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return training().atRest() && training().snapshot()->state == train::RunState::Diverged; }, 20000));
  key(Qt::Key_Comma);
  while (training().lookBack().moment()->step > 6) key(Qt::Key_Comma);
  training().setRecipe(recipe);
  button("historyBranch").click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 8; }, 20000));
  EXPECT_NE(training().snapshot()->state, train::RunState::Diverged);
  pause();
  EXPECT_TRUE(std::isfinite(training().run().metrics.series(train::MetricLog::kTrainingLoss).back().value));
  EXPECT_LT(training().run().metrics.series(train::MetricLog::kTrainingLoss).back().value, 5);
}

TEST_F(TimeMachineTest, WhereTheValidationGetsNoBetterTheMessageLeadsToTheBestEpoch) {
  useSmallData();
  train::Recipe recipe = training().recipe();
  recipe.patience = 1;
  training().setRecipe(recipe);
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 0 && training().atRest() && !training().running(); }, 60000));
  const auto& now = *training().snapshot();
  EXPECT_EQ(now.message, "Stopped: no epoch since has been better than epoch " + std::to_string(now.bestEpoch));
  auto* action = window().findChild<QPushButton*>("messageAction");
  ASSERT_TRUE(action->isVisible());
  action->click();
  ASSERT_TRUE(training().lookBack().moment());
  EXPECT_EQ(training().lookBack().moment()->epoch, double(now.bestEpoch));
}

}  // namespace
