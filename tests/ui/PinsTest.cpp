// Several units side by side: by Ctrl and a click in the scene, by the pin on a sheet, by key; one in large type; in the real window,
// without OpenGL.
#include <gtest/gtest.h>
#include <utility>

#include <QBuffer>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSvgGenerator>

#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/InspectorSheet.h"

namespace {

using scene::UnitId;

class PinsTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    drawThree();
  }
  ui::Inspector& inspector() { return *window().findChild<ui::Inspector*>(); }
  QPoint placeOf(const scene::CellRef& cell) {
    const scene::Vec3 at = window().scene().controller().camera().project(state().layout()->center(cell));
    return {qRound(at.x), qRound(at.y)};
  }
  void click(const UnitId& which, Qt::KeyboardModifiers modifiers = {}) {
    // The scene has its new width, and the picture of it too.
    QSize before;
    ASSERT_TRUE(QTest::qWaitFor([&] {
      const QSize now = window().scene().focusProxy()->size();
      return std::exchange(before, now) == now && !window().scene().controller().moving();
    }));
    QTest::mouseClick(window().scene().focusProxy(), Qt::LeftButton, modifiers, placeOf(*state().layout()->locate(which)));
    settle(20);
  }
  QToolButton* button(int panel, const char* name) { return inspector().panel(panel)->findChild<QToolButton*>(name); }
};

TEST_F(PinsTest, CtrlAndAClickShowsUnitsSideBySideInAWiderDock) {
  const UnitId first = unit("output", {2, 0, 0}), second = unit("output", {5, 0, 0});
  click(first);
  EXPECT_EQ(inspector().unitCount(), 1);
  const int before = inspector().width();
  click(second, Qt::ControlModifier);
  ASSERT_EQ(inspector().unitCount(), 2);
  EXPECT_EQ(inspector().panel(0)->explanation()->unit, first);
  EXPECT_EQ(inspector().panel(1)->explanation()->unit, second);
  EXPECT_EQ(workbench().selection().pinned(), second);
  EXPECT_EQ(state().selection().pins.all(), (std::vector{first, second})) << "marked in the scene too";
  EXPECT_GT(inspector().width(), before + 100);
  EXPECT_GT(window().scene().width(), 380);
  QTest::mouseClick(window().scene().focusProxy(), Qt::LeftButton, Qt::ControlModifier, {3, 60});
  EXPECT_EQ(inspector().unitCount(), 2) << "beside all units";
  click(first, Qt::ControlModifier);
  ASSERT_EQ(inspector().unitCount(), 1);
  EXPECT_EQ(inspector().panel(0)->explanation()->unit, second);
  EXPECT_NEAR(inspector().width(), before, 2);
}

TEST_F(PinsTest, ThePinOfASheetHoldsItsUnitAndItsCrossLetsItGo) {
  click(unit("conv1", {1, 12, 12}));
  QTest::mouseClick(button(0, "inspectorKeep"), Qt::LeftButton);
  click(unit("pool1", {3, 6, 6}));
  ASSERT_EQ(inspector().unitCount(), 2);
  EXPECT_TRUE(button(0, "inspectorKeep")->isChecked());
  EXPECT_FALSE(button(1, "inspectorKeep")->isChecked());
  click(unit("pool1", {0, 6, 6}));
  ASSERT_EQ(inspector().unitCount(), 2) << "what is not held makes room";
  EXPECT_EQ(inspector().panel(1)->explanation()->unit, unit("pool1", {0, 6, 6}));
  QTest::mouseClick(button(0, "inspectorClose"), Qt::LeftButton);
  ASSERT_EQ(inspector().unitCount(), 1);
  EXPECT_EQ(inspector().panel(0)->explanation()->unit, unit("pool1", {0, 6, 6}));
}

TEST_F(PinsTest, AKeyHoldsTooAndEscapeLetsAllGo) {
  workbench().selection().pin(unit("conv1", {1, 12, 12}));
  key(Qt::Key_H);
  workbench().selection().pin(unit("conv1", {2, 12, 12}));
  EXPECT_EQ(inspector().unitCount(), 2);
  key(Qt::Key_Escape);
  EXPECT_FALSE(workbench().selection().pinned());
  EXPECT_EQ(inspector().unitCount(), 1);
  key(Qt::Key_Escape);
  EXPECT_TRUE(workbench().selection().pins().all().empty());
  EXPECT_FALSE(inspector().isVisible());
}

TEST_F(PinsTest, TheyFollowTheDrawingAndGoWithTheNetwork) {
  workbench().selection().toggle(unit("conv1", {1, 12, 12}));
  workbench().selection().toggle(unit("output", {3, 0, 0}));
  const float before = inspector().panel(1)->explanation()->value;
  workbench().inference().setDrawing({});
  settle(50);
  EXPECT_NE(inspector().panel(1)->explanation()->value, before);
  EXPECT_FLOAT_EQ(inspector().panel(1)->explanation()->value, workbench().inference().values()->at(unit("output", {3, 0, 0})));
  workbench().models().openShipped("mlp");
  settle(50);
  EXPECT_TRUE(workbench().selection().pins().all().empty());
  EXPECT_TRUE(state().selection().pins.all().empty());
}

