#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "train/history/Smoothing.h"

namespace {

using Values = std::vector<double>;

TEST(Smoothing, IsTensorBoardsWithoutItsBias) {
  const Values shown = train::smoothed(Values{1, 2, 3}, 0.6);
  EXPECT_NEAR(shown[0], 1, 1e-12);
  EXPECT_NEAR(shown[1], 1.625, 1e-12);
  EXPECT_NEAR(shown[2], 2.3265, 5e-5);
}

TEST(Smoothing, LeavesAloneWhatNeedsNone) {
  EXPECT_EQ(train::smoothed(Values{0.1, 0.1, 0.1, 0.1}, 0.9), (Values{0.1, 0.1, 0.1, 0.1}));
  EXPECT_EQ(train::smoothed(Values{3, 1, 2}, 0), (Values{3, 1, 2}));
  EXPECT_TRUE(train::smoothed({}, 0.5).empty());
}

TEST(Smoothing, WhatIsNoNumberPassesThroughAndCountsForNothing) {
  const double none = std::numeric_limits<double>::quiet_NaN(), all = std::numeric_limits<double>::infinity();
  const Values with = train::smoothed(Values{none, 1, none, 2, all, 3}, 0.6), without = train::smoothed(Values{1, 2, 3}, 0.6);
  EXPECT_TRUE(std::isnan(with[0]));
  EXPECT_TRUE(std::isnan(with[2]));
  EXPECT_EQ(with[4], all);
  EXPECT_EQ((Values{with[1], with[3], with[5]}), without);
}

}  // namespace
