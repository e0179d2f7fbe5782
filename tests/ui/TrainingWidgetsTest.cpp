#include <cmath>
#include <gtest/gtest.h>

#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <qcustomplot.h>

#include "ui/LabelWords.h"
#include "ui/Pictures.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/LogSpinBox.h"
#include "ui/panels/training/TransportButtons.h"

namespace {

TEST(LogSpinBoxTest, ArrowsGoByOneTwoFive) {
  ui::LogSpinBox box;
  box.setValue(0.001);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.002);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.005);
  QTest::keyClick(&box, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(box.value(), 0.01);
  QTest::keyClick(&box, Qt::Key_Down);
  EXPECT_DOUBLE_EQ(box.value(), 0.005);
  box.setValue(0.0034);
  QTest::keyClick(&box, Qt::Key_Down);
  EXPECT_DOUBLE_EQ(box.value(), 0.002);
}

TEST(LogSpinBoxTest, WholeNumbersGoThroughThePowersOfTwo) {
  ui::LogSpinBox box;
  box.setDecimals(0);
  box.setRange(1, 65536);
  box.setValue(100);
  box.stepBy(1);
  EXPECT_EQ(box.value(), 128);
  box.stepBy(-2);
  EXPECT_EQ(box.value(), 32);
  box.stepBy(-9);
  EXPECT_EQ(box.value(), 1);
}

TEST(LogSpinBoxTest, ZeroLiesBelowTheSmallest) {
  ui::LogSpinBox box;
  box.setRange(0, 1);
  box.setValue(0);
  box.stepBy(1);
  EXPECT_DOUBLE_EQ(box.value(), 1e-5);
  box.stepBy(-1);
  EXPECT_EQ(box.value(), 0);
}

TEST(LogSpinBoxTest, StopsAtItsEnds) {
  ui::LogSpinBox box;
  box.setValue(box.maximum());
  box.stepBy(3);
  EXPECT_DOUBLE_EQ(box.value(), box.maximum());
  box.setValue(box.minimum());
  box.stepBy(-3);
  EXPECT_DOUBLE_EQ(box.value(), box.minimum());
}

TEST(TransportButtonsTest, TheSameButtonPlaysAndPauses) {
  ui::TransportButtons buttons;
  buttons.setTheme(ui::lightTheme());
  auto* play = buttons.findChild<QToolButton*>("playButton");
  ASSERT_NE(play, nullptr);
  const QSignalSpy played(&buttons, &ui::TransportButtons::playRequested), paused(&buttons, &ui::TransportButtons::pauseRequested);
  QTest::mouseClick(play, Qt::LeftButton);
  EXPECT_EQ(played.count(), 1);
  EXPECT_EQ(paused.count(), 0);
  buttons.setRunning(true);
  QTest::mouseClick(play, Qt::LeftButton);
  EXPECT_EQ(played.count(), 1);
  EXPECT_EQ(paused.count(), 1);
}

train::MetricLog logOf(const std::vector<train::MetricPoint>& points) {
  train::MetricLog log;
  for (const train::MetricPoint& point : points) log.add(point);
  return log;
}

TEST(CurvesViewTest, RedrawsOnlyWhenPointsCame) {
  ui::CurvesView view;
  view.setTheme(ui::darkTheme());
  const train::MetricLog log = logOf(std::vector<train::MetricPoint>(3));
  view.setMetrics(&log);
  view.resize(500, 150);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  QTest::qWait(400);
  const int before = view.redraws();
  QTest::qWait(600);
  EXPECT_EQ(view.redraws(), before);
  for (int i = 0; i < 20; ++i) view.pointsAdded();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view.redraws() > before; }, 2000));
  EXPECT_EQ(view.redraws(), before + 1);
}

train::MetricLog fallingLoss(int count) {
  std::vector<train::MetricPoint> points(std::size_t(count), train::MetricPoint{});
  for (int i = 0; i < count; ++i) {
    train::MetricPoint& point = points[std::size_t(i)];
    point.step = std::uint64_t(i + 1);
    point.epoch = (i + 1) / 1000.0;
    point.trainLoss = 0.01 + 2.3 * std::exp(-i / 20.0);
    point.trainMetric = 1 - 0.9 * std::exp(-i / 20.0);
    if (i % 500 == 499) point.validationLoss = 0.02, point.validationMetric = 0.99;
  }
  return logOf(points);
}

