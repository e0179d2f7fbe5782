#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "ui/training/Curve.h"

namespace {

using ui::CurveKind;

std::vector<train::MetricPoint> points(int count) {
  std::vector<train::MetricPoint> result;
  for (int i = 0; i < count; ++i) {
    train::MetricPoint point;
    point.step = std::uint64_t(i);
    point.epoch = i * 0.5;
    point.trainLoss = 2.0 * i;
    point.trainAccuracy = 0.01 * i;
    if (i % 10 == 9) point.validationLoss = 1.0 * i, point.validationAccuracy = 0.5;
    result.push_back(point);
  }
  return result;
}

TEST(CurveTest, ShortRunsAreShownPointByPoint) {
  const auto curve = ui::curveOf(points(5), CurveKind::TrainLoss, 100);
  ASSERT_EQ(curve.size(), 5u);
  EXPECT_EQ(curve[3], (ui::CurvePoint{1.5, 6.0}));
}

TEST(CurveTest, ValidationHasPointsOnlyWhereItWasComputed) {
  const auto curve = ui::curveOf(points(30), CurveKind::ValidationAccuracy, 100);
  ASSERT_EQ(curve.size(), 3u);
  EXPECT_EQ(curve[0], (ui::CurvePoint{4.5, 50.0}));
}

TEST(CurveTest, LongRunsAreThinnedToMeansThatKeepTheLine) {
  const auto curve = ui::curveOf(points(1000), CurveKind::TrainLoss, 64);
  ASSERT_LE(curve.size(), 64u);
  ASSERT_GT(curve.size(), 32u);
  for (const ui::CurvePoint& point : curve) EXPECT_NEAR(point.y, 4 * point.x, 1e-9);
  EXPECT_LT(curve.front().x, 10);
  EXPECT_GT(curve.back().x, 480);
}

TEST(CurveTest, FiguresThatAreNotNumbersAreLeftOut) {
  auto some = points(3);
  some[1].trainLoss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(ui::curveOf(some, CurveKind::TrainLoss, 10).size(), 2u);
}

TEST(CurveTest, NothingGivesNothing) {
  EXPECT_TRUE(ui::curveOf({}, CurveKind::TrainLoss, 0).empty());
}

}  // namespace
