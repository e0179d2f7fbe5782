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
  data::Picture checks{{280, 280, std::vector<float>(280 * 280, 0.0f)}, nullptr};
  for (int y = 20; y < 260; ++y)
    for (int x = 20; x < 260; ++x) checks.ink.ink[std::size_t(280 * y + x)] = (x / 30 + y / 30) % 2 ? 1.0f : 0.0f;
  workbench().inference().setDrawing(checks);
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().answer().isUnusual(); }, 20000)) << *workbench().inference().familiarity();
  EXPECT_TRUE(window().answer().note().contains("perhaps it is none of its classes")) << window().answer().note().toStdString();
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
