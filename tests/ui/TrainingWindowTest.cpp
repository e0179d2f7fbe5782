// Training in the window: its buttons and keys, what may change while it runs, and what is told.
#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QStyleOptionComboBox>
#include <qcustomplot.h>

#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/app/Workbench.h"
#include "ui/base/NumberField.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/MessageStrip.h"

namespace {

using TrainingWindowTest = uitest::WindowTest;

TEST_F(TrainingWindowTest, PlayPauseStepAndResetByTheirButtons) {
  useSmallData();
  click("stepButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  click("playButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 3; }, 20000));
  EXPECT_TRUE(workbench().training().running());
  click("playButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().training().snapshot()->state == train::RunState::Paused; }, 5000));
  EXPECT_EQ(window().findChild<ui::TrainingPanel*>()->stateText(), "Paused.");
  click("resetButton");
  EXPECT_EQ(step(), 0u);
  EXPECT_FALSE(workbench().unsavedWeights().exist());
}

TEST_F(TrainingWindowTest, PlayIsTakenBackWhileItsDataIsLoaded) {
  useSmallData();
  ui::TrainingController& training = workbench().training();
  const auto playSays = [&] { return window().findChild<QToolButton*>("playButton")->accessibleName().toStdString(); };
  const auto play = [&](int presses) {
    for (int i = 0; i < presses; ++i) {
      key(Qt::Key_Space);
      ASSERT_TRUE(workbench().jobs().busy(ui::Jobs::Lane::Data));
      EXPECT_EQ(playSays(), i % 2 == 0 ? "Pause training" : "Start training");
    }
  };
  train::Recipe recipe = training.recipe();
  recipe.shares.validation = 0.2;  // its images are to be loaded again
  training.setRecipe(recipe);
  play(1);
  workbench().jobs().cancel();
  EXPECT_EQ(playSays(), "Start training");
  play(2);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  settle(50);
  EXPECT_FALSE(training.exists());
  EXPECT_EQ(playSays(), "Start training");
  recipe.shares.validation = 0.3;
  training.setRecipe(recipe);
  play(3);
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() > 0; }, 20000));
  EXPECT_EQ(playSays(), "Pause training");
}

TEST_F(TrainingWindowTest, ComputesNothingForAMinimizedWindowWhileItTrains) {
  useSmallData();
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 1; }, 20000));
  window().showMinimized();
  quint64 pictures = 0;
  do {  // what was under way is painted
    pictures = window().scene().views().frameCount();
    settle(50);
  } while (window().scene().views().frameCount() != pictures);
  const std::uint64_t before = step();
  QSignalSpy values(&workbench().inference(), &ui::LiveInference::valuesChanged),
      points(&workbench().training(), &ui::TrainingController::metricsAdded);
  QTest::qWait(600);
  EXPECT_EQ(step(), before);
  EXPECT_EQ(values.count(), 0);
  EXPECT_EQ(points.count(), 0);
  EXPECT_EQ(window().scene().views().frameCount(), pictures);
  window().showNormal();
  ASSERT_TRUE(QTest::qWaitFor([&] { return values.count() > 0; }, 2000));
  EXPECT_GT(step(), before);
  // The points of the curves, every 50 ms, were not lost.
  const auto all = workbench().training().run().metrics.series(train::MetricLog::kTrainingLoss);
  EXPECT_GE(std::count_if(all.begin(), all.end(), [&](const train::MetricSample& sample) { return sample.step > before; }), 4);
  EXPECT_TRUE(workbench().training().running());
}

TEST_F(TrainingWindowTest, SpaceAndFullStopTrainToo) {
  useSmallData();
  key(Qt::Key_Period);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && workbench().training().atRest(); }, 20000));
  key(Qt::Key_Space);
  EXPECT_TRUE(workbench().training().running());
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 1; }, 20000));
  key(Qt::Key_Space);
  EXPECT_FALSE(workbench().training().running());
}

