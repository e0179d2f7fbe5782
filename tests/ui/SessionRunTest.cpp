// The run of a session is not lost by what is asked for while it opens, by an export, nor by saving another in its place.
#include <atomic>
#include <gtest/gtest.h>

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QThread>
#include <QTimer>

#include "io/session/SavedWork.h"
#include "support/FullDisk.h"
#include "ui/SteppingWindow.h"
#include "ui/shell/MessageStrip.h"

namespace {

constexpr int kLongestMs = 60000;

class SessionRunTest : public uitest::SteppingWindow {
 protected:
  // A session whose run has taken three steps lies at `path`, and the program is started anew.
  void SetUp() override {
    SteppingWindow::SetUp();
    window().files().openShipped("tiny");
    useSmallData();
    steps(3);
    saved([&] { sessions().save(path); });
    program.reset();
    start();
  }
  void saved(const std::function<void()>& act) {
    QSignalSpy used(&sessions(), &ui::SessionFiles::used);
    act();
    ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() > 0; }, kLongestMs));
  }
  void open() {
    saved([&] { window().files().openPath(path); });
  }
  bool isRest() {
    return QTest::qWaitFor([&] { return !workbench().jobs().busy() && workbench().training().atRest(); }, kLongestMs);
  }
  // Presses the button of the next question whose text holds `words`; the question itself.
  QString answered(const QString& words, const std::function<void()>& act) {
    QString question;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (!box || !question.isEmpty()) return;
      question = box->text() + ' ' + box->informativeText();
      for (QAbstractButton* button : box->buttons())
        if (button->text().remove('&').contains(words)) return button->click();
      ADD_FAILURE() << "no button says " << words.toStdString();
      box->reject();
    });
    timer.start(1);
    act();
    return question;
  }
  std::uint64_t stepsInFile() {
    const io::SavedWork work = io::loadWork(path);
    return work.run ? work.run->checkpoint.step : 0;
  }
};

TEST_F(SessionRunTest, PlayThatIsAskedForWhileItOpensGoesOnWithItsRun) {
  window().files().openPath(path);
  key(Qt::Key_Space);
  EXPECT_TRUE(workbench().training().running()) << "it is awaited";
  EXPECT_FALSE(workbench().jobs().busy(ui::Jobs::Lane::Data)) << "the session brings its data";
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 4; }, kLongestMs));
  EXPECT_EQ(workbench().model().sessionFile, path);
  EXPECT_EQ(workbench().library().current().key, folder.path());
  EXPECT_TRUE(window().isWindowModified());
}

TEST_F(SessionRunTest, AStepThatIsAskedForWhileItOpensIsTheNextOfItsRun) {
  window().files().openPath(path);
  key(Qt::Key_Period);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 4; }, kLongestMs));
  ASSERT_TRUE(isRest());
  EXPECT_EQ(step(), 4u);
  EXPECT_FALSE(workbench().training().running());
}

TEST_F(SessionRunTest, PlayThatIsTakenBackOrComesToNothingTrainsNothing) {
  window().files().openPath(path);
  key(Qt::Key_Space);
  key(Qt::Key_Space);
  EXPECT_FALSE(workbench().training().running());
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 3; }, kLongestMs));
  ASSERT_TRUE(isRest());
  settle(150);
  EXPECT_EQ(step(), 3u);
  QFile broken(folder.filePath("broken.convscope"));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.close();
  window().files().openPath(broken.fileName());
  key(Qt::Key_Space);
  EXPECT_TRUE(workbench().training().running());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running(); }, kLongestMs));
  ASSERT_TRUE(isRest());
  settle(150);
  EXPECT_EQ(step(), 3u) << "what did not open is not trained, nor is what it was to replace";
}

TEST_F(SessionRunTest, PlayWaitsForTheAnswerWhetherItOpens) {
  useSmallData();
  steps(1);
  const QString own = workbench().model().name;
  std::uint64_t stepsAtQuestion = 0;
  window().files().setQuestion([&] {
    settle(150);
    stepsAtQuestion = step();
    return ui::FileCommands::Unsaved::Discard;
  });
  window().files().openPath(path);
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 4; }, kLongestMs));
  EXPECT_EQ(stepsAtQuestion, 1u);
  EXPECT_NE(workbench().model().name, own);
  EXPECT_EQ(workbench().model().sessionFile, path);
}