TEST_F(PinsTest, FourAreTheMostAndMoreIsTold) {
  for (int map = 0; map < 4; ++map) workbench().selection().toggle(unit("conv1", {map, 12, 12}));
  ASSERT_EQ(inspector().unitCount(), 4);
  QSignalSpy told(&workbench(), &ui::Workbench::messageRaised);
  workbench().selection().toggle(unit("conv1", {5, 12, 12}));
  EXPECT_EQ(inspector().unitCount(), 4);
  EXPECT_EQ(told.size(), 1);
}

TEST_F(PinsTest, NothingIsPinnedThatTheNetworkLacks) {
  ui::Selection& selection = workbench().selection();
  selection.pin(unit("conv1", {2, 6, 6}));
  for (const UnitId& missing : {UnitId{-1, {}}, UnitId{99, {}}, unit("conv1", {2, 28, 6}), unit("output", {10, 0, 0})}) {
    selection.pin(missing);
    selection.toggle(missing);
    selection.pinBeside(missing, true);
  }
  EXPECT_EQ(selection.pins().all(), std::vector{unit("conv1", {2, 6, 6})});
  EXPECT_EQ(state().selection().pins, selection.pins());
}

TEST_F(PinsTest, LikeRowsStandAtTheSameHeightAndScrollTogether) {
  workbench().selection().toggle(unit("conv2", {1, 5, 5}));
  workbench().selection().toggle(unit("conv2", {9, 0, 5}));
  const auto* left = inspector().panel(0);
  const auto* right = inspector().panel(1);
  const std::vector<double> own = left->sheet()->ownHeights(), other = right->sheet()->ownHeights();
  ASSERT_EQ(own.size(), other.size());
  settle(20);
  ASSERT_EQ(left->sheet()->height(), right->sheet()->height());
  ASSERT_GT(left->scrollBar()->maximum(), 60);
  left->scrollBar()->setValue(60);
  EXPECT_EQ(right->scrollBar()->value(), 60);
}

TEST_F(PinsTest, AClickHoldsAWeightAndEscapeFreesIt) {
  const int conv1 = state().layout()->blockOfNode[std::size_t(workbench().network()->find("conv1"))];
  const scene::CellRef weight{state().layout()->blocks[std::size_t(conv1)].firstKernelSheet + 2, 2, 2, 0};
  QWidget* view = window().scene().focusProxy();
  QTest::mouseClick(view, Qt::LeftButton, {}, placeOf(weight));
  ASSERT_TRUE(state().selection().heldWeight);
  EXPECT_EQ(state().selection().heldWeight->cell, weight);
  QEvent leave(QEvent::Leave);
  QCoreApplication::sendEvent(view, &leave);
  ASSERT_TRUE(state().highlight());
  EXPECT_EQ(state().highlight()->kind, scene::Highlight::Kind::Weight);
  key(Qt::Key_Escape);
  EXPECT_FALSE(state().selection().heldWeight);
  EXPECT_FALSE(state().highlight());
}

// Which inputs the numbers are of is read beside each of them, however narrow the columns are.
TEST_F(PinsTest, NoNameOfAnInputIsCutAway) {
  window().resize(1280, 800);
  settle(50);
  click(unit("dense1", {4, 0, 0}));
  workbench().selection().pinBeside(unit("conv1", {1, 10, 10}), true);
  workbench().selection().pinBeside(unit("conv2", {3, 2, 2}), true);
  settle(50);
  ASSERT_EQ(inspector().unitCount(), 3);
  for (int i = 0; i < 3; ++i) {
    QBuffer drawn;
    QSvgGenerator paper;
    paper.setOutputDevice(&drawn);
    paper.setSize(inspector().panel(i)->sheet()->size());
    QPainter painter(&paper);
    inspector().panel(i)->sheet()->render(&painter);
    painter.end();
    const QString words = QString::fromUtf8(drawn.data());
    EXPECT_TRUE(words.contains("bias")) << "its rows are drawn: " << i;
    const auto cut = QRegularExpression(QStringLiteral(">[a-z][^<]*\u2026<")).match(words);
    EXPECT_FALSE(cut.hasMatch()) << inspector().panel(i)->explanation()->nodeName << ": " << cut.captured().toStdString();
  }
}

// Large type widens what stands in the docks, not the docks; without it all is as it was. The answer's unit has a long number in its head.
TEST_F(PinsTest, TheSheetOfAUnitFitsItsDockInLargeTypeToo) {
  click(unit("output", {3, 0, 0}));
  const auto fits = [&](const std::string& when) {
    for (const QWidget* part : inspector().panel()->findChildren<QWidget*>()) {
      if (!part->isVisible()) continue;
      const QRect place(part->mapTo(&inspector(), QPoint()), part->size());
      EXPECT_TRUE(place.left() >= 0 && place.right() < dock("inspectorDock")->width()) << when << part->objectName().toStdString();
    }
  };
  for (const QSize size : {QSize(1280, 800), QSize(1024, 768)}) {
    window().resize(size);
    settle(50);
    ASSERT_TRUE(dock("inspectorDock")->isVisible());
    const int before = dock("inspectorDock")->width(), scene = window().scene().width();
    fits("before");
    for (const bool large : {true, false}) {
      program->appearance().setLarge(large);
      settle(50);
      fits(std::to_string(size.width()) + (large ? ", large" : ", after"));
      pictures::keep(window().grab().toImage(), QString("unit-%1-%2").arg(size.width()).arg(large));
    }
    EXPECT_EQ(dock("inspectorDock")->width(), before) << size.width();
    EXPECT_EQ(window().scene().width(), scene) << size.width();
  }
}

}  // namespace