// At no moment: neither the edges nor the sheet of a unit may say sums that do not add up.
TEST_F(TrainingWindowTest, TheSceneShowsTheValuesOfTheWeightsThatItShows) {
  useSmallData();
  drawThree();
  int changes = 0, mixed = 0;
  const ui::SceneController& scene = window().scene().controller();
  QObject::connect(&scene, &ui::SceneController::changed, &window(), [&] {
    if (!scene.state().values()) return;
    ++changes;
    mixed += scene.state().values()->parameters->data() != scene.state().parameters().data();
  });
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 2 && changes > 2; }, 20000));
  workbench().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return scene.state().values()->parameters == workbench().parameters(); }, 5000));
  EXPECT_EQ(mixed, 0);
}

TEST_F(TrainingWindowTest, TheOptimizerCanBeChangedWhileTraining) {
  useSmallData();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 0; }, 20000));
  auto* choice = window().findChild<QComboBox*>("optimizerChoice");
  choice->setCurrentIndex(choice->findText("SGD"));
  emit choice->activated(choice->currentIndex());
  EXPECT_EQ(workbench().training().recipe().optimizer.kind, nn::OptimizerKind::Sgd);
  window().findChild<ui::NumberField*>("batchChoice")->setValue(16);
  EXPECT_EQ(workbench().training().recipe().batchSize, 16);
  const std::uint64_t before = step();
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() > before + 2; }, 20000));
}

TEST_F(TrainingWindowTest, WhatWasChangedIsMarkedWhereItWasChanged) {
  useSmallData();
  ui::TrainingController& training = workbench().training();
  const auto rate = [&](float value) {
    train::Recipe recipe = training.recipe();
    recipe.optimizer.learningRate = value;
    training.setRecipe(recipe);
  };
  const auto batchSize = [&](int value) {
    train::Recipe recipe = training.recipe();
    recipe.batchSize = value;
    training.setRecipe(recipe);
  };
  const int batchBefore = training.recipe().batchSize;
  rate(0.01f);
  EXPECT_TRUE(training.run().log.changes().empty()) << "the run begins with it";
  click("stepButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !training.running(); }, 20000));
  rate(0.05f);
  rate(0.02f);
  batchSize(16);
  ASSERT_EQ(training.run().log.changes().size(), 1u) << "no step was taken in between";
  const std::vector<train::FieldChange> expected{{"learning-rate", 0.01, 0.02},
                                                 {"batch-size", std::int64_t(batchBefore), std::int64_t(16)}};
  EXPECT_EQ(training.run().log.changes()[0].fields, expected);
  EXPECT_EQ(training.run().log.changes()[0].step, 1u);
  EXPECT_GT(training.run().log.changes()[0].epoch, 0);
  rate(0.01f);
  batchSize(batchBefore);
  EXPECT_TRUE(training.run().log.changes().empty()) << "all is as it was";
  rate(0.02f);
  EXPECT_EQ(training.run().log.changes().size(), 1u);
  click("resetButton");
  EXPECT_TRUE(training.run().log.changes().empty());
}

// The run of the network that is open, on the curves that the window has put together.
TEST_F(TrainingWindowTest, WhatWasChangedStandsOnTheCurvesUntilTheNextRun) {
  useSmallData();
  ui::CurvesView& curves = window().findChild<ui::TrainingPanel*>()->run().curves();
  const auto standsThere = [&](const QString& words) {
    curves.drawNow();
    for (const QCustomPlot* plot : curves.findChildren<QCustomPlot*>())
      for (int x = 0; x < plot->width(); ++x)
        if (curves.textAt(plot->pos() + QPoint(x, plot->height() / 2)).contains(words)) return true;
    return false;
  };
  const auto takeStep = [&](std::uint64_t which) {
    click("stepButton");
    ASSERT_TRUE(QTest::qWaitFor([&] { return step() == which && workbench().training().atRest(); }, 20000));
  };
  takeStep(1);
  ASSERT_TRUE(standsThere("step 1"));
  EXPECT_FALSE(standsThere("from here on"));
  window().findChild<ui::NumberField*>("batchChoice")->setValue(16);
  takeStep(2);
  EXPECT_TRUE(standsThere("from here on: batch size 16"));
  click("resetButton");
  takeStep(1);
  ASSERT_TRUE(standsThere("step 1"));
  EXPECT_FALSE(standsThere("from here on"));
}

TEST_F(TrainingWindowTest, BothCurvesHaveRoomOnASmallScreen) {
  for (const QSize& size : {QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080)}) {
    window().resize(size);
    const auto plots = window().findChild<ui::TrainingPanel*>()->run().curves().findChildren<QCustomPlot*>();
    ASSERT_EQ(plots.size(), 2);
    for (QCustomPlot* plot : plots) {
      EXPECT_TRUE(QTest::qWaitFor([plot] { return plot->isVisible() && plot->axisRect()->width() >= 90; })) << size.width();
      EXPECT_GE(plot->axisRect()->height(), 70) << size.width();
    }
  }
}