TEST_F(SessionRunTest, DataThatWasStillBeingLoadedDoesNotEndTheRunThatOpens) {
  std::atomic<bool> ended = false;
  const auto slow = [&ended](const data::Progress& progress) -> ui::Jobs::Finish {
    while (progress(-1)) QThread::msleep(1);
    ended = true;
    return {};
  };
  workbench().jobs().start("Loading", slow, ui::Jobs::Lane::Data);
  const QString other = folder.filePath("other");
  QDir().mkpath(other);
  const auto digits = data::generateStrokeDigits(100, 6);
  io::writeIdx(other + "/train-images-idx3-ubyte", other + "/train-labels-idx1-ubyte", *digits);
  workbench().library().addFolder(other);
  open();
  EXPECT_TRUE(window().messages().tells("what was being loaded is left"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return ended.load(); }, kLongestMs));
  ASSERT_TRUE(isRest());
  settle(150);
  EXPECT_EQ(workbench().library().current().key, folder.path());
  EXPECT_EQ(step(), 3u);
  EXPECT_FALSE(window().isWindowModified());
}

// A file of the model holds the weights, nothing else of the run.
TEST_F(SessionRunTest, AnExportIsNoPlaceForIt) {
  open();
  steps(1);
  bool exported = false;
  workbench().save(folder.filePath("mine.onnx"), [&] { exported = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return exported; }, kLongestMs));
  EXPECT_TRUE(window().isWindowModified());
  window().files().setQuestion({});
  const QString question = answered("Do not quit", [&] { window().close(); });
  EXPECT_TRUE(question.contains("Its weights are in mine.onnx")) << question.toStdString();
  EXPECT_TRUE(question.contains("its curves and the state of its optimizer are in no file")) << question.toStdString();
  saved([&] { window().files().saveSession(); });
  EXPECT_EQ(stepsInFile(), 4u);
  EXPECT_FALSE(window().isWindowModified());
}

TEST_F(SessionRunTest, AnotherRunTakesItsPlaceInTheFileOnlyWhereThePersonSaysSo) {
  open();
  workbench().reset();
  EXPECT_EQ(step(), 0u);
  EXPECT_TRUE(window().isWindowModified());
  const QString question = answered("Cancel", [&] { window().files().saveSession(); });
  EXPECT_TRUE(question.contains("Replace what is in lecture.convscope?")) << question.toStdString();
  ASSERT_TRUE(isRest());
  EXPECT_EQ(stepsInFile(), 3u);
  steps(1);
  saved([&] { answered("Replace it", [&] { window().files().saveSession(); }); });
  EXPECT_EQ(stepsInFile(), 1u);
  EXPECT_FALSE(window().isWindowModified());
  steps(1);
  saved([&] { window().files().saveSession(); });  // without a question: it went on from the one in the file
  EXPECT_EQ(stepsInFile(), 2u);
}

TEST_F(SessionRunTest, ARunThatIsBroughtBackGoesOnFromTheOneInTheFile) {
  open();
  steps(1);
  workbench().reset();
  EXPECT_FALSE(window().messages().closeAction()->isEnabled()) << "what gave way is let go by its button alone";
  window().findChild<QPushButton*>("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 4; }, kLongestMs));
  saved([&] { window().files().saveSession(); });
  EXPECT_EQ(stepsInFile(), 4u);
  // Also where undo took it away meanwhile.
  workbench().undo();
  workbench().redo();
  EXPECT_FALSE(window().isWindowModified());
  // Other data is another run.
  workbench().library().choose("strokes", workbench().training().running());
  EXPECT_TRUE(window().isWindowModified());
}

TEST_F(SessionRunTest, WhatIsBroughtBackHasTheSettingsThatItWasTrainedWith) {
  useSmallData();
  train::Recipe recipe = workbench().training().recipe();
  recipe.batchSize = 20;
  workbench().training().setRecipe(recipe);
  steps(1);
  workbench().reset();
  open();
  EXPECT_NE(workbench().training().recipe(), recipe);
  window().findChild<QPushButton*>("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1; }, kLongestMs));
  EXPECT_EQ(workbench().training().recipe(), recipe);
  workbench().undo();
  EXPECT_EQ(step(), 3u);
  EXPECT_NE(workbench().training().recipe(), recipe) << "the session's own";
}

TEST_F(SessionRunTest, TrainingGoesOnWhereItCannotBeSavedBeforeTheProgramEnds) {
  open();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 4; }, kLongestMs));
  answer = ui::FileCommands::Unsaved::Save;
  const FileSizeLimit limit(1000);
  EXPECT_FALSE(window().close());
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().message().kind == ui::Message::Kind::Failure; }, kLongestMs));
  EXPECT_TRUE(workbench().training().running());
  EXPECT_TRUE(window().isVisible());
}

}  // namespace
