#include <gtest/gtest.h>
#include <vector>

#include "nn/Error.h"
#include "train/TestProblem.h"
#include "train/history/History.h"

namespace {

train::Moment momentOf(const train::Trainer& trainer) {
  auto state = std::make_shared<train::SavedRun>();
  state->checkpoint = trainer.checkpoint();
  auto parameters = std::make_shared<const std::vector<float>>(std::move(state->checkpoint.parameters));
  state->checkpoint.parameters.clear();
  return {trainer.stepCount(), trainer.epoch(), parameters, state};
}

train::TrainingOptions withAdam() {
  train::TrainingOptions options = testproblem::options();
  options.optimizer.kind = nn::OptimizerKind::Adam;
  options.batchSize = 8;
  return options;
}

// A run of so many steps, recorded as whoever trains does it, with a change of the rate on the way.
struct Recorded {
  Recorded(std::uint64_t steps, std::size_t budget) : history(budget) {
    train::Trainer trainer(testproblem::network(0.3), data, withAdam());
    history.add(momentOf(trainer));
    while (trainer.stepCount() < steps) {
      if (trainer.stepCount() == kChanged) {
        train::Recipe recipe = trainer.options();
        recipe.optimizer.learningRate *= 0.5f;
        trainer.setRecipe(recipe);
        log.change(kChanged - 3, trainer.epoch(), recipe);  // as a window does it that was told of that step last
        train::Moment moment = momentOf(trainer);
        moment.changed = true;
        history.add(moment);
      }
      const auto epoch = std::uint64_t(trainer.epoch());
      trainer.step();
      if (history.wants(trainer.stepCount(), std::uint64_t(trainer.epoch()) != epoch)) history.add(momentOf(trainer));
    }
    last = testproblem::copyOf(trainer.parameters());
  }
  // Over the change where it lies ahead.
  std::vector<float> goOn(const train::SavedRun& run, std::uint64_t steps) const {
    train::Trainer trainer(testproblem::network(0.3), data, withAdam());
    trainer.restore(run.checkpoint);
    while (trainer.stepCount() < steps) {
      train::Recipe recipe = trainer.options();
      if (trainer.stepCount() == kChanged && run.checkpoint.step < kChanged) recipe.optimizer.learningRate *= 0.5f;
      trainer.setRecipe(recipe);
      trainer.step();
    }
    return testproblem::copyOf(trainer.parameters());
  }
  static constexpr std::uint64_t kChanged = 57;
  std::shared_ptr<const data::Dataset> data = testproblem::quadrants(200);
  train::History history;
  train::RunLog log{withAdam()};
  std::vector<float> last;
};

TEST(History, IsDenseAtFirstAndKnowsTheEndOfEachEpoch) {
  const Recorded run(1000, std::size_t(1) << 30);
  const std::vector<train::Moment>& moments = run.history.moments();
  ASSERT_GT(moments.size(), 140u);
  for (std::uint64_t i = 0; i <= 100; ++i) ASSERT_EQ(moments[i].step, i);
  for (std::size_t i = 101; i < moments.size(); ++i) {
    EXPECT_LE(moments[i].step - moments[i - 1].step, std::max<std::uint64_t>(1, moments[i - 1].step / 20));
    EXPECT_GT(moments[i].step, moments[i - 1].step);
  }
  for (std::uint64_t end = 25; end <= 1000; end += 25) EXPECT_EQ(train::momentAt(moments, end)->step, end) << "an epoch ends there";
  for (const train::Moment& moment : moments) EXPECT_TRUE(moment.state) << "there is room for all";
}

TEST(History, StaysWithinItsBudgetFromTheFirstStepToTheLast) {
  const std::size_t parameters = testproblem::network(0.3)->parameterCount();
  const std::size_t budget = 120 * parameters * sizeof(float);
  const Recorded run(2000, budget);
  const std::vector<train::Moment>& moments = run.history.moments();
  EXPECT_LE(run.history.bytes(), budget);
  EXPECT_GT(run.history.bytes(), budget / 3) << "what there is, is used";
  EXPECT_EQ(moments.front().step, 0u);
  EXPECT_GE(moments.back().step, 1900u);
  EXPECT_TRUE(moments.front().state);
  EXPECT_TRUE(moments.back().state);
  std::size_t since = 0;
  for (const train::Moment& moment : moments) {
    since = moment.state ? 0 : since + 1;
    EXPECT_LT(since, 8u);
  }
}

TEST(History, FromEachWholeMomentTheSameStepsFollowBitForBit) {
  const Recorded run(300, std::size_t(1) << 30);
  std::size_t whole = 0;
  for (const train::Moment& moment : run.history.moments()) {
    if (!moment.state || moment.step % 7 != 0) continue;
    ++whole;
    EXPECT_EQ(run.goOn(train::runAt(moment, run.log, {}), 300), run.last) << moment.step;
  }
  EXPECT_GT(whole, 5u);
}

TEST(History, AMomentOfWeightsAloneIsReachedFromTheStateBefore) {
  const Recorded run(300, 90 * testproblem::network(0.3)->parameterCount() * sizeof(float));
  const train::Moment* before = nullptr;
  std::size_t reached = 0;
  for (const train::Moment& moment : run.history.moments()) {
    if (moment.state) {
      before = &moment;
      continue;
    }
    ASSERT_TRUE(before);
    EXPECT_TRUE(before->step >= Recorded::kChanged || moment.step <= Recorded::kChanged) << "no change lies between";
    EXPECT_THROW(train::runAt(moment, run.log, {}), nn::Error);
    EXPECT_EQ(run.goOn(train::runAt(*before, run.log, {}), moment.step), *moment.parameters) << moment.step;
    ++reached;
  }
  EXPECT_GT(reached, 5u);
}

TEST(History, ARunAtAMomentKnowsNothingOfWhatCameLater) {
  const Recorded run(120, std::size_t(1) << 30);
  train::MetricLog metrics;
  for (std::uint64_t step = 10; step <= 120; step += 10) {
    train::MetricPoint point;
    point.step = step;
    point.trainLoss = double(step);
    if (step > 90) point.validationLoss = 1;
    metrics.add(point);
  }
  const train::SavedRun early = train::runAt(*train::momentAt(run.history.moments(), 56), run.log, metrics);
  EXPECT_EQ(early.checkpoint.step, 56u);
  EXPECT_TRUE(early.log.changes().empty()) << "it is logged before, and came to be afterwards";
  EXPECT_EQ(early.metrics.series(train::MetricLog::kTrainingLoss).size(), 5u);
  EXPECT_TRUE(early.metrics.series(train::MetricLog::kValidationLoss).empty());
  const train::SavedRun late = train::runAt(*train::momentAt(run.history.moments(), 58), run.log, metrics);
  EXPECT_EQ(late.log.changes().size(), 1u);
  EXPECT_EQ(train::momentAt({}, 3), nullptr);
}

TEST(History, WhereNothingCanBeThinnedItStaysAsItIs) {
  train::History history(1000);
  train::Trainer trainer(testproblem::network(), testproblem::quadrants(200), withAdam());
  for (int i = 0; i < 40; ++i) {
    train::Moment moment = momentOf(trainer);
    moment.changed = true;
    history.add(moment);
    trainer.step();
  }
  EXPECT_EQ(history.moments().size(), 40u) << "and comes to an end";
}

TEST(History, ANetworkOfWhichEightMomentsHaveNoRoomIsNotRecorded) {
  EXPECT_TRUE(train::History::hasRoom(62902));
  EXPECT_FALSE(train::History::hasRoom(138'000'000));
}

}  // namespace
