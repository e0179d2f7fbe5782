// Every action of the window is a command with an id, found by the key list and by the find box.
#include <map>
#include <set>

#include <QAction>
#include <QDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTextDocument>
#include <QTreeWidget>

#include "ui/LabelWords.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"

namespace {

class CommandsTest : public uitest::WindowTest {
 protected:
  QLineEdit* field() { return window().findChild<QLineEdit*>("commandField"); }
  QTreeWidget* list() { return window().findChild<QTreeWidget*>("commandList"); }
  void openBox() {
    ASSERT_TRUE(window().commands().run("help.find-command"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return field()->isVisible() && field()->hasFocus(); }, 5000));
  }
  static void collect(const QMenu& menu, std::vector<QAction*>& leaves) {
    for (QAction* action : menu.actions()) {
      if (action->menu())
        collect(*action->menu(), leaves);
      else if (!action->isSeparator())
        leaves.push_back(action);
    }
  }
};

TEST_F(CommandsTest, EveryActionOfTheMenusIsOne) {
  std::vector<QAction*> leaves;
  for (const QAction* top : window().menuBar()->actions()) collect(*top->menu(), leaves);
  EXPECT_GT(leaves.size(), 60u);
  std::set<QString> ids;
  for (const ui::Commands::Row& row : window().commands().rows()) {
    EXPECT_TRUE(ids.insert(row.id()).second) << row.id().toStdString();
    EXPECT_FALSE(row.title().isEmpty() || row.group.isEmpty()) << row.id().toStdString();
    EXPECT_TRUE(row.id().contains('.')) << row.id().toStdString();
  }
  for (QAction* action : leaves) EXPECT_EQ(window().commands().find(action->objectName()), action) << action->text().toStdString();
}

TEST_F(CommandsTest, NoKeyBelongsToTwo) {
  std::map<QString, QString> owner;
  for (const ui::Commands::Row& row : window().commands().rows())
    for (const QKeySequence& key : row.action->shortcuts()) {
      const auto [place, fresh] = owner.emplace(key.toString(), row.id());
      EXPECT_TRUE(fresh) << key.toString().toStdString() << ": " << row.id().toStdString() << " and " << place->second.toStdString();
    }
}

TEST_F(CommandsTest, RunsOneByItsId) {
  EXPECT_TRUE(window().commands().run("view.flat"));
  EXPECT_TRUE(window().commands().find("view.flat")->isChecked());
  EXPECT_FALSE(window().commands().run("no.such-command"));
  EXPECT_TRUE(window().commands().run("scene.trace", false));
  EXPECT_FALSE(window().commands().find("scene.trace")->isChecked()) << "it was off";
  EXPECT_TRUE(window().commands().run("scene.trace", true));
  EXPECT_TRUE(window().commands().find("scene.trace")->isChecked());
  EXPECT_FALSE(window().commands().run("view.fit", true)) << "it is none that is switched";
  window().commands().find("view.flat")->setEnabled(false);
  EXPECT_FALSE(window().commands().run("view.flat"));
}

TEST_F(CommandsTest, ThePageOfKeysHasEveryKeyWithWhatItDoes) {
  ASSERT_TRUE(window().commands().run("help.keys"));
  auto* page = window().findChild<QDialog*>("keysPage");
  ASSERT_TRUE(page && page->isVisible());
  QTextDocument text;
  text.setHtml(uitest::labelWords(*page));
  const QString words = text.toPlainText();
  int told = 0;
  for (const ui::Commands::Row& row : window().commands().rows()) {
    if (row.keys().isEmpty() || row.id().startsWith("view.recall-") || row.id().startsWith("view.keep-")) continue;
    EXPECT_TRUE(words.contains('\n' + row.keys() + '\n' + row.title() + '\n')) << row.id().toStdString();
    ++told;
  }
  EXPECT_GT(told, 30);
  EXPECT_TRUE(words.contains("\nShift with 1 to 9\nkeep this view\n1 to 9\ngo back to a kept view\n")) << "the others in two lines";
}

TEST_F(CommandsTest, TheBoxOpensByItsKey) {
  EXPECT_FALSE(field()->isVisible());
  key(Qt::Key_K, Qt::ControlModifier);
  EXPECT_TRUE(QTest::qWaitFor([&] { return field()->isVisible() && field()->hasFocus(); }, 5000));
}

TEST_F(CommandsTest, TheBoxFindsOneByAFewLettersAndRunsIt) {
  openBox();
  QTest::keyClicks(field(), "flat");
  ASSERT_TRUE(list()->currentItem());
  EXPECT_TRUE(list()->currentItem()->text(0).contains("Flat")) << list()->currentItem()->text(0).toStdString();
  EXPECT_EQ(list()->currentItem()->text(2), window().commands().find("view.flat")->shortcut().toString(QKeySequence::NativeText));
  QTest::keyClick(field(), Qt::Key_Return);
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().commands().find("view.flat")->isChecked(); }, 5000));
  EXPECT_FALSE(field()->isVisible());
}

TEST_F(CommandsTest, InASmallWindowTheNamesHaveTheRoomOfTheirGroups) {
  window().resize(400, 300);
  openBox();
  EXPECT_TRUE(list()->isColumnHidden(1));
  EXPECT_GE(list()->columnWidth(0), list()->viewport()->width() / 2);
}

TEST_F(CommandsTest, LettersTypedIntoTheBoxAreNoKeysOfCommands) {
  openBox();
  const bool eraser = window().commands().find("drawing.eraser")->isChecked();
  QTest::keyClicks(field(), "e g t 1");
  EXPECT_EQ(field()->text(), "e g t 1");
  EXPECT_EQ(window().commands().find("drawing.eraser")->isChecked(), eraser);
  EXPECT_FALSE(window().commands().find("animation.forward-pass")->isChecked());
  QTest::keyClick(field(), Qt::Key_Escape);
  EXPECT_FALSE(field()->isVisible());
}

TEST_F(CommandsTest, WhatNoCommandHasIsSaidAndWhatCannotBeUsedIsNotRun) {
  openBox();
  QTest::keyClicks(field(), "qqzz");
  ASSERT_EQ(list()->topLevelItemCount(), 1);
  EXPECT_TRUE(list()->topLevelItem(0)->isDisabled());
  QTest::keyClick(field(), Qt::Key_Return);
  EXPECT_TRUE(field()->isVisible());
}

}  // namespace
