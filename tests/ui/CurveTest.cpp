#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include <QTest>
#include <qcustomplot.h>

#include "train/history/RunProgress.h"
#include "ui/LabelWords.h"
#include "ui/panels/training/Curve.h"
#include "ui/panels/training/CurvesView.h"

namespace {

using ui::Curve;
using ui::CurvePoint;

Curve line(int count, std::size_t most) {
  Curve curve(most);
  for (int i = 0; i < count; ++i) curve.add(i * 0.5, 2.0 * i);
  return curve;
}

TEST(CurveTest, ShortRunsAreShownPointByPoint) {
  const auto points = line(5, 100).points();
  ASSERT_EQ(points.size(), 5u);
  EXPECT_EQ(points[3], (CurvePoint{1.5, 6.0}));
}

TEST(CurveTest, LongRunsAreThinnedToMeansThatKeepTheLineAndItsEnds) {
  const Curve curve = line(100000, 64);
  const auto points = curve.points();
  ASSERT_LE(points.size(), 66u);
  ASSERT_GT(points.size(), 32u);
  for (const CurvePoint& point : points) EXPECT_NEAR(point.y, 4 * point.x, 1e-6);
  EXPECT_EQ(points.front(), (CurvePoint{0, 0})) << "the first fall begins where it began";
  EXPECT_EQ(points.back(), (CurvePoint{99999 * 0.5, 2.0 * 99999}));
  EXPECT_EQ(curve.last(), points.back());
  for (std::size_t i = 1; i < points.size(); ++i) EXPECT_GT(points[i].x, points[i - 1].x);
}

TEST(CurveTest, FiguresThatAreNotNumbersAreLeftOut) {
  Curve curve = line(2, 10);
  curve.add(2, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(curve.points().size(), 2u);
  curve.clear();
  EXPECT_TRUE(curve.empty());
  EXPECT_TRUE(curve.points().empty());
}

TEST(CurveTest, ALogarithmicAxisHasAFewRoundFigures) {
  EXPECT_EQ(ui::logarithmicTicks(0.009, 3, 5), (std::vector<double>{0.01, 0.1, 1}));
  const auto narrow = ui::logarithmicTicks(0.9, 1.3, 5);
  EXPECT_GE(narrow.size(), 2u) << "not a power of ten alone";
  EXPECT_LE(narrow.size(), 5u);
  for (double high = 1; high < 1e30; high *= 7.3)
    for (const std::size_t most : {2u, 4u, 7u}) {
      const auto ticks = ui::logarithmicTicks(1e-3, high, most);
      EXPECT_LE(ticks.size(), most) << high;
      EXPECT_GE(ticks.size(), 1u) << high;
    }
  EXPECT_TRUE(ui::logarithmicTicks(0, 1, 5).empty());
}

TEST(CurveTest, LabelsOfChangesNeverCoverEachOther) {
  const std::vector<double> lines{10, 14, 40, 41, 90, 95, 99}, widths{30, 30, 20, 50, 30, 30, 30};
  const auto places = ui::placeLabels(lines, widths, 0, 100, 3);
  ASSERT_EQ(places.size(), lines.size());
  int shown = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].row < 0) continue;
    ++shown;
    EXPECT_LT(places[i].row, 3);
    EXPECT_GE(places[i].left, 0);
    EXPECT_LE(places[i].left + widths[i], 100);
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_TRUE(places[k].row != places[i].row || places[k].left + widths[k] < places[i].left) << k << " and " << i;
  }
  EXPECT_GE(shown, 5);
  EXPECT_GT(places[5].left, 0);
  EXPECT_LT(places[5].left, lines[5]) << "to the left of its line, where there is no room to the right";
}

// As of a generator and its discriminator, whose sum says nothing.
TEST(CurvesViewTest, TwoLossesAreBothDrawnAndNamed) {
  const tasks::Task& generate = *tasks::findTask("generate");
  train::EpochFigures figures;
  figures.seen = figures.answers = 4;
  figures.loss = 10;
  figures.figures = {6, 4};
  train::Evaluation validation;
  validation.count = validation.answerCount = 1;
  validation.figures = {1.25, 0.75};
  train::MetricPoint point;
  point.epoch = 1;
  setTraining(point, generate, figures);
  setValidation(point, generate, validation);
  train::MetricLog log;
  log.add(point);
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  view.setTask(generate);
  view.setMetrics(&log);
  view.resize(1000, 200);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  const QString words = uitest::labelWords(view);
  for (const char* word : {"D loss", "G loss", "1.500", "1.000", "1.250", "0.750"})
    EXPECT_TRUE(words.contains(word)) << words.toStdString();
  const auto plots = view.findChildren<QCustomPlot*>();
  for (QCustomPlot* plot : plots) EXPECT_EQ(plot->yAxis->scaleType(), QCPAxis::stLogarithmic);
  EXPECT_EQ(plots[0]->graph(0)->dataMainValue(0), 1.5);
  EXPECT_EQ(plots[1]->graph(1)->dataMainValue(0), 0.75);
  EXPECT_TRUE(view.textAt(plots[1]->geometry().center()).contains("training: discriminator's loss 1.500, generator's loss 1.000"));
  view.setTask(*tasks::findTask("classify"));
  EXPECT_EQ(plots[1]->yAxis->scaleType(), QCPAxis::stLinear);
}

TEST(CurvesViewTest, ATinyLossIsNoZeroAndADivergedRunHasNone) {
  ui::CurvesView view;
  view.setTheme(ui::lightTheme());
  train::MetricPoint point;
  point.epoch = 1;
  point.trainLoss = 1.234e-6;
  point.validationLoss = 0.0123;
  point.validationMetric = 0.999;
  train::MetricLog log;
  log.add(point);
  view.setMetrics(&log);
  view.resize(800, 200);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  view.drawNow();
  const auto words = [&] { return uitest::labelWords(view); };
  EXPECT_TRUE(words().contains("<b>1.23e-6</b>") && words().contains("<b>0.012</b>")) << words().toStdString();
  view.setDiverged(true);
  EXPECT_TRUE(words().contains("<b>diverged</b>")) << words().toStdString();
  EXPECT_FALSE(words().contains("1.23e-6") || words().contains("0.012")) << words().toStdString();
  EXPECT_FALSE(words().contains("%")) << "the accuracy is that of before, too: " << words().toStdString();
  view.setDiverged(false);
  EXPECT_TRUE(words().contains("<b>1.23e-6</b>")) << words().toStdString();
}

}  // namespace
