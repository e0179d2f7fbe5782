#include <gtest/gtest.h>

#include "train/StopRule.h"

namespace {

train::EpochResult epoch(std::int64_t number, double accuracy) {
  train::Evaluation validation;
  validation.count = validation.answerCount = 1000;
  validation.figures[0] = 1000 * accuracy;
  validation.loss = 1 - accuracy;
  return {number, 0.1, validation};
}

class StopRuleTest : public ::testing::Test {
 protected:
  std::string after(std::int64_t number, double accuracy) {
    return rule.reached(recipe, epoch(number, accuracy), *tasks::findTask("classify"));
  }
  train::Recipe recipe;
  train::StopRule rule;
};

TEST_F(StopRuleTest, GoesOnForEverWhereNothingIsSet) {
  for (int i = 1; i <= 100; ++i) EXPECT_EQ(after(i, 0.5), "");
  EXPECT_EQ(rule.best()->number, 1);
}

TEST_F(StopRuleTest, StopsAfterSoManyEpochsAndOnceOnly) {
  EXPECT_EQ(train::StopRule::afterEpoch(recipe, 3), "");
  recipe.stopAfter = 3;
  EXPECT_EQ(train::StopRule::afterEpoch(recipe, 2), "");
  EXPECT_EQ(train::StopRule::afterEpoch(recipe, 3), "Stopped after 3 epochs, as set");
  EXPECT_EQ(train::StopRule::afterEpoch(recipe, 4), "") << "who goes on is not stopped at every epoch";
}

TEST_F(StopRuleTest, StopsWhenTheValidationHasNotBeenBetterForAsLongAsThePatienceLasts) {
  recipe.patience = 2;
  EXPECT_EQ(after(1, 0.5), "");
  EXPECT_EQ(after(2, 0.9), "");
  EXPECT_EQ(after(3, 0.8), "");
  EXPECT_EQ(after(4, 0.85), "Stopped: no epoch since has been better than epoch 2");
  EXPECT_EQ(rule.best()->number, 2);
  EXPECT_EQ(after(5, 0.85), "");
  EXPECT_EQ(after(6, 0.85), "Stopped: no epoch since has been better than epoch 2");
  EXPECT_EQ(after(7, 0.95), "");
  EXPECT_EQ(after(8, 0.5), "");
}

}  // namespace
