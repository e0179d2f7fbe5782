// The modes of the window: which panels stand in each, how one goes from one to the other, and that what the person made of them stays.
#include <gtest/gtest.h>

#include <QAction>

#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ModeSwitch.h"

namespace {

using ui::Mode;

class ModesTest : public uitest::WindowTest {
 protected:
  std::vector<QString> seen() {
    std::vector<QString> ids;
    for (const QDockWidget* dock : window().panels().docks())
      if (dock->isVisible() && !dock->visibleRegion().isEmpty()) ids.push_back(dock->objectName());
    return ids;
  }
  QAction* command(const char* id) { return window().commands().find(id); }
};

TEST_F(ModesTest, EachHasItsPanelsAndNeverMoreThanFour) {
  for (const QSize& size : {QSize(1280, 800), QSize(1024, 768), QSize(1920, 1080)}) {
    window().resize(size);
    for (const ui::ModeRow& row : ui::modeRows()) {
      ASSERT_TRUE(window().commands().run(row.id));
      settle(50);
      EXPECT_EQ(window().panels().mode(), row.mode);
      std::vector<QString> expected;
      for (const ui::PanelRow& panel : ui::panelRows())
        if (std::find(panel.modes.begin(), panel.modes.end(), row.mode) != panel.modes.end()) expected.push_back(panel.id);
      EXPECT_EQ(seen(), expected) << row.id.toStdString();
      workbench().selection().pin(unit("conv1", {2, 12, 12}));
      window().commands().run("training.settings");
      settle(50);
      EXPECT_LE(seen().size(), 4u) << row.id.toStdString();
      dock("recipeDock")->hide();
      workbench().selection().unpinAll();
    }
  }
}

TEST_F(ModesTest, KeysAndButtonsSwitchAndSayWhichItIs) {
  key(Qt::Key_F2);
  EXPECT_EQ(window().panels().mode(), Mode::Explore);
  EXPECT_FALSE(dock("trainingDock")->isVisible());
  EXPECT_TRUE(command("mode.explore")->isChecked());
  auto* buttons = window().findChild<QWidget*>("modeSwitch");
  ASSERT_TRUE(buttons && buttons->isVisible());
  QTest::mouseClick(buttons->findChildren<QToolButton*>().last(), Qt::LeftButton);
  EXPECT_EQ(window().panels().mode(), Mode::Lesson);
  key(Qt::Key_F3);
  EXPECT_EQ(window().panels().mode(), Mode::Train);
  EXPECT_TRUE(dock("trainingDock")->isVisible());
  EXPECT_FALSE(command("mode.explore")->isChecked());
  key(Qt::Key_F11);
  EXPECT_FALSE(buttons->isVisible()) << "in front of a projector there are no panels to arrange";
  key(Qt::Key_F2);
  key(Qt::Key_F11);
  EXPECT_TRUE(buttons->isVisible());
  EXPECT_FALSE(dock("trainingDock")->isVisible()) << "chosen meanwhile";
}

TEST_F(ModesTest, WhatThePersonMadeOfAModeStaysWithIt) {
  window().commands().run("mode.explore");
  dock("answerDock")->hide();
  window().addDockWidget(Qt::RightDockWidgetArea, dock("padDock"));
  window().commands().run("mode.train");
  EXPECT_TRUE(dock("answerDock")->isVisible());
  EXPECT_EQ(window().dockWidgetArea(dock("padDock")), Qt::LeftDockWidgetArea);
  window().commands().run("mode.explore");
  ASSERT_TRUE(window().close());
  program.reset();
  program = std::make_unique<ui::Program>();
  program->start();
  settle(50);
  EXPECT_EQ(window().panels().mode(), Mode::Explore) << "from one start to the next";
  EXPECT_FALSE(dock("answerDock")->isVisible());
  EXPECT_EQ(window().dockWidgetArea(dock("padDock")), Qt::RightDockWidgetArea);
  window().commands().run("view.default-layout");
  EXPECT_TRUE(dock("answerDock")->isVisible());
  EXPECT_EQ(window().dockWidgetArea(dock("padDock")), Qt::LeftDockWidgetArea);
}

TEST_F(ModesTest, ThePinnedUnitIsShownInBoth) {
  workbench().selection().pin(unit("conv1", {2, 12, 12}));
  for (const char* mode : {"mode.explore", "mode.train", "mode.explore"}) {
    window().commands().run(mode);
    EXPECT_TRUE(dock("inspectorDock")->isVisible()) << mode;
  }
  workbench().selection().unpinAll();
  EXPECT_FALSE(dock("inspectorDock")->isVisible());
  window().commands().run("mode.train");
  EXPECT_FALSE(dock("inspectorDock")->isVisible());
}

TEST_F(ModesTest, TheSwitchSaysThatTrainingRuns) {
  useSmallData();
  window().commands().run("mode.explore");
  EXPECT_EQ(command("mode.train")->iconText(), "Train");
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return command("mode.train")->iconText() == QStringLiteral("● Train"); }, 20000));
  workbench().training().pause();
  EXPECT_TRUE(QTest::qWaitFor([&] { return command("mode.train")->iconText() == "Train"; }, 20000));
}

TEST_F(ModesTest, AWindowWithoutRoomForThePanelsSaysSo) {
  window().resize(700, 450);
  key(Qt::Key_F2);
  EXPECT_NE(window().messages().message().issue.what.find("Explore"), std::string::npos);
}

TEST_F(ModesTest, TheSwitchComesBackWithTheRoomForIt) {
  const auto* modes = window().findChild<ui::ModeSwitch*>();
  ASSERT_TRUE(modes && modes->isVisible());
  window().resize(400, 300);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !modes->isVisible(); }, 5000));
  window().resize(1024, 768);
  EXPECT_TRUE(QTest::qWaitFor([&] { return modes->isVisible() && modes->parentWidget()->width() >= modes->sizeHint().width(); }, 5000));
}

}  // namespace
