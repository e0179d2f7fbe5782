#include <gtest/gtest.h>

#include "train/history/MetricTable.h"

namespace {

TEST(MetricTable, HasARowForEachStepAndEmptyCellsWhereNothingWasMeasured) {
  train::MetricLog log;
  for (int i = 1; i <= 3; ++i) {
    train::MetricPoint point;
    point.step = std::uint64_t(i) * 10;
    point.epoch = i / 4.0;
    point.seconds = i * 0.1;
    point.trainLoss = 1.0 / i;
    point.trainMetric = 0.5;
    if (i == 2) point.validationLoss = 0.75, point.validationMetric = 0.25;
    log.add(point);
  }
  EXPECT_EQ(train::tableOf(log),
            "step,epoch,seconds,training loss,training metric,validation loss,validation metric\n"
            "10,0.25,0.1,1,0.5,,\n"
            "20,0.5,0.2,0.5,0.5,0.75,0.25\n"
            "30,0.75,0.30000000000000004,0.3333333333333333,0.5,,\n");
  EXPECT_EQ(train::tableOf({}), "step,epoch,seconds\n");
}

}  // namespace
