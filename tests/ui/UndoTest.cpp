// Undo and redo over all that a person does: drawing, training settings, opening networks.
#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <new>
#include <set>

#include <QAction>
#include <QSettings>
#include <QSignalSpy>

#include "io/session/SavedWork.h"
#include "scene/ShowingMemory.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/SessionFiles.h"
#include "ui/base/NumberField.h"
#include "ui/model/OpeningCommand.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

class UndoTest : public uitest::WindowTest {
 protected:
  ui::TrainingController& training() { return workbench().training(); }
  void set(const char* field, double value) { training().setField(*train::findRecipeField(field), value); }
  QString nextUndo() { return window().commands().find("edit.undo")->text(); }
  void train() {
    useSmallData();
    workbench().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !training().running(); }, 20000));
  }
};

TEST_F(UndoTest, TheMenuSaysWhatComesNextAndTheKeysDoIt) {
  EXPECT_EQ(nextUndo(), "Undo");
  EXPECT_FALSE(window().commands().find("edit.undo")->isEnabled());
  drawThree();
  const data::GrayImage three = workbench().inference().drawing().ink;
  set("learning-rate", 0.25);
  EXPECT_EQ(nextUndo(), "Undo learning rate");
  workbench().models().openShipped("mlp");
  EXPECT_EQ(nextUndo(), "Undo opening " + workbench().model().title);
  window().commands().run("drawing.clear");
  EXPECT_EQ(nextUndo(), "Undo clearing");
  for (int i = 0; i < 2; ++i) key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(window().padPanel().pad()->ink(), three);
  EXPECT_EQ(nextUndo(), "Undo learning rate");
  EXPECT_TRUE(window().commands().find("edit.redo")->text().startsWith("Redo opening "));
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(training().recipe(), train::Recipe{});
  key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_FLOAT_EQ(training().recipe().optimizer.learningRate, 0.25f);
  key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(workbench().model().name, "mlp");
  EXPECT_EQ(state().network(), workbench().network()) << "the scene too";
}

TEST_F(UndoTest, QuickStepsOfOneSettingAreOne) {
  for (const double rate : {0.02, 0.03, 0.04}) set("learning-rate", rate);
  set("weight-decay", 0.01);
  EXPECT_EQ(workbench().undoStack().count(), 2);
  workbench().undo();
  EXPECT_FLOAT_EQ(training().recipe().optimizer.learningRate, 0.04f);
  workbench().undo();
  EXPECT_EQ(training().recipe(), train::Recipe{});
  set("learning-rate", 0.02);
  set("learning-rate", double(train::Recipe{}.optimizer.learningRate));
  EXPECT_FALSE(workbench().undoStack().canUndo()) << "there and back is nothing";
}

TEST_F(UndoTest, TheNetworkBeforeComesBackWithItsTrainedWeights) {
  train();
  const auto trained = workbench().parameters();
  window().files().openShipped("mlp");
  EXPECT_EQ(asked, 1);
  ASSERT_EQ(workbench().model().name, "mlp");
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  workbench().undo();
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(workbench().parameters(), trained);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  EXPECT_TRUE(workbench().model().hasTrainedStart()) << "reset still knows where";
  workbench().redo();
  EXPECT_EQ(workbench().model().name, "mlp");
  ASSERT_TRUE(window().messages().message().action) << "trained weights do not go without a word";
  window().messages().message().action();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "harley"; }, 20000));
  EXPECT_EQ(*workbench().parameters(), *trained);
}