TEST(CurvesViewTest, TheFirstFallOfALongRunStaysInSight) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  const auto log = fallingLoss(200000);
  view.setMetrics(&log);
  view.resize(600, 180);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  const auto plots = view.findChildren<QCustomPlot*>();
  ASSERT_EQ(plots.size(), 2);
  const QCustomPlot& loss = *plots[0];
  EXPECT_EQ(loss.yAxis->scaleType(), QCPAxis::stLogarithmic);
  EXPECT_GT(loss.yAxis->range().upper, 2.31);
  EXPECT_LT(loss.yAxis->range().lower, 0.0101);
  EXPECT_EQ(loss.xAxis->range().lower, 0);
  EXPECT_DOUBLE_EQ(loss.xAxis->range().upper, 200);
  EXPECT_EQ(loss.xAxis->label(), "epochs");
  EXPECT_NEAR(loss.graph(0)->dataMainValue(0), 2.31, 1e-9) << "where it began";
  EXPECT_LT(loss.graph(0)->dataCount(), 1100);
  const QRect area = loss.axisRect()->rect().translated(loss.pos());
  const QString text = view.textAt({area.left() + area.width() / 2, area.center().y()});
  EXPECT_TRUE(text.contains("epochs")) << text.toStdString();
  EXPECT_TRUE(text.contains(QString::fromUtf16(u"step 100\u202f")) || text.contains("step 99")) << text.toStdString();
  EXPECT_TRUE(text.contains("99.0 %")) << text.toStdString();
}

TEST(CurvesViewTest, FiguresOfTheFirstStepsDoNotRunIntoEachOther) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  view.resize(440, 160);
  view.show();
  for (const double epoch : {0.001, 0.00118, 0.0035, 0.011, 0.09, 0.85, 7.0, 15.4, 123.0, 999.0, 1000.0, 2016.5, 4200.0, 61234.0, 3e6}) {
    std::vector<train::MetricPoint> points(1);
    points[0].epoch = epoch;
    points[0].trainLoss = 2;
    const train::MetricLog log = logOf(points);
    view.setMetrics(&log);
    for (QCustomPlot* plot : view.findChildren<QCustomPlot*>()) {
      plot->replot();
      const QFontMetrics metrics(plot->xAxis->tickLabelFont());
      const QVector<double> ticks = plot->xAxis->tickVector();
      const QVector<QString> words = plot->xAxis->tickVectorLabels();
      double end = -1e9;
      int shown = 0;
      for (int i = 0; i < ticks.size(); ++i) {
        if (!plot->xAxis->range().contains(ticks[i])) continue;
        const double middle = plot->xAxis->coordToPixel(ticks[i]), half = metrics.horizontalAdvance(words[i]) / 2.0;
        EXPECT_GT(middle - half, end + 2) << epoch << ": " << words[i].toStdString();
        if (epoch > 2) {
          EXPECT_EQ(words[i].count(QRegularExpression("[^0-9\\x{202f}]")), 0) << "whole: " << words[i].toStdString();
        }
        end = middle + half;
        ++shown;
      }
      EXPECT_GE(shown, 2) << epoch;
    }
  }
}

// The same weights have another loss on 512 images than on 1000.
TEST(CurvesViewTest, FiguresOfAPartOfTheImagesAreACurveOfTheirOwnAndSaySo) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  std::vector<train::MetricPoint> points(5);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool whole = i == 2 || i == 3;
    points[i] = {.step = i + 1, .epoch = double(i + 1) / 4, .trainLoss = 0.3, .trainMetric = 0.9};
    points[i].validationLoss = whole ? 0.192 : 0.171;
    points[i].validationMetric = 0.95;
    points[i].validationImages = whole ? 1000 : 512;
    points[i].allValidationImages = 1000;
  }
  train::MetricLog log = logOf({points[0], points[1]});
  view.setMetrics(&log);
  view.resize(1000, 200);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  EXPECT_TRUE(uitest::labelWords(view).contains("validation on 512 of 1000 images <b>0.171</b>")) << uitest::labelWords(view).toStdString();
  log = logOf(points);
  view.setMetrics(&log);
  EXPECT_TRUE(uitest::labelWords(view).contains("validation <b>0.192</b>")) << uitest::labelWords(view).toStdString();
  const QCustomPlot& loss = *view.findChildren<QCustomPlot*>()[0];
  ASSERT_EQ(loss.graph(1)->dataCount(), 2);
  EXPECT_EQ(loss.graph(1)->dataMainValue(0), loss.graph(1)->dataMainValue(1));
  EXPECT_EQ(loss.graph(2)->dataCount(), 3);
  EXPECT_LT(loss.graph(2)->pen().widthF(), loss.graph(1)->pen().widthF());
  const QRect area = loss.axisRect()->rect().translated(loss.pos());
  const QString text = view.textAt({area.right() - 1, area.center().y()});
  EXPECT_TRUE(text.contains("validation: loss 0.192, accuracy 95.0 % (step 4)")) << text.toStdString();
  EXPECT_TRUE(text.contains("validation on 512 of 1000 images: loss 0.171, accuracy 95.0 % (step 5)")) << text.toStdString();
  for (const int width : {270, 330, 420}) {
    view.resize(width, 200);
    view.drawNow();
    const auto* legend = view.findChild<QLabel*>("curveLegend");
    ASSERT_TRUE(legend->isVisible());
    EXPECT_LE(legend->sizeHint().width(), legend->width()) << width;
  }
}

