// The scene as a file: the questions before, and filming while the person works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "support/FakeFfmpeg.h"
#include "ui/WindowTest.h"
#include "ui/base/NumberField.h"
#include "ui/scene/ExportDialog.h"
#include "ui/scene/Recorder.h"
#include "ui/shell/MessageStrip.h"

namespace {

qint64 sizeOf(const QString& path) {
  return QFile(path).size();
}

TEST(ExportDialog, SaysTheSizeAndWhatIsMissing) {
  FakeFfmpeg ffmpeg;
  render::SceneCapture capture;
  capture.camera.setViewport(800, 500, {});
  ui::ExportDialog dialog(capture, nullptr);
  auto* kind = dialog.findChild<QComboBox*>("exportKind");
  auto* width = dialog.findChild<ui::NumberField*>("exportWidth");
  auto* save = dialog.findChild<QPushButton*>("exportSave");
  const auto shows = [&](const QString& text) {
    for (const QLabel* label : dialog.findChildren<QLabel*>())
      if (label->text().contains(text)) return true;
    return false;
  };
  EXPECT_EQ(dialog.suffix(), "png");
  width->setValue(1600);
  EXPECT_TRUE(shows("1000 px"));
  kind->setCurrentIndex(1);
  EXPECT_EQ(dialog.suffix(), "svg");
  EXPECT_FALSE(width->isEnabled()) << "vectors have no size";
  kind->setCurrentIndex(3);
  EXPECT_EQ(dialog.suffix(), "mp4");
  EXPECT_TRUE(save->isEnabled());
  ffmpeg.hide();
  kind->setCurrentIndex(4);
  EXPECT_EQ(dialog.suffix(), "gif");
  EXPECT_FALSE(save->isEnabled());
  EXPECT_TRUE(shows("apt install ffmpeg"));
}

QImage picture() {
  QImage image(8, 6, QImage::Format_RGB32);
  image.fill(Qt::green);
  return image;
}

TEST(Recorder, FilmsInItsOwnTime) {
  const FakeFfmpeg ffmpeg;
  int taken = 0;
  ui::Recorder recorder([&] {
    if (++taken == 3) QTest::qSleep(300);  // the window was busy
    return picture();
  });
  QSignalSpy saved(&recorder, &ui::Recorder::saved);
  const QString path = ffmpeg.filePath("film.mp4");
  recorder.start(path);
  EXPECT_TRUE(recorder.recording());
  ASSERT_TRUE(QTest::qWaitFor([&] { return recorder.seconds() >= 1; }, 20000));
  const double seconds = recorder.seconds();
  recorder.stop();
  EXPECT_FALSE(recorder.recording());
  ASSERT_TRUE(saved.wait(5000));
  const double pictures = double(sizeOf(path)) / (8 * 6 * 3);
  EXPECT_NEAR(pictures / ui::Recorder::kPicturesPerSecond, seconds, 0.35) << "left-out pictures are made up for";
  EXPECT_LT(taken, pictures);
}

TEST(Recorder, TellsOfAFailureAndCanBeginAnew) {
  FakeFfmpeg ffmpeg("exit 1\n");
  ui::Recorder recorder(picture);
  QSignalSpy failed(&recorder, &ui::Recorder::failed), changed(&recorder, &ui::Recorder::recordingChanged);
  recorder.start(ffmpeg.filePath("film.mp4"));
  ASSERT_TRUE(failed.wait(5000));
  EXPECT_FALSE(recorder.recording());
  EXPECT_EQ(changed.count(), 2);
  recorder.start(ffmpeg.filePath("film.mp4"));
  EXPECT_TRUE(recorder.recording());
  recorder.stop();
  EXPECT_TRUE(failed.count() == 2 || failed.wait(5000));
}

// A film is finished beside the window, and ffmpeg may hang.
TEST(Recorder, AHangingFilmIsCanceledAtOnce) {
  FakeFfmpeg ffmpeg("touch \"$(dirname \"$0\")/begun\"\ncat > /dev/null\nsleep 600\n");
  ui::Recorder recorder(picture);
  QSignalSpy dropped(&recorder, &ui::Recorder::dropped), failed(&recorder, &ui::Recorder::failed);
  const QString path = ffmpeg.filePath("film.mp4");
  recorder.start(path);
  EXPECT_FALSE(recorder.finishing());
  recorder.stop();
  EXPECT_TRUE(recorder.finishing());
  ASSERT_TRUE(QTest::qWaitFor([&] { return QFile::exists(ffmpeg.filePath("begun")); }, 20000)) << "ffmpeg is at work";
  EXPECT_FALSE(recorder.film().over());
  recorder.film().cancel();
  ASSERT_TRUE(dropped.wait(20000));  // ffmpeg is given a minute, else
  EXPECT_FALSE(recorder.finishing());
  EXPECT_TRUE(recorder.film().over());
  EXPECT_EQ(failed.count(), 0);
  EXPECT_FALSE(QFile::exists(path));
}

TEST(Recorder, AHangingFilmDoesNotHoldUpTheEnd) {
  FakeFfmpeg ffmpeg("touch \"$(dirname \"$0\")/begun\"\nsleep 600\n");
  QElapsedTimer clock;
  {
    ui::Recorder recorder(picture);
    recorder.start(ffmpeg.filePath("film.mp4"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return QFile::exists(ffmpeg.filePath("begun")); }, 20000));
    clock.start();
  }
  EXPECT_LT(clock.elapsed(), 20000) << "ffmpeg is given a minute, else";
}