// A run, its curves and its log go with the network, and come back with it as if nothing had been in between.
TEST_F(UndoTest, TheRunOfTheNetworkBeforeComesBackWithItAndItsData) {
  useSmallData();
  training().setField(*train::findRecipeField("batch-size"), std::int64_t(300));
  const auto steps = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const std::uint64_t before = step();
      workbench().singleStep();
      ASSERT_TRUE(QTest::qWaitFor([&] { return step() == before + 1 && training().atRest(); }, 20000));
    }
  };
  steps(2);
  set("learning-rate", 0.02);
  steps(2);
  const auto trained = workbench().parameters();
  const train::MetricLog::Series curves = training().run().metrics.all();
  const QString path = folder.filePath("kept.convscope"), data = workbench().library().current().key;
  const auto save = [&] {
    bool saved = false;
    window().files().sessions().pauseAndSave(path, [&] { saved = true; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return saved; }, 20000));
  };
  save();
  const auto isBack = [&] {
    EXPECT_EQ(workbench().model().name, "harley");
    EXPECT_EQ(workbench().parameters(), trained);
    EXPECT_TRUE(training().exists());
    EXPECT_EQ(step(), 4u);
    EXPECT_EQ(training().run().metrics.all(), curves);
    ASSERT_EQ(training().run().log.changes().size(), 1u);
    EXPECT_EQ(training().run().log.changes()[0].step, 2u);
    EXPECT_EQ(workbench().library().current().key, data);
    EXPECT_EQ(workbench().model().sessionFile, path);
    EXPECT_FALSE(workbench().unsavedWeights().exist());
  };
  window().files().openShipped("mlp");
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(training().exists());
  workbench().undo();
  isBack();
  workbench().redo();
  EXPECT_EQ(workbench().model().name, "mlp");
  EXPECT_FALSE(training().exists());
  workbench().library().choose("strokes", workbench().training().running());
  workbench().undo();
  isBack();
  save();
  const io::SavedWork work = io::loadWork(path);
  ASSERT_TRUE(work.run) << "not written over without it";
  EXPECT_EQ(work.run->checkpoint.step, 4u);
  EXPECT_EQ(work.run->metrics.all(), curves);
  // On from there, and the same without anything in between.
  steps(2);
  const std::vector<float> after = *workbench().parameters();
  EXPECT_EQ(training().run().log.changes().size(), 1u);
  QSignalSpy used(&window().files().sessions(), &ui::SessionFiles::used);
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, 20000));
  steps(2);
  EXPECT_EQ(*workbench().parameters(), after);
}

// While it takes a step: that one still counts, and nobody waits for it.
TEST_F(UndoTest, ARunThatGivesWayInAStepComesBackAfterIt) {
  useSmallData();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 2; }, 20000));
  window().files().openShipped("mlp");
  workbench().undo();
  ASSERT_TRUE(training().exists());
  EXPECT_FALSE(training().running());
  const std::shared_future<train::SavedRun> run = training().save();
  ASSERT_TRUE(QTest::qWaitFor([&] { return run.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, 20000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == run.get().checkpoint.step; }, 20000));
  EXPECT_EQ(*workbench().parameters(), run.get().checkpoint.parameters);
  const std::uint64_t before = step();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > before + 2; }, 20000));
}

TEST_F(UndoTest, ARunThatCannotBeKeptIsToldAndItsFileIsNotWrittenOver) {
  train();
  const QString path = folder.filePath("kept.convscope");
  workbench().markSaved(workbench().network(), workbench().parameters(), path, training().recipe(), training().run().identity);
  ui::KeptRun run = *training().keep();
  std::promise<train::SavedRun> none;
  none.set_exception(std::make_exception_ptr(std::bad_alloc()));
  run.saved = none.get_future().share();
  training().resume(std::make_shared<const ui::KeptRun>(run));
  EXPECT_FALSE(training().exists());
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty());
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Warning);
  EXPECT_NE(window().messages().message().issue.what.find("no memory to keep its training"), std::string::npos);
}

TEST_F(UndoTest, WeightsBroughtBackBringTheirRunBack) {
  train();
  const auto trained = workbench().parameters();
  workbench().reset();
  EXPECT_FALSE(training().exists());
  ASSERT_TRUE(window().messages().message().action);
  window().messages().message().action();
  EXPECT_EQ(*workbench().parameters(), *trained);
  ASSERT_TRUE(training().exists());
  EXPECT_EQ(step(), 1u);
  EXPECT_FALSE(training().run().metrics.empty());
  // And in the file in which what is offered is kept, should the program end.
  workbench().reset();
  ASSERT_EQ(workbench().unsavedWeights().offeredBack().size(), 1u);
  const ui::SessionFiles::Content content = window().files().sessions().contentOf(*workbench().unsavedWeights().offeredBack().front());
  const QString path = folder.filePath("kept.convscope");
  ui::SessionFiles::write(content, ui::SessionFiles::runOf(content, [] { return true; }), path);
  const io::SavedWork work = io::loadWork(path);
  ASSERT_TRUE(work.run);
  EXPECT_EQ(work.run->checkpoint.step, 1u);
  ASSERT_TRUE(work.data);
  EXPECT_EQ(work.data->source, folder.path());
}

