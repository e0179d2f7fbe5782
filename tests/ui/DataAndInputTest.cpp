// What people bring, in the window: data from files of many kinds, and models that expect another input.
#include <gtest/gtest.h>

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>

#include "io/ModelTools.h"
#include "ui/WindowTest.h"
#include "ui/app/Workbench.h"
#include "ui/panels/input/InputDialog.h"
#include "ui/shell/MessageStrip.h"

namespace {

using DataAndInputTest = uitest::WindowTest;

TEST_F(DataAndInputTest, ATableIsOpenedAsDataIs) {
  QByteArray table;
  for (int i = 0; i < 20; ++i)
    table += QByteArray::number(i % 2) + "," + QByteArray::number(i % 2 ? 255 : 0) + QByteArray(",0").repeated(48) + "\n";
  modeltest::writeAll(folder.filePath("numbers.csv"), table);
  window().files().openPath(folder.filePath("numbers.csv"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  EXPECT_EQ(workbench().library().split().train->shape, (nn::Shape{1, 7, 7}));
  EXPECT_TRUE(workbench().library().current().title.startsWith("numbers.csv"));
  EXPECT_TRUE(window().messages().tells("The classes are taken from the first column"));
}

class InputDialogTest : public uitest::WindowTest {
 protected:
  ui::InputDialog* dialog() {
    for (QAction* action : window().actions())
      if (action->objectName() == "network.input") action->trigger();
    return window().findChild<ui::InputDialog*>();
  }
};

TEST_F(InputDialogTest, WhatFitsIsFoundByTryingAndPutInPlace) {
  useSmallData();
  ui::InputDialog* shown = dialog();
  ASSERT_TRUE(shown);
  auto* rows = shown->findChild<QTreeWidget*>("inputRows");
  ASSERT_GT(rows->topLevelItemCount(), 6);
  shown->tryOut();
  auto* tried = shown->findChild<QLabel*>("inputTried");
  ASSERT_TRUE(QTest::qWaitFor([&] { return tried->text().contains("images of"); }, 20000)) << tried->text().toStdString();
  EXPECT_EQ(rows->indexOfTopLevelItem(rows->currentItem()), 0) << "a shipped model is given what it was trained on";
  EXPECT_FALSE(rows->topLevelItem(3)->text(2).isEmpty());
  rows->setCurrentItem(rows->topLevelItem(1));
  shown->useChosen();
  EXPECT_EQ(workbench().network()->spec().input.ink, nn::InkPolarity::DarkOnLight);
  EXPECT_EQ(rows->currentItem()->text(1), "dark on light, as paper") << "it is the one of now";
  workbench().setInput({});
  EXPECT_EQ(workbench().network()->spec().input, nn::InputSpec());
}

TEST_F(InputDialogTest, StaysWhileThereIsARun) {
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  nn::InputSpec bytes;
  bytes.high = 255;
  workbench().setInput(bytes);
  EXPECT_EQ(workbench().network()->spec().input, nn::InputSpec());
  EXPECT_TRUE(window().messages().tells("stays while there is a run"));
}

}  // namespace
