// A checkpoint restored anywhere goes on as if the training had never stopped, bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "train/TestProblem.h"
#include "train/history/MetricLog.h"
#include "train/history/RunLog.h"

namespace {

using train::Checkpoint;
using train::Trainer;

void run(Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) ASSERT_EQ(trainer.step().diverged, "");
}

class CheckpointOf : public testing::TestWithParam<nn::OptimizerKind> {
 protected:
  train::TrainingOptions options(int threads) const {
    train::TrainingOptions options = testproblem::options(threads);
    options.optimizer.kind = GetParam();
    options.optimizer.learningRate = nn::standardLearningRate(GetParam());
    options.schedule.kind = train::ScheduleKind::Cosine;
    options.augmentation = data::Augmentation::standard();
    return options;
  }
};

TEST_P(CheckpointOf, GoesOnBitForBit) {
  const auto network = testproblem::network(0.3);
  const auto images = testproblem::quadrants(200);
  Trainer whole(network, images, options(2));
  run(whole, 9);  // in the middle of the third epoch
  const Checkpoint checkpoint = whole.checkpoint();
  run(whole, 7);
  Trainer other(network, images, options(1));
  run(other, 2);
  other.restore(checkpoint);
  EXPECT_EQ(other.stepCount(), 9u);
  run(other, 7);
  EXPECT_EQ(testproblem::copyOf(other.parameters()), testproblem::copyOf(whole.parameters()));
  EXPECT_EQ(other.stepCount(), whole.stepCount());
  EXPECT_EQ(other.epoch(), whole.epoch());
}

INSTANTIATE_TEST_SUITE_P(Optimizers, CheckpointOf, testing::ValuesIn(nn::optimizerKinds().begin(), nn::optimizerKinds().end()),
                         [](const auto& test) { return std::string(nn::optimizerName(test.param)); });

TEST(Checkpoint, RefusesWhatIsNotOfThisTraining) {
  Trainer trainer(testproblem::network(), testproblem::quadrants(200), testproblem::options());
  run(trainer, 3);
  const std::vector<float> before = testproblem::copyOf(trainer.parameters());
  const auto refuses = [&](auto change) {
    Checkpoint wrong = trainer.checkpoint();
    change(wrong);
    EXPECT_THROW(trainer.restore(wrong), nn::Error);
    EXPECT_EQ(testproblem::copyOf(trainer.parameters()), before);
    EXPECT_EQ(trainer.stepCount(), 3u);
  };
  refuses([](Checkpoint& c) { c.parameters.pop_back(); });
  refuses([](Checkpoint& c) { c.optimizer.first.pop_back(); });
  refuses([](Checkpoint& c) { c.recipe.optimizer.kind = nn::OptimizerKind::Sgd; });
  refuses([](Checkpoint& c) { c.position = 200; });
  refuses([](Checkpoint& c) { c.recipe.seed = 77; });
  refuses([](Checkpoint& c) { c.recipe.frozen = {"nobody"}; });
}

TEST(RunLog, ReplayedGivesTheSameWeights) {
  const auto network = testproblem::network();
  const auto images = testproblem::quadrants(200);
  train::TrainingOptions options = testproblem::options();
  Trainer live(network, images, options);
  train::RunLog log(options);
  run(live, 4);
  train::Recipe recipe = options;
  recipe.optimizer.learningRate = 0.01f;
  live.setRecipe(recipe);
  log.change(live.stepCount(), live.epoch(), recipe);
  run(live, 3);
  recipe.batchSize = 16;
  recipe.optimizer.kind = nn::OptimizerKind::Momentum;
  live.setRecipe(recipe);
  log.change(live.stepCount(), live.epoch(), recipe);
  run(live, 5);
  Trainer again(network, images, {log.start(), 1});
  train::replay(log, again, live.stepCount());
  EXPECT_EQ(testproblem::copyOf(again.parameters()), testproblem::copyOf(live.parameters()));
}