TEST(CurvesViewTest, AnErrorIsCalledSoAndReachesDownToZero) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  view.setTask(*tasks::findTask("reconstruct"));
  std::vector<train::MetricPoint> points(2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].step = i + 1;
    points[i].epoch = double(i + 1);
    points[i].trainLoss = 0.3;
    points[i].trainMetric = 0.08 / double(i + 1);
    points[i].validationLoss = 0.2;
    points[i].validationMetric = 0.05;
  }
  const train::MetricLog log = logOf(points);
  view.setMetrics(&log);
  view.resize(1000, 200);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  const QString words = uitest::labelWords(view);
  EXPECT_TRUE(words.contains("Error") && words.contains("0.05")) << words.toStdString();
  EXPECT_FALSE(words.contains("Accuracy") || words.contains('%')) << words.toStdString();
  const QCustomPlot* plot = view.findChildren<QCustomPlot*>().at(1);
  EXPECT_LE(plot->yAxis->range().lower, 0);
  EXPECT_NEAR(plot->yAxis->range().upper, 0.084, 1e-9);
  EXPECT_TRUE(view.textAt(plot->geometry().center()).contains("mean squared error 0.0"))
      << view.textAt(plot->geometry().center()).toStdString();
}

TEST(CurvesViewTest, NoCurveSaysAHundredPercentWhereItIsNot) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  std::vector<train::MetricPoint> points(1);
  points[0].epoch = 1;
  points[0].trainLoss = 1e-5;
  points[0].trainMetric = 0.9999;
  points[0].validationLoss = 0;
  points[0].validationMetric = 1;
  const train::MetricLog log = logOf(points);
  view.setMetrics(&log);
  view.resize(800, 200);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  const QString words = uitest::labelWords(view);
  EXPECT_TRUE(words.contains("&gt; 99.9 %")) << words.toStdString();
  EXPECT_TRUE(words.contains("<b>100 %</b>")) << "all of them were right: " << words.toStdString();
}

TEST(CurvesViewTest, TellsTheLastOfManyChangesAtOnePlaceAndLongOnesWhole) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  const auto log = fallingLoss(2400);
  view.setMetrics(&log);
  std::vector<ui::CurveMark> marks;
  for (int i = 0; i < 40; ++i) marks.push_back({1.2, QString("learning rate 0.0%1").arg(i)});
  marks.push_back({1.2, "frozen layers " + QString("conv1,").repeated(60)});
  view.setMarks(marks);
  view.resize(600, 170);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  const QCustomPlot& plot = *view.findChildren<QCustomPlot*>()[0];
  const QString text = view.textAt({plot.x() + int(plot.xAxis->coordToPixel(1.2)), plot.y() + plot.height() / 2});
  EXPECT_TRUE(text.contains(marks.back().label));
  EXPECT_TRUE(text.contains("learning rate 0.039"));
  EXPECT_FALSE(text.contains("learning rate 0.035"));
  EXPECT_TRUE(text.contains("36 changes before these")) << text.toStdString();
}

TEST(CurvesViewTest, PicturesOfCurvesWithChanges) {
  for (const ui::Theme& theme : {ui::lightTheme(), ui::darkTheme()})
    for (const QSize& size : {QSize(280, 150), QSize(600, 170), QSize(1100, 260)}) {
      ui::applyTheme(*qApp, theme);
      ui::CurvesView view;
      view.setTheme(theme);
      const auto log = fallingLoss(2400);
      view.setMetrics(&log);
      view.setMarks({{0.4, "learning rate 0.01"},
                     {0.45, "batch size 16"},
                     {1.2, "optimizer sgd, learning rate 0.1, frozen layers conv1,conv2,conv3,dense1,dense2,dense3"},
                     {2.3, "learning rate 0.001"}});
      view.resize(size);
      view.show();
      ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
      view.drawNow();
      EXPECT_GT(pictures::colors(pictures::keep(view, QString("curves-%1-%2").arg(size.width()).arg(theme.dark ? "dark" : "light"))), 20);
    }
}

// Which color is which stands there in words however narrow the plots are, and nothing of it is cut off.
TEST(CurvesViewTest, SaysWhichCurveIsWhichAtEveryWidth) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  const auto log = fallingLoss(2400);
  view.setMetrics(&log);
  view.resize(800, 170);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  for (int width = 168; width <= 900; width += 12) {
    view.resize(width, 100 + width / 10);
    QCoreApplication::processEvents();
    view.drawNow();
    QCoreApplication::processEvents();
    QString words;
    for (const QLabel* label : view.findChildren<QLabel*>()) {
      if (!label->isVisible()) continue;
      words += label->text();
      EXPECT_LE(label->sizeHint().width(), label->width() + 1) << width << ": " << label->text().toStdString();
      EXPECT_LE(label->sizeHint().height(), label->height() + 1) << width;
    }
    EXPECT_TRUE(words.contains("training") && words.contains("validation")) << width << ": " << words.toStdString();
  }
}

}  // namespace
