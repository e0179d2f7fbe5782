#include <cmath>
#include <gtest/gtest.h>

#include "train/RateSchedule.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

using train::RateSchedule;
using train::ScheduleKind;

TEST(RateSchedule, FollowsItsCurve) {
  RateSchedule schedule;
  EXPECT_EQ(rateFactor(schedule, 7.3), 1);

  schedule = {.kind = ScheduleKind::Step, .decay = 0.1, .every = 2};
  EXPECT_DOUBLE_EQ(rateFactor(schedule, 1.99), 1);
  EXPECT_DOUBLE_EQ(rateFactor(schedule, 2), 0.1);
  EXPECT_NEAR(rateFactor(schedule, 5.5), 0.01, 1e-15);

  schedule = {.kind = ScheduleKind::Exponential, .decay = 0.5};
  EXPECT_DOUBLE_EQ(rateFactor(schedule, 0), 1);
  EXPECT_NEAR(rateFactor(schedule, 2.5), std::pow(0.5, 2.5), 1e-12);

  schedule = {.kind = ScheduleKind::Cosine, .epochs = 4};
  EXPECT_DOUBLE_EQ(rateFactor(schedule, 0), 1);
  EXPECT_NEAR(rateFactor(schedule, 1), 0.5 + std::sqrt(0.125), 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 2), 0.5, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 4), 0, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 9), 0, 1e-12) << "goes on past its end";

  schedule = {.kind = ScheduleKind::OneCycle, .epochs = 4};
  EXPECT_NEAR(rateFactor(schedule, 0), 0.04, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 0.5), 0.52, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 1), 1, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 2.5), 0.5, 1e-12);
  EXPECT_NEAR(rateFactor(schedule, 4), 0, 1e-12);
}

TEST(RateSchedule, WarmsUpBeforeAnyOfThem) {
  for (const ScheduleKind kind : train::scheduleKinds()) {
    RateSchedule plain{.kind = kind, .epochs = 10, .decay = 0.7}, warm = plain;
    warm.warmUpEpochs = 2;
    EXPECT_DOUBLE_EQ(rateFactor(warm, 0), 0.04 * rateFactor(plain, 0)) << scheduleName(kind);
    EXPECT_DOUBLE_EQ(rateFactor(warm, 1), 0.52 * rateFactor(plain, 1)) << scheduleName(kind);
    EXPECT_DOUBLE_EQ(rateFactor(warm, 3), rateFactor(plain, 3)) << scheduleName(kind);
  }
}

TEST(RateSchedule, NamesLeadBackToTheirKinds) {
  for (const ScheduleKind kind : train::scheduleKinds()) EXPECT_EQ(train::scheduleKindOf(scheduleName(kind)), kind);
  EXPECT_FALSE(train::scheduleKindOf("guess"));
}

// Of plain gradient descent the step is the gradient times the rate.
TEST(RateSchedule, SetsTheLengthOfEachStepOfATrainer) {
  train::TrainingOptions options = testproblem::options();
  options.optimizer = {};
  options.optimizer.kind = nn::OptimizerKind::Sgd;
  options.optimizer.learningRate = 0.1f;
  options.batchSize = 50;
  options.schedule = {.kind = ScheduleKind::Step, .decay = 0.25, .every = 0.5};
  train::Trainer trainer(testproblem::network(), testproblem::quadrants(200), options);
  for (const float rate : {0.1f, 0.1f, 0.025f, 0.025f, 0.00625f}) {
    EXPECT_FLOAT_EQ(trainer.learningRate(), rate);
    const std::vector<float> before(trainer.parameters().begin(), trainer.parameters().end());
    ASSERT_EQ(trainer.step().diverged, "");
    for (std::size_t i = 0; i < before.size(); ++i)
      ASSERT_NEAR(trainer.parameters()[i], before[i] - rate * trainer.gradients()[i], 1e-6) << i;
  }
  EXPECT_FLOAT_EQ(trainer.options().optimizer.learningRate, 0.1f) << "what the person set stays";
}

}  // namespace
