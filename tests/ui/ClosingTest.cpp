// Closing the window while something that the person asked for is still being written, while it films, and with what is not saved.
#include <atomic>
#include <functional>
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QSignalSpy>
#include <QThread>

#include "io/Files.h"
#include "io/session/SavedWork.h"
#include "support/FakeFfmpeg.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/Recorder.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/Recovery.h"

namespace {

using uitest::WindowTest;

// They are in the file: changed, they are as little saved as weights are.
TEST_F(WindowTest, SettingsThatWereChangedSinceASessionWasSavedAreAskedAbout) {
  const QString path = folder.filePath("lecture.convscope");
  const auto choose = [this](const char* optimizer) {
    workbench().training().setField(*train::findRecipeField("optimizer"), std::string(optimizer));
  };
  const auto used = [this](const std::function<void()>& act) {
    QSignalSpy spy(&window().files().sessions(), &ui::SessionFiles::used);
    act();
    ASSERT_TRUE(QTest::qWaitFor([&] { return spy.count() > 0; }, 60000));
  };
  choose("sgd");
  EXPECT_FALSE(workbench().unsavedWeights().existOrSettingsChanged()) << "no session is open";
  used([&] { window().files().sessions().save(path); });
  program.reset();
  start();
  used([&] { window().files().openPath(path); });
  EXPECT_FALSE(window().isWindowModified());
  choose("adam");
  EXPECT_TRUE(window().isWindowModified());
  answer = ui::FileCommands::Unsaved::Cancel;
  EXPECT_FALSE(window().close());
  EXPECT_EQ(asked, 1);
  answer = ui::FileCommands::Unsaved::Save;
  window().close();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().isVisible(); }, 60000));
  EXPECT_EQ(io::loadWork(path).recipe.optimizer.kind, nn::OptimizerKind::Adam);
}

// What the person asked for is written before the program goes.
class ClosingWindowTest : public WindowTest {
 protected:
  void TearDown() override {
    m_goOn = true;
    program.reset();
  }
  void write(ui::Jobs::Lane lane, bool fails = false) {
    const auto work = [this, fails](const data::Progress& progress) -> ui::Jobs::Finish {
      while (!m_goOn && progress(-1)) QThread::msleep(1);
      if (fails) throw nn::Error("the disk is full", "big.png");
      return [] {};
    };
    workbench().jobs().start("Writing big.png", work, lane);
  }
  QMessageBox* box() { return window().findChild<QMessageBox*>("stillWriting"); }
  void closeAndAsk() {
    EXPECT_FALSE(window().close());
    ASSERT_TRUE(QTest::qWaitFor([&] { return box() && box()->isVisible(); }, 60000));
    EXPECT_TRUE(box()->text().contains("Writing big.png"));
    EXPECT_TRUE(window().isVisible());
  }
  void answerWith(QMessageBox::ButtonRole role) {
    for (QAbstractButton* button : box()->buttons())
      if (box()->buttonRole(button) == role) return button->click();
  }
  bool closes() {
    return QTest::qWaitFor([&] { return !window().isVisible(); }, 60000);
  }
  std::atomic<bool> m_goOn = false;
};

TEST_F(ClosingWindowTest, WaitsForAPictureThatIsBeingWritten) {
  write(ui::Jobs::Lane::Exports);
  closeAndAsk();
  m_goOn = true;
  EXPECT_TRUE(closes());
}

TEST_F(ClosingWindowTest, WaitsForAModelThatIsBeingSavedUntilThePersonGivesItUp) {
  write(ui::Jobs::Lane::Saving);
  closeAndAsk();
  answerWith(QMessageBox::DestructiveRole);
  EXPECT_TRUE(closes());
}

TEST_F(ClosingWindowTest, StaysOpenWhereThePersonSaysSo) {
  write(ui::Jobs::Lane::Exports);
  closeAndAsk();
  answerWith(QMessageBox::RejectRole);
  m_goOn = true;
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 60000));
  settle(50);
  EXPECT_TRUE(window().isVisible());
  EXPECT_EQ(box(), nullptr);
  EXPECT_TRUE(window().close());
}