TEST(Recorder, EndsTheFilmWithTheWindow) {
  const FakeFfmpeg ffmpeg;
  const QString path = ffmpeg.filePath("film.gif");
  {
    ui::Recorder recorder(picture);
    recorder.start(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return recorder.seconds() > 0.1; }, 20000));
  }
  EXPECT_GT(sizeOf(path), 0);
}

// There is no window any more that could tell it.
TEST(Recorder, TheEndTellsOnStderrWhichFilmIsNotWritten) {
  const auto toldOf = [](const QByteArray& script, bool gaveUp) {
    FakeFfmpeg ffmpeg("touch \"$(dirname \"$0\")/begun\"\ncat > /dev/null\n" + script);
    testing::internal::CaptureStderr();
    {
      ui::Recorder recorder(picture);
      recorder.start(ffmpeg.filePath("film.mp4"));
      EXPECT_TRUE(QTest::qWaitFor([&] { return QFile::exists(ffmpeg.filePath("begun")); }, 20000));
      recorder.stop();
      if (gaveUp) recorder.film().cancel();
    }
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(toldOf("echo 'no such codec' >&2\nexit 1\n", false),
              testing::MatchesRegex("convscope: .*/film.mp4: The film could not be written: ffmpeg says: no such codec.*\n"));
  EXPECT_THAT(toldOf("sleep 600\n", false),
              testing::MatchesRegex("convscope: .*/film.mp4: The film is not written: the program was ended before .*\n"));
  EXPECT_EQ(toldOf("sleep 600\n", true), "") << "the person knows";
  EXPECT_EQ(toldOf("echo film > \"$last\"\n", false), "");
}

class FilmedWindow : public uitest::WindowTest {};

TEST_F(FilmedWindow, WhatIsToldOfAFilmIsOverWithTheNextOne) {
  const auto film = [this](const QString& path) {
    auto* recorder = window().findChild<ui::Recorder*>();
    QSignalSpy saved(recorder, &ui::Recorder::saved), failed(recorder, &ui::Recorder::failed);
    recorder->start(path);
    EXPECT_TRUE(QTest::qWaitFor([&] { return failed.count() > 0 || recorder->seconds() > 0.1; }, 20000)) << "some pictures";
    recorder->stop();
    EXPECT_TRUE(QTest::qWaitFor([&] { return saved.count() + failed.count() > 0 && !workbench().jobs().busy(); }, 20000));
  };
  {
    FakeFfmpeg ffmpeg;
    ffmpeg.hide();
    window().findChild<QAction*>("file.film")->trigger();
    ASSERT_TRUE(window().messages().tells("which is not installed here"));
  }
  {
    FakeFfmpeg ffmpeg("cat > /dev/null\nexit 1\n");
    film(ffmpeg.filePath("film.mp4"));
    settle(50);
    EXPECT_TRUE(window().messages().tells("which is not installed here")) << "nothing was written";
    EXPECT_TRUE(window().messages().tells("The film could not be written"));
  }
  FakeFfmpeg ffmpeg;
  film(ffmpeg.filePath("film.mp4"));
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().messages().tells("The film is saved") && window().messages().count() == 1; }, 20000));
}

// A file shows nothing of the pointer, nor of a way that the view is on.
TEST_F(FilmedWindow, WhatIsTakenForAFileIsTheSceneAtRest) {
  drawThree();
  ui::Visitor visitor(*program);
  visitor.hover(visitor.liveliest("conv1"));
  ASSERT_TRUE(state().selection().hovered);
  host().controller().cameraController().focus(state().layout()->blocks[2].bounds);
  ASSERT_TRUE(host().controller().camera().moving());
  const render::SceneCapture capture = host().capture();
  EXPECT_FALSE(capture.state.selection().hovered);
  EXPECT_FALSE(capture.state.highlight());
  EXPECT_FALSE(capture.camera.moving());
  EXPECT_EQ(capture.motion.dimming, 0);
  EXPECT_TRUE(state().selection().hovered) << "the window's own stays as it is";
}

TEST_F(FilmedWindow, ShowsThatAFilmIsBeingFinishedAndCancelsIt) {
  FakeFfmpeg ffmpeg("sleep 600\n");
  auto* recorder = window().findChild<ui::Recorder*>();
  QSignalSpy dropped(recorder, &ui::Recorder::dropped);
  recorder->start(ffmpeg.filePath("film.mp4"));
  recorder->stop();
  EXPECT_EQ(workbench().jobs().title(), "Finishing the film");
  workbench().jobs().cancelAll();  // as the end of the program does, which leaves a film a moment
  ASSERT_TRUE(workbench().jobs().busy());
  window().findChild<QWidget*>("progressStrip")->findChild<QPushButton*>()->click();
  ASSERT_TRUE(dropped.wait(20000));  // ffmpeg is given a minute, else
  EXPECT_FALSE(workbench().jobs().busy());
}

}  // namespace
