// What a person made outlives a lesson: the training under way, a session that is opened meanwhile, and what undo takes back.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QUndoStack>

#include "io/Files.h"
#include "io/session/SavedWork.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/LessonStage.h"

namespace {

using ui::Mode;

class LessonWorkTest : public uitest::WindowTest {
 protected:
  static constexpr const char* kTestOnly = "90-test-only";  // about "tiny"

  ui::LessonPlayer& player() { return window().lessons().player(); }
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }
  ui::TrainingController& training() { return workbench().training(); }
  QString path() { return folder.filePath("lecture.convscope"); }
  void begin() {
    window().commands().run(QStringLiteral("lesson.") + kTestOnly);
    settle(50);
  }
  void train(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint64_t before = step();
      workbench().singleStep();
      ASSERT_TRUE(QTest::qWaitFor([&] { return step() == before + 1 && training().atRest(); }, 20000));
    }
  }
  void save() {
    QSignalSpy used(&window().files().sessions(), &ui::SessionFiles::used);
    window().files().sessions().save(path());
    ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, 20000));
  }
};

TEST_F(LessonWorkTest, LeftItGivesTheTrainingBackAndTheSessionKeepsItsRun) {
  useSmallData();
  train(3);
  save();
  const auto trained = workbench().parameters();
  const train::MetricLog::Series curves = training().run().metrics.all();
  begin();
  ASSERT_TRUE(player().isOpen());
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(training().exists());
  window().lessons().leave();
  EXPECT_EQ(workbench().parameters(), trained);
  ASSERT_TRUE(training().exists());
  EXPECT_EQ(step(), 3u);
  EXPECT_EQ(training().run().metrics.all(), curves);
  EXPECT_EQ(workbench().model().sessionFile, path());
  // Saved nowhere since, and the program ends in the middle of a lesson.
  train(1);
  begin();
  EXPECT_EQ(asked, 1);
  ASSERT_TRUE(player().isOpen());
  answer = ui::FileCommands::Unsaved::Save;
  EXPECT_FALSE(window().close());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().isVisible(); }, 20000));
  const io::SavedWork work = io::loadWork(path());
  ASSERT_TRUE(work.run);
  EXPECT_EQ(work.run->checkpoint.step, 4u);
}

TEST_F(LessonWorkTest, ASessionThatIsOpenedEndsTheLesson) {
  useSmallData();
  train(2);
  save();
  const auto trained = workbench().parameters();
  window().files().openShipped("mlp");
  const auto opens = [&](const std::function<void()>& act) {
    QSignalSpy used(&window().files().sessions(), &ui::SessionFiles::used);
    act();
    ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, 20000));
    settle(50);
    EXPECT_FALSE(player().isOpen());
    EXPECT_EQ(workbench().model().name, "harley");
    EXPECT_EQ(*workbench().parameters(), *trained);
    EXPECT_EQ(workbench().model().sessionFile, path());
    EXPECT_EQ(step(), 2u);
    EXPECT_EQ(window().panels().mode(), Mode::Train);
    workbench().undo();
    EXPECT_EQ(workbench().model().name, "mlp") << "what was there before the lesson";
  };
  opens([&] {
    begin();
    ASSERT_EQ(workbench().model().name, "tiny");
    window().files().openPath(path());
  });
  opens([&] {
    window().files().openPath(path());
    begin();
  });
}

TEST_F(LessonWorkTest, WhatIsUnsavedIsSavedFirstAndThenItBegins) {
  useSmallData();
  train(1);
  save();
  train(1);
  const auto trained = workbench().parameters();
  answer = ui::FileCommands::Unsaved::Save;
  begin();
  ASSERT_TRUE(QTest::qWaitFor([&] { return player().isOpen(); }, 20000));
  settle(50);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(workbench().model().name, "tiny");
  EXPECT_FALSE(pad().isEmpty()) << "its first step is shown";
  EXPECT_FALSE(player().away());
  EXPECT_EQ(io::loadWork(path()).run->checkpoint.step, 2u);
  window().lessons().leave();
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(workbench().parameters(), trained);
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  EXPECT_EQ(step(), 2u);
}

// What was trained in the lesson stays until it may go, and the lesson with it.
TEST_F(LessonWorkTest, AStepWaitsForTheAnswerAboutWhatWasTrainedInIt) {
  const QString lesson = folder.filePath("mine.md");
  io::writeFile(lesson, "# Mine\n\nA summary.\n\n```lesson\nnetwork mlp\n```\n\n## One\n\nWords.\n");
  useSmallData();
  window().files().openPath(lesson);
  ASSERT_TRUE(QTest::qWaitFor([&] { return player().isOpen(); }, 20000));
  ASSERT_EQ(workbench().model().name, "mlp");
  train(1);
  const auto trained = workbench().parameters();
  answer = ui::FileCommands::Unsaved::Cancel;
  window().commands().run("lesson.resume");
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(player().isOpen());
  EXPECT_TRUE(player().away());
  EXPECT_EQ(workbench().parameters(), trained);
  answer = ui::FileCommands::Unsaved::Discard;
  window().commands().run("lesson.resume");
  settle(50);
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(player().away());
  EXPECT_EQ(workbench().parameters(), workbench().model().trained);
}

TEST_F(LessonWorkTest, UndoTakesBackTheLastActAndNoMore) {
  begin();
  const auto drawn = pad().ink();
  ui::Visitor(*program).stroke({{40, 40}, {200, 60}});
  settle(50);
  const auto own = pad().ink();
  ASSERT_NE(own, drawn);
  workbench().models().openShipped("mlp");
  settle(50);
  workbench().undo();
  settle(50);
  EXPECT_EQ(workbench().model().name, "tiny");
  EXPECT_EQ(pad().ink(), own) << "of the person's";
  EXPECT_TRUE(workbench().undoStack().canRedo());
  EXPECT_TRUE(player().away());
  workbench().undo();
  EXPECT_EQ(pad().ink(), drawn);
  workbench().redo();
  workbench().redo();
  EXPECT_EQ(workbench().model().name, "mlp");
}

}  // namespace
