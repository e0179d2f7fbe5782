// What a screen reader finds in the window: the unit in hand, the sections of its sheet, the numbers of a grid.
#include <gtest/gtest.h>

#include <QAccessible>

#include "ui/WindowTest.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/InspectorSheet.h"

namespace {

class AccessibleTextTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    drawThree();
  }
  void pin(const char* node, nn::Cell cell) {
    program->workbench().selection().pin(scene::UnitId{program->workbench().network()->find(node), cell});
    settle(250);
  }
};

TEST_F(AccessibleTextTest, TheSceneTellsTheUnitInHandWhenItChanges) {
  QAccessibleInterface* scene = QAccessible::queryAccessibleInterface(program->window().scene().focusProxy());
  ASSERT_TRUE(scene);
  EXPECT_EQ(scene->role(), QAccessible::Graphic);
  EXPECT_TRUE(scene->text(QAccessible::Description).contains("Arrow keys"));
  pin("conv1", {2, 6, 11});
  const QString words = scene->text(QAccessible::Value);
  EXPECT_TRUE(words.contains("map 3, row 7, column 12")) << words.toStdString();
  pin("conv1", {2, 6, 12});
  EXPECT_TRUE(scene->text(QAccessible::Value).contains("row 7, column 13"));
  EXPECT_EQ(scene->text(QAccessible::Name), scene->text(QAccessible::Value));
}

TEST_F(AccessibleTextTest, TheSectionsOfASheetHaveNamesAndTheirGridsCanBeRead) {
  pin("conv1", {2, 6, 11});
  ui::InspectorSheet* sheet = program->window().findChild<ui::Inspector*>()->sheet();
  QAccessibleInterface* read = QAccessible::queryAccessibleInterface(sheet);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->text(QAccessible::Name).startsWith("conv1, map 3"));
  ASSERT_EQ(read->childCount(), sheet->sectionCount());
  QString all;
  for (int i = 0; i < read->childCount(); ++i) {
    QAccessibleInterface* section = read->child(i);
    ASSERT_TRUE(section && section->isValid());
    EXPECT_FALSE(section->text(QAccessible::Name).isEmpty()) << i;
    EXPECT_FALSE(section->text(QAccessible::Value).isEmpty()) << i;
    EXPECT_EQ(section->parent(), read);
    EXPECT_EQ(read->indexOfChild(section), i);
    EXPECT_EQ(read->childAt(section->rect().center().x(), section->rect().center().y()), section);
    all += section->text(QAccessible::Name) + section->text(QAccessible::Value);
  }
  EXPECT_EQ(all.count("row 5:"), 3) << "patch, kernel and products have five rows each";
  EXPECT_TRUE(all.contains("bias b"));
  EXPECT_TRUE(all.contains("ReLU"));
  QAccessibleInterface* last = read->child(read->childCount() - 1);
  pin("input", {0, 6, 11});
  EXPECT_LT(read->childCount(), 3);
  EXPECT_FALSE(last->isValid()) << "of a section that is gone";
  EXPECT_TRUE(last->text(QAccessible::Name).isEmpty());
}

}  // namespace
