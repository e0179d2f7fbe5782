// The camera before the pad, with pictures in its place.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>

#include "ui/PictureLoop.h"
#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/Workbench.h"
#include "ui/panels/drawing/CameraDialog.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

// A digit on a sheet in the middle of a frame, which reaches beyond it on both sides.
QImage frameOf(int digit) {
  const data::GrayImage drawn = data::strokeDigit(digit, std::uint64_t(3 + digit), 200);
  QImage frame(640, 400, QImage::Format_RGB32);
  frame.fill(QColor(230, 228, 220));
  QPainter painter(&frame);
  painter.fillRect(0, 0, 80, 400, QColor(60, 40, 30));  // what is beside the square is not read
  painter.end();
  for (int y = 0; y < drawn.height; ++y)
    for (int x = 0; x < drawn.width; ++x)
      if (drawn.ink[std::size_t(y * drawn.width + x)] > 0.5f)
        frame.setPixel(320 - drawn.width / 2 + x, 200 - drawn.height / 2 + y, qRgb(20, 20, 40));
  return frame;
}

class CameraTest : public uitest::WindowTest {
 protected:
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }
  void open(QList<QImage> frames, std::vector<ui::FrameSource::Device> devices = {{"loop", "A loop of pictures"}}) {
    auto source = std::make_unique<uitest::PictureLoop>(std::move(frames));
    source->there = std::move(devices);
    loop = source.get();
    camera = new ui::CameraDialog(pad(), std::move(source), &window());
    camera->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(camera, &ui::CameraDialog::taken, &window().files(), &ui::FileCommands::pictureRead);
    camera->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(camera));
  }
  bool answers(int digit) {
    return QTest::qWaitFor([&] { return window().answer().winner() == digit; }, 20000);
  }
  bool closed() {
    return QTest::qWaitFor([&] { return camera.isNull(); }, 5000);
  }
  void press(const char* button) { camera->findChild<QPushButton*>(button)->click(); }

  QPointer<ui::CameraDialog> camera;
  QPointer<uitest::PictureLoop> loop;
};

TEST_F(CameraTest, WhatItSeesIsAnsweredAsLongAsItIsOpen) {
  drawThree();
  const ui::DrawingPad::Content before = pad().content();
  const int steps = workbench().undoStack().count();
  open({frameOf(7)});
  EXPECT_TRUE(answers(7));
  EXPECT_EQ(workbench().undoStack().count(), steps) << "to look is no edit";
  EXPECT_TRUE(camera->words().contains("square")) << camera->words().toStdString();
  pictures::keep(*camera, "camera");
  camera->close();
  ASSERT_TRUE(closed());
  EXPECT_TRUE(pad().content() == before) << "what was drawn is there again";
  EXPECT_TRUE(answers(3));
}

TEST_F(CameraTest, APictureThatIsTakenStaysAndCanBeUndone) {
  drawThree();
  const ui::DrawingPad::Content before = pad().content();
  open({frameOf(7)});
  ASSERT_TRUE(answers(7));
  const int steps = workbench().undoStack().count();
  press("cameraTake");
  ASSERT_TRUE(closed());
  EXPECT_TRUE(answers(7));
  EXPECT_EQ(workbench().undoStack().count(), steps + 1);
  EXPECT_EQ(window().messages().count(), 0u);
  workbench().undo();
  EXPECT_TRUE(pad().content() == before);
  EXPECT_TRUE(answers(3));
}

TEST_F(CameraTest, TheNewestFrameCountsAndNotEveryOne) {
  open({frameOf(1), frameOf(7)});
  ASSERT_TRUE(answers(7));
  ASSERT_TRUE(answers(1));
  QSignalSpy put(&pad(), &ui::DrawingPad::inkChanged);
  QElapsedTimer spent;
  spent.start();
  const int from = loop->given;
  ASSERT_TRUE(QTest::qWaitFor([&] { return loop->given >= from + 40 && put.count() > 1; }, 20000));
  EXPECT_LE(put.count(), spent.elapsed() / 100 + 2) << "ten a second of fifty";
}

TEST_F(CameraTest, WhoDrawsOnThePadEndsIt) {
  open({frameOf(7)});
  ASSERT_TRUE(answers(7));
  pad().clear();
  ASSERT_TRUE(closed());
  settle(50);
  EXPECT_TRUE(pad().isEmpty()) << "what the person did last counts";
}

TEST_F(CameraTest, SaysWhatIsMissingAndTakesWhatComes) {
  drawThree();
  open({frameOf(7)}, {});
  EXPECT_TRUE(camera->words().contains("There is no camera. Connect one")) << camera->words().toStdString();
  EXPECT_FALSE(camera->findChild<QPushButton*>("cameraTake")->isEnabled());
  loop->there = {{"first", "First"}, {"second", "Second"}};
  emit loop->devicesChanged();
  EXPECT_TRUE(answers(7));
  auto* devices = camera->findChild<QComboBox*>("cameraDevices");
  EXPECT_TRUE(devices->isVisible());
  devices->setCurrentIndex(1);
  EXPECT_EQ(loop->started, (QStringList{"first", "second"}));
  emit loop->devicesChanged();
  EXPECT_EQ(loop->started.size(), 2) << "the one that is used goes on";
  emit loop->failed({"Second", "The camera cannot be used: busy", "Another program may be using it."});
  EXPECT_TRUE(camera->words().contains("The camera cannot be used: busy. Another program may be using it."));
  camera->close();
  ASSERT_TRUE(closed());
  EXPECT_TRUE(answers(3));
}

TEST_F(CameraTest, ReadsTheSquareInTheMiddle) {
  EXPECT_EQ(ui::CameraDialog::squareOf({640, 400}), QRect(160, 40, 320, 320));
  EXPECT_EQ(ui::CameraDialog::squareOf({1, 1}).size(), QSize(1, 1));
}

TEST_F(CameraTest, IsACommandThatSaysWhatToInstallWhereNoCameraCanBeRead) {
  if (ui::hasCameraSupport()) GTEST_SKIP() << "Qt Multimedia is here";
  window().findChild<QAction*>("file.camera")->trigger();
  EXPECT_TRUE(window().messages().tells("built without Qt Multimedia"));
  EXPECT_EQ(window().findChild<ui::CameraDialog*>(), nullptr);
}

}  // namespace
