#include <cmath>
#include <gtest/gtest.h>

#include "train/history/RunAdvice.h"

namespace {

using train::RunAdvice;

// A run of so many points of ten steps, ten points an epoch.
template <typename Fill>
train::MetricLog logOf(int count, Fill fill) {
  train::MetricLog log;
  for (int i = 1; i <= count; ++i) {
    train::MetricPoint point;
    point.step = std::uint64_t(i) * 10;
    point.epoch = i / 10.0;
    fill(point, i);
    if (i % 10 != 0) point.validationLoss.reset();
    log.add(point);
  }
  return log;
}

std::optional<train::RunAdvice> adviceOn(const train::MetricLog& log) {
  return train::adviceOn(log, *tasks::findTask("classify"));
}

TEST(RunAdvice, OverfittingIsNamedWithTheEpochWhereItBegan) {
  const auto log = logOf(200, [](train::MetricPoint& point, int) {
    point.trainLoss = std::exp(-point.epoch / 4);
    point.trainMetric = 1 - point.trainLoss / 3;
    point.validationLoss = 0.4 + 0.01 * (point.epoch - 6) * (point.epoch - 6);
  });
  const auto advice = adviceOn(log);
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->kind, RunAdvice::Kind::Overfitting);
  EXPECT_EQ(advice->sinceEpoch, 6);
  EXPECT_NE(advice->what.find("since epoch 6.0 the validation loss rises (0.400 to 2.360)"), std::string::npos) << advice->what;
  EXPECT_NE(advice->hint.find("augmentation"), std::string::npos);
}

TEST(RunAdvice, OneBadMeasurementIsNoOverfitting) {
  for (const int bad : {180, 190, 200}) {
    const auto log = logOf(200, [bad](train::MetricPoint& point, int i) {
      point.trainLoss = std::exp(-point.epoch / 4);
      point.trainMetric = 1 - point.trainLoss / 3;
      point.validationLoss = std::exp(-point.epoch / 5) + (i == bad ? 1 : 0);
    });
    EXPECT_FALSE(adviceOn(log)) << bad;
  }
}

TEST(RunAdvice, AValidationLossThatRisesWithTheTrainingLossIsNone) {
  const auto log = logOf(200, [](train::MetricPoint& point, int) {
    point.trainLoss = 0.5 + 0.1 * point.epoch;
    point.validationLoss = 0.5 + 0.1 * point.epoch;
  });
  const auto advice = adviceOn(log);
  EXPECT_TRUE(!advice || advice->kind != RunAdvice::Kind::Overfitting);
}

TEST(RunAdvice, APlateauIsNamedAndAFinishedTrainingIsNone) {
  const auto flat = logOf(200, [](train::MetricPoint& point, int i) {
    point.trainLoss = 2.302 + 0.001 * std::sin(i);
    point.trainMetric = 0.1;
  });
  ASSERT_TRUE(adviceOn(flat));
  EXPECT_EQ(adviceOn(flat)->kind, RunAdvice::Kind::Plateau);
  EXPECT_NE(adviceOn(flat)->what.find("stays near 2.302"), std::string::npos) << adviceOn(flat)->what;
  EXPECT_FALSE(adviceOn(logOf(20, [](train::MetricPoint& point, int) { point.trainLoss = 2.3; }))) << "too few steps to say so";
  EXPECT_FALSE(adviceOn(logOf(200, [](train::MetricPoint& point, int) {
    point.trainLoss = 0.01 + 2.3 * std::exp(-point.epoch * 2);
    point.trainMetric = 1 - 0.3 * point.trainLoss;
  }))) << "it has learned what there is";
  EXPECT_FALSE(adviceOn(logOf(200, [](train::MetricPoint& point, int) {
    point.trainLoss = 2.3 / (1 + point.epoch);
    point.trainMetric = 0.5;
  }))) << "it still falls";
  EXPECT_FALSE(adviceOn({}));
}

}  // namespace
