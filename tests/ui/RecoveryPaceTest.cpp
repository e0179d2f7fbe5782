// When what is not saved is kept: often enough without anybody asking, and at once where the desktop's session ends.
#include <gtest/gtest.h>

#include <QDir>
#include <QGuiApplication>
#include <QSessionManager>
#include <QSignalSpy>
#include <QTimer>

#include "ui/WindowTest.h"
#include "ui/app/FileCommands.h"
#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
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
