// Numbers as people of several countries type them, key by key or from the clipboard, and as the window writes them: with a point.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "ui/WindowTest.h"
#include "ui/base/NumberField.h"
#include "ui/base/Numbers.h"
#include "ui/panels/training/LogSpinBox.h"
#include "ui/scene/ExportDialog.h"

namespace {

const std::vector<QLocale> kLocales = {QLocale::c(), QLocale(QLocale::German, QLocale::Germany), QLocale(QLocale::French, QLocale::France),
                                       QLocale(QLocale::Hindi, QLocale::India), QLocale(QLocale::Arabic, QLocale::Egypt)};

void type(QWidget& field, const QString& text) {
  for (const QChar c : text) {
    if (c.unicode() < 128)
      QTest::keyClick(&field, c.toLatin1());
    else
      QTest::sendKeyEvent(QTest::Click, &field, Qt::Key_unknown, QString(c), Qt::NoModifier);
  }
}

class NumbersTest : public ::testing::TestWithParam<QLocale> {
 protected:
  NumbersTest() { QLocale::setDefault(GetParam()); }
  ~NumbersTest() override { QLocale::setDefault(QLocale::c()); }
  // What is said below it; empty: nothing.
  static QString note(const ui::NumberField& field) {
    const auto* note = field.findChild<QLabel*>("numberNote");
    return note->isVisible() ? note->text() : QString();
  }
  // The field as the person leaves it with Enter after this was put in instead of what was there.
  double after(ui::NumberField& field, const QString& text, bool pasted) {
    field.show();
    field.setFocus();
    field.selectAll();
    QTest::keyClick(&field, Qt::Key_Delete);
    if (pasted) {
      QApplication::clipboard()->setText(text);
      QTest::keyClick(&field, Qt::Key_V, Qt::ControlModifier);
    } else {
      type(field, text);
    }
    QTest::keyClick(&field, Qt::Key_Return);
    return field.value();
  }
};

INSTANTIATE_TEST_SUITE_P(Locales, NumbersTest, ::testing::ValuesIn(kLocales),
                         [](const auto& chosen) { return chosen.param.name().remove('_').toStdString(); });

TEST_P(NumbersTest, BothMarksAreDecimalsAndExponentsAreRead) {
  const std::vector<std::pair<QString, double>> cases = {{"1e-3", 1e-3},
                                                         {"1E-3", 1e-3},
                                                         {"1,5e-2", 0.015},
                                                         {"1.5e-2", 0.015},
                                                         {".5", 0.5},
                                                         {",5", 0.5},
                                                         {"0.001", 0.001},
                                                         {"0,001", 0.001},
                                                         {"5.", 5},
                                                         {"4,66", 4.66},
                                                         {"4.66", 4.66},
                                                         {"2e0", 2},
                                                         {"+0.1", 0.1},
                                                         {"3e+1", 30},
                                                         {QString::fromUtf8("٠٫٠٠٥"), 0.005},
                                                         {QString::fromUtf8("१.५"), 1.5},
                                                         {QString::fromUtf8("1e−3"), 1e-3},
                                                         {"0.00012345", 0.00012345}};
  for (const auto& [text, value] : cases)
    for (const bool pasted : {false, true}) {
      ui::LogSpinBox field;
      field.setValue(7);
      EXPECT_DOUBLE_EQ(after(field, text, pasted), value) << text.toStdString() << (pasted ? " pasted" : " typed");
    }
}

TEST_P(NumbersTest, WhatIsNoNumberIsNotTakenForAnother) {
  for (const QString text : {"1,000.5", "1.000,5", "1,00,000", "1-2", "1 2", "abc", "1e3e2", "12 px 3"}) {
    ui::LogSpinBox field;
    field.setValue(7);
    EXPECT_DOUBLE_EQ(after(field, text, true), 7) << text.toStdString();
  }
  ui::LogSpinBox field;
  field.setValue(7);
  EXPECT_DOUBLE_EQ(after(field, "1e", false), 7);
  EXPECT_EQ(field.text(), "7");
  EXPECT_TRUE(note(field).contains("1e")) << note(field).toStdString();
  EXPECT_DOUBLE_EQ(after(field, " 0.25\n", true), 0.25) << "space around it";
}

TEST_P(NumbersTest, WhatIsTypedWrongDoesNotBecomeAnotherNumber) {
  for (const QString text : {"1/2", "-5", "-0.5", "0", "0.0", "1e-400", "1..5", "2x", "1e", "--1"})
    for (const bool pasted : {false, true}) {
      ui::LogSpinBox field;
      field.setValue(7);
      EXPECT_DOUBLE_EQ(after(field, text, pasted), 7) << text.toStdString() << (pasted ? " pasted" : " typed");
      EXPECT_EQ(field.text(), "7");
      EXPECT_TRUE(note(field).contains(text) && note(field).contains("it stays 7")) << note(field).toStdString();
    }
  ui::NumberField batch;
  batch.setDecimals(0);
  batch.setRange(1, 65536);
  EXPECT_EQ(after(batch, "2.7", false), 3);
  EXPECT_TRUE(note(batch).contains("whole number: 2.7 became 3")) << note(batch).toStdString();
  EXPECT_EQ(after(batch, "999999999", false), 65536);
  EXPECT_TRUE(note(batch).contains("From 1 to 65536: 999999999 became 65536")) << note(batch).toStdString();
  batch.selectAll();
  type(batch, "1/");
  EXPECT_EQ(batch.text(), "1/") << "it stays to be seen";
  EXPECT_TRUE(note(batch).contains("no number")) << note(batch).toStdString();
}

TEST_P(NumbersTest, OutsideTheRangeIsItsNearestEndAndSaidSo) {
  ui::LogSpinBox field;
  EXPECT_DOUBLE_EQ(after(field, "123456", false), field.maximum());
  EXPECT_TRUE(note(field).contains("123456")) << note(field).toStdString();
  EXPECT_DOUBLE_EQ(after(field, "1e-99", false), field.minimum());
  EXPECT_DOUBLE_EQ(after(field, "1e999", false), field.maximum());
}

TEST_P(NumbersTest, WhatItBecameIsStillSaidWhenTheFieldIsLeft) {
  QWidget panel;
  auto* layout = new QVBoxLayout(&panel);
  auto* field = new ui::LogSpinBox;
  auto* next = new QLineEdit;
  layout->addWidget(field);
  layout->addWidget(next);
  panel.show();
  panel.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&panel));
  field->setFocus();
  field->selectAll();
  type(*field, "1e30");
  QTest::keyClick(field, Qt::Key_Tab);
  QTest::mouseClick(next, Qt::LeftButton);
  QCoreApplication::processEvents();
  EXPECT_EQ(field->value(), field->maximum());
  EXPECT_TRUE(note(*field).contains("1e30 became")) << note(*field).toStdString();
  field->setFocus();
  field->selectAll();
  type(*field, "2");
  EXPECT_EQ(note(*field), "") << "another number is typed";
}