TEST_F(TrainingWindowTest, DivergenceIsToldInWords) {
  useSmallData();
  train::Recipe recipe;
  recipe.optimizer.kind = nn::OptimizerKind::Sgd;
  recipe.optimizer.learningRate = 1e30f;
  workbench().training().setRecipe(recipe);
  click("playButton");
  auto* state = window().findChild<QLabel*>("trainingState");
  ASSERT_TRUE(QTest::qWaitFor([&] { return state->text().contains("Diverged"); }, 20000));
  EXPECT_TRUE(state->text().contains("learning rate"));
  EXPECT_TRUE(state->text().contains(". Lower the")) << state->text().toStdString();
}

// A mark tells what was tried there, also where the person goes back to the rate before.
TEST_F(TrainingWindowTest, TheMarkOfADivergenceStaysWhenTheRateIsTakenBack) {
  useSmallData();
  ui::TrainingController& training = workbench().training();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return training.snapshot() && training.snapshot()->step == 1 && training.atRest(); }, 20000));
  training.setField(*train::findRecipeField("optimizer"), std::string("sgd"));
  training.setField(*train::findRecipeField("learning-rate"), 1e30);
  click("playButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return training.snapshot()->state == train::RunState::Diverged && training.atRest(); }, 20000));
  const std::size_t before = training.run().log.changes().size();
  ASSERT_GE(before, 1u);
  const std::vector<train::FieldChange> tried = training.run().log.changes().back().fields;
  workbench().undoStack().undo();
  workbench().undoStack().undo();
  ASSERT_EQ(training.run().log.changes().size(), before + 1);
  EXPECT_EQ(training.run().log.changes()[before - 1].fields, tried);
}

// It is the field that the message asks to change.
TEST_F(TrainingWindowTest, TheLearningRateStaysInSightBesideTheMessageOfADivergence) {
  useSmallData();
  train::Recipe recipe;
  recipe.optimizer.kind = nn::OptimizerKind::Sgd;
  recipe.optimizer.learningRate = 1e5f;
  workbench().training().setRecipe(recipe);
  click("playButton");
  auto& panel = *window().findChild<ui::TrainingPanel*>();
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel.stateText().contains("Diverged"); }, 20000));
  const auto* rate = window().findChild<QWidget*>("rateChoice");
  const auto* reason = window().findChild<QLabel*>("trainingReason");
  for (const bool large : {false, true}) {
    if (large) window().findChild<QAction*>("view.large-type")->trigger();
    for (const QSize& size : {QSize(1280, 800), QSize(1024, 768)}) {
      window().resize(size);
      settle(50);
      const std::string at = (large ? "large type, " : "") + std::to_string(size.width());
      const QRect field(rate->mapTo(&panel, QPoint(0, 0)), rate->size());
      EXPECT_TRUE(panel.rect().contains(field)) << at << ": " << field.bottom() << " of " << panel.height();
      EXPECT_EQ(rate->visibleRegion().boundingRect(), rate->rect()) << at;
      EXPECT_TRUE(reason->text().contains("the loss is ") || reason->text().contains("in step ")) << reason->text().toStdString();
      EXPECT_LE(reason->heightForWidth(reason->width()), reason->height() + 1) << at;
      const auto* state = window().findChild<QLabel*>("trainingState");
      EXPECT_LE(state->heightForWidth(state->width()), state->height() + 1) << at;
      pictures::keep(panel, "diverged-" + QString::fromStdString(at).remove(", ").replace(' ', '-'));
    }
  }
}

