#include <gtest/gtest.h>
#include <limits>

#include "ui/model/RefreshGovernor.h"

namespace {

using ui::RefreshGovernor;

RefreshGovernor after(double costMs, int cores, int samples = 50) {
  RefreshGovernor governor;
  for (int i = 0; i < samples; ++i) governor.addSample(costMs, cores);
  return governor;
}

TEST(RefreshGovernorTest, CheapPicturesAreShownThirtyTimesASecond) {
  EXPECT_EQ(after(4, 2).intervalMs(), RefreshGovernor::kShortestMs);
}

TEST(RefreshGovernorTest, DearPicturesAreShownNoLessThanTenTimesASecond) {
  EXPECT_EQ(after(400, 2).intervalMs(), RefreshGovernor::kLongestMs);
  EXPECT_GE(1000.0 / RefreshGovernor::kLongestMs, 10.0);
}

TEST(RefreshGovernorTest, InBetweenDrawingTakesItsShareAndNoMore) {
  for (const double cost : {10.0, 16.0, 20.0}) {
    const int interval = after(cost, 2).intervalMs();
    EXPECT_NEAR(cost / (interval * 2.0), RefreshGovernor::kShare, 0.01) << cost;
  }
}

TEST(RefreshGovernorTest, MoreCoresAllowMorePictures) {
  EXPECT_LT(after(30, 4).intervalMs(), after(30, 2).intervalMs());
}

TEST(RefreshGovernorTest, YieldsFasterThanItRelaxes) {
  RefreshGovernor governor = after(5, 2);
  governor.addSample(60, 2), governor.addSample(60, 2);
  const int yielded = governor.intervalMs();
  EXPECT_GT(yielded, RefreshGovernor::kShortestMs);
  governor.addSample(5, 2), governor.addSample(5, 2);
  EXPECT_GT(governor.intervalMs(), RefreshGovernor::kShortestMs);
}

TEST(RefreshGovernorTest, MeasurementsThatCannotBeAreIgnored) {
  RefreshGovernor governor = after(30, 2);
  const int before = governor.intervalMs();
  governor.addSample(-1, 2);
  governor.addSample(std::numeric_limits<double>::infinity(), 2);
  governor.addSample(std::numeric_limits<double>::quiet_NaN(), 2);
  EXPECT_EQ(governor.intervalMs(), before);
}

}  // namespace