TEST_F(UndoTest, TrainedWeightsAreHeldHoweverLargeAndWhatIsNotHeldIsTold) {
  QSettings().setValue("undo/heldBytes", 1);
  drawThree();
  const data::Picture three = workbench().inference().drawing();
  train();
  const auto trained = workbench().parameters();
  workbench().models().openShipped("lenet5");
  EXPECT_EQ(window().messages().count(), 0) << "harley is held";
  workbench().models().openShipped("mlp");
  EXPECT_TRUE(QString::fromStdString(window().messages().message().issue.what).startsWith("Undo does not bring it back"));
  workbench().undo();
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(*workbench().parameters(), *trained);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  workbench().undo();
  EXPECT_NE(window().padPanel().pad()->ink(), three.ink) << "the steps before are there still";
}

TEST_F(UndoTest, ImagesThatSeveralSessionsTrainOnAreHeldOnceAndCount) {
  train();
  const QString path = folder.filePath("s.convscope");
  QSignalSpy used(&window().files().sessions(), &ui::SessionFiles::used);
  window().files().sessions().save(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, 20000));
  std::set<const data::Dataset*> images;  // all of them are held, so that no two have one address
  const auto open = [&] {
    used.clear();
    images.insert(training().run().data.train->whole.get());
    window().files().openPath(path);
    EXPECT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, 20000));
    images.insert(training().run().data.train->whole.get());
    return ui::OpeningCommand::heldBy(workbench().undoStack()).size();
  };
  for (std::size_t held = 1; held < 4; ++held) EXPECT_EQ(open(), held);
  EXPECT_EQ(images.size(), 1u);
  workbench().undoStack().clear();
  const nn::Network& network = *workbench().network();
  const double withoutImages = scene::memoryToShow(network) + 3.0 * sizeof(float) * double(network.parameterCount());
  QSettings().setValue("undo/heldBytes", withoutImages + 600 * 784 - 1);
  EXPECT_EQ(open(), 0u);
  EXPECT_TRUE(window().messages().tells("Undo does not bring it back"));
  QSettings().setValue("undo/heldBytes", withoutImages + 600 * 784);
  EXPECT_EQ(open(), 1u);
}

TEST_F(UndoTest, NoOtherNetworkIsOpenedWhileTrainingRuns) {
  useSmallData();
  workbench().models().openShipped("mlp");
  drawThree();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 1; }, 20000));
  workbench().undo();
  EXPECT_TRUE(window().padPanel().pad()->isEmpty()) << "a drawing needs no pause";
  workbench().undo();
  EXPECT_EQ(workbench().model().name, "mlp");
  EXPECT_TRUE(training().running());
  ASSERT_TRUE(window().messages().message().action);
  window().messages().message().action();
  ASSERT_TRUE(QTest::qWaitFor([&] { return training().atRest(); }, 20000));
  workbench().undo();
  EXPECT_EQ(workbench().model().name, "harley");
}

TEST_F(UndoTest, WhatIsOfferedBackStaysUntilItIsAnsweredOrBackAnyway) {
  workbench().models().openShipped("mlp");
  train();
  const auto trained = workbench().parameters();
  workbench().undo();
  ASSERT_EQ(workbench().model().name, "harley");
  ASSERT_EQ(workbench().unsavedWeights().offeredBack().size(), 1u);
  EXPECT_FALSE(window().messages().message().refusalText.isEmpty()) << "it does not go by itself";
  workbench().redo();
  EXPECT_EQ(*workbench().parameters(), *trained);
  EXPECT_TRUE(workbench().unsavedWeights().offeredBack().empty()) << "they are back: nothing is offered twice";
  EXPECT_TRUE(window().messages().message().actionText.isEmpty());
  workbench().reset();
  EXPECT_EQ(workbench().unsavedWeights().offeredBack().size(), 1u);
  EXPECT_FALSE(window().messages().message().refusalText.isEmpty());
}

TEST_F(UndoTest, TheKeysAreTheWindowsWhileANumberFieldHasTheFocus) {
  auto* field = window().findChild<ui::NumberField*>("rateChoice");
  ASSERT_NE(field, nullptr);
  field->setFocus();
  field->selectAll();
  QTest::keyClicks(field, "0.25");
  QTest::keyClick(field, Qt::Key_Return);
  ASSERT_FLOAT_EQ(training().recipe().optimizer.learningRate, 0.25f);
  QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(training().recipe(), train::Recipe{});
  // Of what is being typed it takes back the typing.
  field->selectAll();
  QTest::keyClicks(field, "0.5");
  QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(training().recipe(), train::Recipe{});
}

}  // namespace
