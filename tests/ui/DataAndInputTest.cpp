// What people bring, in the window: data from files of many kinds, and models that expect another input.
#include <gtest/gtest.h>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>

#include "io/ModelTools.h"
#include "ui/WindowTest.h"
#include "ui/app/Workbench.h"
#include "ui/base/PictureGrid.h"
#include "ui/panels/datasets/DataBrowser.h"
#include "ui/panels/input/ClassNamesDialog.h"
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

// Pictures of numbers as a table, so many of each class.
void writeTable(const QString& path, int classes) {
  QByteArray table;
  for (int i = 0; i < 40 * classes; ++i)
    table += QByteArray::number(i % classes) + "," + QByteArray::number(20 * (i % classes)) + QByteArray(",0").repeated(48) + "\n";
  modeltest::writeAll(path, table);
}

TEST_F(DataAndInputTest, ANetworkWithTooFewOutputsGetsANewLastLayerInOneClick) {
  writeTable(folder.filePath("dozen.csv"), 12);
  window().files().openPath(folder.filePath("dozen.csv"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  const auto before = workbench().network();
  const std::vector<float> weights = *workbench().parameters();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().tells("12 classes"); }, 20000));
  const ui::Message message = window().messages().message();
  ASSERT_EQ(message.actionText, "Make the last layer fit");
  message.action();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network() != before; }, 20000));
  EXPECT_EQ(workbench().network()->outputShape().channels, 12);
  const nn::Network::Node &kept = workbench().network()->node(1), &was = before->node(1);
  EXPECT_TRUE(std::equal(weights.begin() + std::ptrdiff_t(was.parameterOffset),
                         weights.begin() + std::ptrdiff_t(was.parameterOffset + was.parameterCount),
                         workbench().parameters()->begin() + std::ptrdiff_t(kept.parameterOffset)));
  EXPECT_TRUE(window().messages().tells("one output for each class of the data"));
  workbench().singleStep();
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  workbench().undo();
  EXPECT_EQ(workbench().network(), before) << "it can be taken back";
}

TEST_F(DataAndInputTest, ADrawingOfSomethingElseIsCalledUnusual) {
  const auto digits = data::generateStrokeDigits(1500, 5);
  io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"), *digits);
  workbench().library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().inference().familiarity().has_value(); }, 20000));
  EXPECT_FALSE(window().answer().isUnusual()) << *workbench().inference().familiarity();
  // Lattices and stripes: what a network makes of one of them is its own affair, but it knows none of them.
  for (int pattern = 0; pattern < 4 && !window().answer().isUnusual(); ++pattern) {
    data::Picture drawn{{280, 280, std::vector<float>(280 * 280, 0.0f)}, nullptr};
    for (int y = 20; y < 260; ++y)
      for (int x = 20; x < 260; ++x) {
        const bool line = x % 60 < 18, other = pattern == 0 ? y % 60 < 18 : pattern == 1 ? (x + y) % 80 < 18 : y % (40 * pattern) < 18;
        drawn.ink.ink[std::size_t(280 * y + x)] = line || other ? 1.0f : 0.0f;
      }
    workbench().inference().setDrawing(drawn);
    settle(200);
  }
  EXPECT_TRUE(window().answer().isUnusual()) << *workbench().inference().familiarity();
  EXPECT_TRUE(window().answer().note().contains("perhaps none of its classes")) << window().answer().note().toStdString();
}

// Of the menu, by its name.
void trigger(ui::MainWindow& window, const char* command) {
  for (QAction* action : window.actions())
    if (action->objectName() == command) action->trigger();
}

TEST_F(DataAndInputTest, TheDataIsLookedAtAndPutOnThePad) {
  useSmallData();
  trigger(window(), "data.look");
  auto* browser = window().findChild<ui::DataBrowser*>();
  ASSERT_TRUE(browser);
  auto* grid = browser->findChild<ui::PictureGrid*>("dataGrid");
  auto* classes = browser->findChild<QComboBox*>("dataClasses");
  const auto train = workbench().library().split().train;
  EXPECT_EQ(grid->count(), train->count());
  EXPECT_EQ(classes->count(), 11);
  classes->setCurrentIndex(4);  // behind all: of class 3
  const auto threes = std::size_t(std::count(train->labels.begin(), train->labels.end(), 3));
  EXPECT_EQ(grid->count(), threes);
  ASSERT_TRUE(QTest::qWaitForWindowExposed(browser));
  QTest::keyClick(grid, Qt::Key_End);
  EXPECT_EQ(grid->current(), int(threes) - 1);
  EXPECT_TRUE(grid->viewport()->rect().contains(grid->cellRect(grid->current()))) << "what is chosen is seen";
  QTest::keyClick(grid, Qt::Key_Return);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().inference().upToDate() && !workbench().inference().blank(); }, 20000));
  EXPECT_FALSE(window().answer().verdict().isEmpty()) << "its class is known";
}

TEST_F(DataAndInputTest, InkAndPaperAreExchangedWhereTheyWereTakenForEachOther) {
  useSmallData();
  const auto before = workbench().library().split().train;
  trigger(window(), "data.look");
  auto* browser = window().findChild<ui::DataBrowser*>();
  ASSERT_TRUE(browser);
  auto* turned = browser->findChild<QCheckBox*>("dataTurned");
  EXPECT_FALSE(turned->isChecked());
  turned->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().split().train != before; }, 20000));
  EXPECT_EQ(int(workbench().library().split().train->image(0)[0]) + int(before->image(0)[0]), 255);
  EXPECT_TRUE(workbench().library().current().title.contains("inverted"));
  EXPECT_TRUE(turned->isChecked());
  EXPECT_TRUE(browser->findChild<QLabel*>("dataWhat")->text().contains("Black and white are exchanged"));
  turned->click();
  EXPECT_TRUE(QTest::qWaitFor([&] { return workbench().library().split().train->image(0)[0] == before->image(0)[0]; }, 20000));
}

TEST_F(DataAndInputTest, ClassesAreNamedFromAList) {
  trigger(window(), "network.classes");
  auto* dialog = window().findChild<ui::ClassNamesDialog*>();
  ASSERT_TRUE(dialog);
  auto* problem = dialog->findChild<QLabel*>("classProblem");
  modeltest::writeAll(folder.filePath("few.txt"), "cat\ndog\n");
  dialog->readFile(folder.filePath("few.txt"));
  EXPECT_TRUE(problem->text().contains("2 names for 10 classes")) << problem->text().toStdString();
  modeltest::writeAll(folder.filePath("ten.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
  dialog->readFile(folder.filePath("ten.txt"));
  EXPECT_EQ(problem->text(), "");
  dialog->use();
  EXPECT_EQ(workbench().network()->className(3), "d");
}

class InputDialogTest : public uitest::WindowTest {
 protected:
  ui::InputDialog* dialog() {
    trigger(window(), "network.input");
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
  nn::NetworkSpec plain = workbench().network()->spec();
  plain.input = {};
  workbench().describe(plain);
  EXPECT_EQ(workbench().network()->spec().input, nn::InputSpec());
}

TEST_F(InputDialogTest, StaysWhileThereIsARun) {
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  nn::NetworkSpec bytes = workbench().network()->spec();
  bytes.input.high = 255;
  workbench().describe(bytes);
  EXPECT_EQ(workbench().network()->spec().input, nn::InputSpec());
  EXPECT_TRUE(window().messages().tells("stays while there is a run"));
}

}  // namespace
