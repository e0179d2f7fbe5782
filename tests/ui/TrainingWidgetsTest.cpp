#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/MessageStrip.h"
#include "ui/training/CurvesView.h"
#include "ui/training/RateSpinBox.h"
#include "ui/training/TransportButtons.h"

namespace {

using ui::Message;

TEST(RateSpinBoxTest, ArrowsGoByOneTwoFive) {
  ui::RateSpinBox box;
  box.setValue(0.001);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.002);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.005);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.01);
  QTest::keyClick(&box, Qt::Key_Down);
  EXPECT_DOUBLE_EQ(box.value(), 0.005);
  box.setValue(0.0034);
  QTest::keyClick(&box, Qt::Key_Down);
  EXPECT_DOUBLE_EQ(box.value(), 0.002);
}

TEST(RateSpinBoxTest, StopsAtItsEnds) {
  ui::RateSpinBox box;
  box.setValue(box.maximum());
  box.stepBy(3);
  EXPECT_DOUBLE_EQ(box.value(), box.maximum());
  box.setValue(box.minimum());
  box.stepBy(-3);
  EXPECT_DOUBLE_EQ(box.value(), box.minimum());
}

TEST(TransportButtonsTest, TheSameButtonPlaysAndPauses) {
  ui::TransportButtons buttons;
  buttons.setTheme(ui::lightTheme());
  auto* play = buttons.findChild<QToolButton*>("playButton");
  ASSERT_NE(play, nullptr);
  const QSignalSpy played(&buttons, &ui::TransportButtons::playAsked), paused(&buttons, &ui::TransportButtons::pauseAsked);
  QTest::mouseClick(play, Qt::LeftButton);
  EXPECT_EQ(played.count(), 1);
  EXPECT_EQ(paused.count(), 0);
  buttons.setRunning(true);
  QTest::mouseClick(play, Qt::LeftButton);
  EXPECT_EQ(played.count(), 1);
  EXPECT_EQ(paused.count(), 1);
}

TEST(MessageStripTest, SaysWhatWhereAndWhatToDoAndWaitsForNobody) {
  ui::MessageStrip strip;
  EXPECT_TRUE(strip.isHidden());
  strip.showMessage({Message::Kind::Failure, {"a.onnx", "It is cut off", "Copy it again"}, {}, {}});
  EXPECT_FALSE(strip.isHidden());
  bool found = false;
  for (const QLabel* label : strip.findChildren<QLabel*>())
    found |= label->text().contains("a.onnx") && label->text().contains("It is cut off") && label->text().contains("Copy it again");
  EXPECT_TRUE(found);
  strip.dismiss();
  EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStripTest, TextOfAFileIsNotTakenForMarkup) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"<img>", "bad", ""}, {}, {}});
  bool escaped = false;
  for (const QLabel* label : strip.findChildren<QLabel*>()) escaped |= label->text().contains("&lt;img&gt;");
  EXPECT_TRUE(escaped);
}

TEST(MessageStripTest, ASecondProblemIsShownAfterTheFirst) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"", "first", ""}, {}, {}});
  strip.showMessage({Message::Kind::Failure, {"", "second", ""}, {}, {}});
  EXPECT_EQ(strip.message().issue.what, "first");
  strip.dismiss();
  EXPECT_FALSE(strip.isHidden());
  EXPECT_EQ(strip.message().issue.what, "second");
  strip.dismiss();
  EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStripTest, InformationDoesNotSwallowAFailure) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"", "broken", ""}, {}, {}});
  strip.showMessage({Message::Kind::Info, {"", "saved", ""}, {}, {}});
  strip.dismiss();
  EXPECT_EQ(strip.message().issue.what, "broken");
  EXPECT_FALSE(strip.isHidden());
}

TEST(MessageStripTest, ItsActionRunsOnce) {
  ui::MessageStrip strip;
  int ran = 0;
  strip.showMessage({Message::Kind::Info, {"", "reset", ""}, "Undo", [&] { ++ran; }});
  QTest::mouseClick(strip.findChild<QPushButton*>(), Qt::LeftButton);
  EXPECT_EQ(ran, 1);
  EXPECT_TRUE(strip.isHidden());
}

TEST(CurvesViewTest, RedrawsOnlyWhenPointsCame) {
  ui::CurvesView view;
  view.setTheme(ui::darkTheme());
  std::vector<train::MetricPoint> points(3);
  view.setPoints(&points);
  view.resize(500, 150);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  QTest::qWait(400);
  const int before = view.redraws();
  QTest::qWait(600);
  EXPECT_EQ(view.redraws(), before);
  for (int i = 0; i < 20; ++i) view.pointsAdded();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view.redraws() > before; }, 2000));
  EXPECT_EQ(view.redraws(), before + 1);
}

}  // namespace