TEST(RunLog, ChangesBetweenTwoStepsAreOneAndWhatIsTakenBackIsNone) {
  train::Recipe recipe;
  train::RunLog log(recipe);
  recipe.batchSize = 8;
  log.change(0, 0, recipe);
  EXPECT_TRUE(log.changes().empty()) << "the run begins with it";
  EXPECT_EQ(log.start().batchSize, 8);
  recipe.optimizer.learningRate = 0.5f;
  log.change(3, 0.3, recipe);
  recipe.batchSize = 4;
  log.change(3, 0.3, recipe);
  ASSERT_EQ(log.changes().size(), 1u);
  EXPECT_EQ(log.changes()[0].fields.size(), 2u);
  log.change(3, 0.3, log.start());
  EXPECT_TRUE(log.changes().empty());
}

TEST(RunLog, WhatAStepWasTriedWithStays) {
  train::Recipe recipe;
  train::RunLog log(recipe);
  const auto rate = [&](float value) {
    recipe.optimizer.learningRate = value;
    log.change(5, 0.5, recipe);
  };
  const float before = recipe.optimizer.learningRate;
  rate(1000);
  log.tried();
  rate(before);
  ASSERT_EQ(log.changes().size(), 2u);
  rate(1000);
  EXPECT_EQ(log.changes().size(), 1u) << "as it was tried";
  rate(1);
  ASSERT_EQ(log.changes().size(), 2u);
  EXPECT_EQ(train::describe(log.changes()[0].fields.front()), "learning rate 1000");
  EXPECT_EQ(train::describe(log.changes()[1].fields.front()), "learning rate 1");
}

TEST(RunLog, ARunKeepsWhatIsNotLiveFromItsBeginning) {
  train::Recipe recipe;
  train::RunLog log(recipe);
  recipe.seed = 9;
  recipe.batchSize = 8;
  log.change(0, 0, recipe);
  EXPECT_EQ(log.start().seed, train::Recipe{}.seed);
  EXPECT_EQ(log.start().batchSize, 8);
  log.change(5, 0.5, recipe);
  EXPECT_TRUE(log.changes().empty());
}

TEST(MetricLog, KeepsEachFigureInASeriesOfItsOwn) {
  using train::MetricLog, train::MetricSample;
  MetricLog log;
  EXPECT_TRUE(log.empty());
  for (std::uint64_t step = 1; step <= 4; ++step) {
    train::MetricPoint point{0, step, double(step) / 10, 2.0 / double(step), 0.5, {}, {}, 0};
    if (step % 2 == 0) point.validationLoss = 7.0 + double(step), point.validationMetric = 0.25;
    log.add(point);
  }
  EXPECT_EQ(log.series(MetricLog::kTrainingLoss).size(), 4u);
  const auto validation = log.series(MetricLog::kValidationLoss);
  ASSERT_EQ(validation.size(), 2u);
  EXPECT_EQ(validation[0], (MetricSample{2, 0.2, 9}));
  EXPECT_TRUE(log.series("nothing").empty());
  EXPECT_EQ(train::sampleAt(validation, 1), nullptr);
  EXPECT_EQ(train::sampleAt(validation, 3)->step, 2u);
  EXPECT_EQ(train::nearestSample(validation, 0.31)->step, 4u);
  EXPECT_EQ(train::nearestSample(validation, -1)->step, 2u);
  // The same weights have another loss on a part of the images than on all: the two are no one curve.
  log.add({.step = 5, .epoch = 0.5, .validationLoss = 9.5, .validationImages = 512, .allValidationImages = 1000});
  log.add({.step = 6, .epoch = 0.6, .validationLoss = 9.1, .validationImages = 1000, .allValidationImages = 1000});
  EXPECT_EQ(log.series(MetricLog::kValidationLoss).back(), (MetricSample{6, 0.6, 9.1}));
  EXPECT_EQ(log.series(MetricLog::kValidationLoss).size(), 3u);
  ASSERT_EQ(log.series(MetricLog::kPartLoss).size(), 1u);
  EXPECT_EQ(log.series(MetricLog::kPartLoss)[0], (MetricSample{5, 0.5, 9.5}));
  EXPECT_EQ(log.series(MetricLog::kPartImages)[0].value, 512);
  EXPECT_EQ(log.series(MetricLog::kAllImages)[0].value, 1000);
  log.add({1, 1, 0.1, 3, 0, {}, {}, 0});
  EXPECT_EQ(log.series(MetricLog::kTrainingLoss).size(), 1u) << "another run";
  EXPECT_TRUE(log.series(MetricLog::kValidationLoss).empty());
}

}  // namespace