TEST_F(ClosingWindowTest, StaysOpenAndTellsWhereWritingFails) {
  write(ui::Jobs::Lane::Exports, true);
  closeAndAsk();
  m_goOn = true;
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy() && !box(); }, 60000));
  settle(50);
  EXPECT_TRUE(window().isVisible());
  EXPECT_TRUE(window().messages().findChild<QLabel*>("messageText")->text().contains("the disk is full"));
}

TEST_F(ClosingWindowTest, FinishesTheFilmFirst) {
  FakeFfmpeg ffmpeg;
  const QString path = ffmpeg.filePath("film.mp4");
  window().findChild<ui::Recorder*>()->start(path);
  EXPECT_FALSE(window().close());
  EXPECT_TRUE(closes());
  EXPECT_TRUE(QFile::exists(path));
}

TEST_F(ClosingWindowTest, StaysOpenAndTellsWhereTheFilmFails) {
  FakeFfmpeg ffmpeg("cat > /dev/null\necho 'no such codec' >&2\nexit 1\n");
  auto* recorder = window().findChild<ui::Recorder*>();
  QSignalSpy failed(recorder, &ui::Recorder::failed);
  recorder->start(ffmpeg.filePath("film.mp4"));
  EXPECT_FALSE(window().close());
  ASSERT_TRUE(failed.count() > 0 || failed.wait(60000));
  settle(50);
  EXPECT_TRUE(window().isVisible());
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Failure);
  EXPECT_TRUE(window().close());
}

TEST_F(ClosingWindowTest, IsNotHeldUpByAFilmThatThePersonGivesUp) {
  FakeFfmpeg ffmpeg("cat > /dev/null\nsleep 600\n");
  const QString path = ffmpeg.filePath("film.mp4");
  window().findChild<ui::Recorder*>()->start(path);
  EXPECT_FALSE(window().close());
  ASSERT_TRUE(QTest::qWaitFor([&] { return box() && box()->isVisible(); }, 60000));
  EXPECT_TRUE(box()->text().contains("film")) << box()->text().toStdString();
  answerWith(QMessageBox::DestructiveRole);
  EXPECT_TRUE(closes());
  EXPECT_FALSE(QFile::exists(path));
}

TEST_F(ClosingWindowTest, WaitsForNothingThatIsOnlyRead) {
  write(ui::Jobs::Lane::Data);
  EXPECT_TRUE(window().close());
}

// A signal ends the program, or nothing does: what is kept is the person's drawing, not the lesson's.
TEST_F(ClosingWindowTest, WhatALessonDrawsIsNotKeptInThePlaceOfWhatWasThere) {
  ui::Recovery recovery(workbench(), window(), folder.filePath("recovery"));
  recovery.setPace(100000, 100000);
  drawThree();
  const QImage drawn = window().padPanel().pad()->picture();
  const auto kept = [&]() -> QByteArray {
    const QDir root(folder.filePath("recovery"));
    const QStringList files = root.entryList({"*.convscope"}, QDir::Files);
    return files.size() == 1 ? io::readFile(root.filePath(files.front()), 1 << 28) : QByteArray();
  };
  ASSERT_TRUE(window().commands().run("lesson.01-convolution"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !kept().isEmpty(); }, 60000)) << "before the lesson puts its own there";
  const QByteArray before = kept();
  recovery.setPace(0, 0);
  for (int step = 0; step < 6; ++step) {
    window().lessons().player().next();
    settle(50);
  }
  EXPECT_NE(window().padPanel().pad()->picture(), drawn);
  EXPECT_EQ(kept(), before);
  EXPECT_TRUE(recovery.keepNow());
  EXPECT_FALSE(window().lessons().player().isOpen());
  EXPECT_EQ(window().padPanel().pad()->picture(), drawn);
  EXPECT_EQ(kept(), before);
}

}  // namespace