TEST_P(NumbersTest, WritesAPointAndNothingLonger) {
  ui::LogSpinBox field;
  const std::vector<std::pair<double, QString>> cases = {{4.66, "4.66"}, {double(0.001f), "0.001"}, {1e-6, "1e-6"},
                                                         {100, "100"},   {0.015, "0.015"},          {2.5e-5, "2.5e-5"}};
  for (const auto& [value, text] : cases) {
    field.setValue(value);
    EXPECT_EQ(field.text(), text);
  }
  EXPECT_EQ(ui::plainNumber(1e7), "1e7");
  EXPECT_EQ(ui::plainNumber(-0.5), "-0.5");
  EXPECT_EQ(ui::countText(4660), "4660");
  EXPECT_EQ(ui::countText(1234567), QString::fromUtf16(u"1\u202f234\u202f567"));
  EXPECT_EQ(ui::readNumber(ui::countText(1234567)), 1234567);
}

TEST_P(NumbersTest, TheWidthOfAnExportIsSuchAField) {
  ui::ExportDialog dialog(render::SceneCapture{}, nullptr);
  auto* width = dialog.findChild<ui::NumberField*>("exportWidth");
  dialog.show();
  EXPECT_EQ(after(*width, "1280", false), 1280);
  EXPECT_EQ(after(*width, "1.6e3", false), 1600);
  EXPECT_EQ(after(*width, "1,28e3", false), 1280);
  EXPECT_EQ(after(*width, "640 px", true), 640);
  EXPECT_EQ(width->text(), "640 px");
  EXPECT_EQ(after(*width, "9", false), 64);
  EXPECT_EQ(after(*width, "99999", false), 16384);
  EXPECT_EQ(dialog.widthPx(), 16384);
}

class NumbersInTheWindow : public uitest::WindowTest {
 protected:
  void SetUp() override {
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    WindowTest::SetUp();
  }
  void TearDown() override { QLocale::setDefault(QLocale::c()); }
};

TEST_F(NumbersInTheWindow, TheLearningRateIsTypedAsInGermanyAndNoCommaIsShown) {
  useSmallData();
  auto* rate = window().findChild<ui::LogSpinBox*>("rateChoice");
  const auto typed = [&](const QString& text) {
    rate->setFocus();
    rate->selectAll();
    type(*rate, text);
    QTest::keyClick(rate, Qt::Key_Return);
    return double(workbench().training().recipe().optimizer.learningRate);
  };
  EXPECT_FLOAT_EQ(float(typed("0.001")), 0.001f);
  EXPECT_FLOAT_EQ(float(typed(".5")), 0.5f);
  EXPECT_FLOAT_EQ(float(typed("1e-3")), 0.001f);
  EXPECT_EQ(rate->text(), "0.001");
  EXPECT_FLOAT_EQ(float(typed("4,66")), 4.66f);
  EXPECT_EQ(rate->text(), "4.66");
  typed("1e-4");
  drawThree();
  key(Qt::Key_Period);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1; }, 20000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running() && workbench().inference().upToDate(); }, 20000));
  static const QRegularExpression comma("\\d,\\d");
  for (const QLabel* label : window().findChildren<QLabel*>()) EXPECT_FALSE(label->text().contains(comma)) << label->text().toStdString();
  for (const QLineEdit* field : window().findChildren<QLineEdit*>())
    EXPECT_FALSE(field->text().contains(comma)) << field->text().toStdString();
}

}  // namespace
