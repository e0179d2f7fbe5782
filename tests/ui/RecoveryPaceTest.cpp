// When what is not saved is kept: often enough without anybody asking, and at once where the desktop's session ends.
#include <gtest/gtest.h>

#include <QDir>
#include <QGuiApplication>
#include <QPushButton>
#include <QSessionManager>
#include <QSignalSpy>
#include <QTimer>

#include "ui/WindowTest.h"
#include "ui/app/FileCommands.h"
#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/Recovery.h"

namespace {

class RecoveryPaceTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    recovery = std::make_unique<ui::Recovery>(workbench(), window(), root());
    soon = recovery->findChild<QTimer*>({}, Qt::FindDirectChildrenOnly);
    ASSERT_TRUE(soon);
  }
  void TearDown() override { recovery.reset(); }
  QString root() const { return folder.filePath("recovery"); }
  qsizetype kept() const { return QDir(root()).entryList({"*.convscope"}, QDir::Files).size(); }
  std::unique_ptr<ui::Recovery> recovery;
  QTimer* soon = nullptr;  // until it writes
};

// Nobody has set another pace.
TEST_F(RecoveryPaceTest, WhatChangesIsKeptWithinAMinute) {
  EXPECT_FALSE(soon->isActive());
  ui::DrawingPad* pad = window().padPanel().pad();
  pad->setInk({2, 2, {0, 1, 1, 0}});
  ASSERT_TRUE(soon->isActive());
  EXPECT_LE(soon->interval(), 60000) << "the first change";
  EXPECT_TRUE(recovery->keepNow());
  EXPECT_FALSE(soon->isActive());
  EXPECT_EQ(kept(), 1);
  pad->clear();
  ASSERT_TRUE(soon->isActive());
  EXPECT_LE(soon->interval(), 60000) << "one just after it was kept";
  EXPECT_GT(soon->interval(), 0);
}

TEST_F(RecoveryPaceTest, SettingsChangedSinceTheirSessionWasSavedAreKept) {
  QSignalSpy saved(&window().files().sessions(), &ui::SessionFiles::used);
  window().files().sessions().save(folder.filePath("set.convscope"));
  ASSERT_TRUE(saved.wait(20000));
  train::Recipe recipe = workbench().training().recipe();
  recipe.batchSize = 33;
  workbench().training().setRecipe(recipe);
  EXPECT_TRUE(soon->isActive());
  EXPECT_TRUE(recovery->keepNow());
  EXPECT_EQ(kept(), 1);
  recovery.reset();
  program.reset();
  start();
  ASSERT_NE(workbench().training().recipe().batchSize, 33);
  recovery = std::make_unique<ui::Recovery>(workbench(), window(), root());
  recovery->others().search();
  auto* restore = window().findChild<QPushButton*>("messageAction");
  ASSERT_TRUE(QTest::qWaitFor([&] { return restore->isVisible(); }, 20000));
  restore->click();
  EXPECT_TRUE(QTest::qWaitFor([&] { return workbench().training().recipe().batchSize == 33; }, 20000));
}

TEST_F(RecoveryPaceTest, WhatIsDrawnWhileASessionIsSavedIsNotInIt) {
  recovery->setPace(100000, 100000);
  ui::DrawingPad* pad = window().padPanel().pad();
  const QString path = folder.filePath("drawn.convscope");
  QSignalSpy saved(&window().files().sessions(), &ui::SessionFiles::used);
  pad->setInk({2, 2, {0, 1, 1, 0}});
  window().files().sessions().save(path);
  pad->setInk({2, 2, {1, 1, 1, 0}});
  ASSERT_TRUE(saved.wait(20000));
  EXPECT_TRUE(recovery->keepNow());
  EXPECT_EQ(kept(), 1);
  window().files().sessions().save(path);
  ASSERT_TRUE(saved.wait(20000));
  EXPECT_TRUE(recovery->keepNow());
  EXPECT_EQ(kept(), 0);
}

// As where it lies on a drive that is not there yet: the kept file alone holds the run.
TEST_F(RecoveryPaceTest, ARunIsKeptUntilItsDataIsBack) {
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && workbench().training().atRest(); }, 20000));
  EXPECT_TRUE(recovery->keepNow());
  const std::vector<float> trained = *workbench().parameters();
  const QString before = QDir(root()).filePath(QDir(root()).entryList({"*.convscope"}, QDir::Files).value(0));
  ASSERT_TRUE(QFile::exists(before));
  const QStringList data{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
  const auto carry = [&](const QString& from, const QString& to) {
    for (const QString& name : data) ASSERT_TRUE(QFile::rename(folder.filePath(name + from), folder.filePath(name + to)));
  };
  const auto startAgain = [&] {
    recovery.reset();
    program.reset();
    start();
    recovery = std::make_unique<ui::Recovery>(workbench(), window(), root());
    recovery->setPace(0, 0);
    recovery->others().search();
  };
  const auto restore = [&](const char* text) {
    auto* button = window().findChild<QPushButton*>("messageAction");
    ASSERT_TRUE(QTest::qWaitFor([&] { return button->isVisible() && button->text().contains(text); }, 20000)) << text;
    button->click();
  };
  carry("", ".away");
  startAgain();
  restore("Restore");
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().tells("the run cannot go on"); }, 20000));
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_FALSE(workbench().training().exists());
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept() == 2; }, 20000)) << "that of before, and what it brought";
  EXPECT_TRUE(QFile::exists(before));
  carry(".away", "");
  restore("Again");
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1; }, 20000));
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !QFile::exists(before); }, 20000)) << "it is in what this program keeps";
}

TEST_F(RecoveryPaceTest, TheEndOfTheDesktopSessionKeepsWithoutAQuestion) {
  recovery->setPace(100000, 100000);
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && workbench().training().atRest(); }, 20000));
  auto* session = qGuiApp->findChild<QSessionManager*>();
  ASSERT_TRUE(session);
  emit qGuiApp->commitDataRequest(*session);
  EXPECT_TRUE(recovery->keeps());
  EXPECT_EQ(kept(), 1);
  EXPECT_TRUE(window().close());
  EXPECT_EQ(asked, 0);
}

}  // namespace