// What a field shows can be read whole in large type too, and the name of a long folder ends in an ellipsis.
TEST_F(TrainingWindowTest, FieldsAreNotCutOffInLargeType) {
  window().resize(1024, 768);
  window().findChild<QAction*>("view.large-type")->trigger();
  settle(50);
  for (const char* name : {"networkChoice", "dataChoice", "startChoice", "optimizerChoice"}) {
    auto* box = window().findChild<QComboBox*>(name);
    ASSERT_TRUE(box) << name;
    QStyleOptionComboBox option;
    option.initFrom(box);
    const int room = box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box).width();
    EXPECT_LE(box->fontMetrics().horizontalAdvance(box->currentText()), room) << box->currentText().toStdString();
  }
  auto* data = window().findChild<QComboBox*>("dataChoice");
  const auto picture = [data](const char* text) {
    data->setItemText(data->currentIndex(), text);
    return data->grab().toImage();
  };
  EXPECT_EQ(picture("a folder with a name that is long"), picture("a folder with a name that is longer")) << "both end in an ellipsis";
  pictures::keep(*data, "data-choice-long");
}

// tests/support/datasets holds its description, and no line of the program knows it.
TEST_F(TrainingWindowTest, ADataSetThatAFileDescribesIsOfferedAndTrainedOn) {
  auto* choice = window().findChild<QComboBox*>("dataChoice");
  const int row = choice->findData("few-digits");
  ASSERT_GE(row, 0);
  EXPECT_EQ(choice->itemText(row), "A few digits");
  EXPECT_EQ(choice->itemData(row, Qt::ToolTipRole).toString(), "Some stroke digits that only tests know.");
  auto* command = window().findChild<QAction*>("data.source.few-digits");
  ASSERT_NE(command, nullptr);
  command->trigger();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().current().key == "few-digits"; }, 5000));
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1; }, 20000));
  EXPECT_EQ(workbench().training().run().data.test->count(), 40u);
  EXPECT_NE(window().findChild<QAction*>("data.download.mnist"), nullptr);
}

// What a message tells may be over before anybody closes it.
TEST_F(TrainingWindowTest, AMessageGoesOnceItDoesNotHoldAnyMore) {
  const auto told = [&](const QString& words) { return window().messages().tells(words); };
  const QTemporaryDir twelve;
  for (int i = 0; i < 12; ++i) {
    const QString place = twelve.filePath(QString::number(i + 10));
    ASSERT_TRUE(QDir().mkpath(place));
    QImage picture(28, 28, QImage::Format_Grayscale8);
    for (int k = 0; k < 2; ++k) {
      picture.fill(20 * i + k);
      ASSERT_TRUE(picture.save(place + QString("/%1.png").arg(k)));
    }
  }
  workbench().library().addFolder(twelve.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return told("12 classes"); }, 20000));
  useSmallData();
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return workbench().library().ready() && workbench().library().current().key == folder.path(); }, 20000));
  EXPECT_FALSE(told("12 classes"));
  workbench().models().openShipped("mlp");
  workbench().models().openShipped("harley");
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 0; }, 20000));
  workbench().undo();
  ASSERT_TRUE(told("Training runs"));
  workbench().training().pause();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !told("Training runs"); }, 20000));
}

TEST_F(TrainingWindowTest, DialogsBeginWhereThePersonLastWas) {
  const QString data = folder.filePath("sets/mine");
  ASSERT_TRUE(QDir().mkpath(data));
  window().files().openPath(data);
  EXPECT_EQ(ui::FileCommands::lastFolder(), folder.filePath("sets"));
}

}  // namespace
