// Whatever is not a finite number stops the training at the layer where it begins, and leaves the rest as it was.
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "nn/Workspace.h"
#include "train/GradientSum.h"
#include "train/LossWatch.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

// Every kind of layer with weights, each before an activation that hides what it is given.
std::shared_ptr<const nn::Network> hiding() {
  using V = std::int64_t;
  const auto text = [](const char* value) { return std::string(value); };
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(12)}, {"width", V(12)}}},
                {"first", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(3)}, {"activation", text("relu")}}},
                {"pool", "average-pool", {}, {{"kernel", V(2)}, {"scaled", true}, {"activation", text("tanh")}}},
                {"second", "conv2d", {}, {{"filters", V(3)}, {"kernel", V(3)}, {"activation", text("sigmoid")}}},
                {"largest", "max-pool", {}, {{"kernel", V(3)}}},
                {"hidden", "dense", {}, {{"units", V(7)}, {"activation", text("scaled-tanh")}}},
                {"scores", "dense", {}, {{"units", V(4)}}},
                {"softmax", "softmax", {}, {}}};
  return nn::Network::create(spec);
}

struct Breaking {
  const char* name;
  float value;
};

class BrokenWeights : public ::testing::TestWithParam<Breaking> {};

TEST_P(BrokenWeights, StopAtTheirLayer) {
  const auto network = hiding();
  train::Trainer trainer(network, testproblem::quadrants(100), testproblem::options(2));
  const std::vector<float> start(trainer.parameters().begin(), trainer.parameters().end());
  for (const nn::Network::Node& node : network->nodes()) {
    if (node.parameterCount == 0) continue;
    for (const std::size_t which : {std::size_t(0), node.parameterCount - 1}) {
      SCOPED_TRACE(node.name + " " + std::to_string(which));
      std::vector<float> broken = start;
      broken[node.parameterOffset + which] = GetParam().value;
      trainer.setParameters(broken);
      const std::uint64_t steps = trainer.stepCount();
      EXPECT_EQ(trainer.step().diverged, node.name);
      EXPECT_EQ(trainer.stepCount(), steps);
      // Nothing but that number is lost.
      for (std::size_t i = 0; i < broken.size(); ++i) {
        if (i == node.parameterOffset + which) continue;
        ASSERT_EQ(trainer.parameters()[i], start[i]);
      }
    }
  }
  trainer.setParameters(start);
  EXPECT_EQ(trainer.step().diverged, "");
}

INSTANTIATE_TEST_SUITE_P(Values, BrokenWeights,
                         ::testing::Values(Breaking{"NotANumber", std::numeric_limits<float>::quiet_NaN()},
                                           Breaking{"Infinity", std::numeric_limits<float>::infinity()},
                                           Breaking{"MinusInfinity", -std::numeric_limits<float>::infinity()}),
                         [](const auto& test) { return std::string(test.param.name); });

// The pictures of a data set are bytes; what reaches the network can only break by a factor at the input.
TEST(BrokenInputs, StopAtTheFirstLayerThatReceivesThem) {
  using V = std::int64_t;
  nn::NetworkSpec spec = hiding()->spec();
  spec.nodes.insert(spec.nodes.begin() + 1, {"factor", "average-pool", {}, {{"kernel", V(1)}, {"scaled", true}}});
  const auto network = nn::Network::create(spec);
  train::TrainingOptions options = testproblem::options(2);
  options.frozen = {"factor"};
  train::Trainer trainer(network, testproblem::quadrants(100), options);
  std::vector<float> parameters(trainer.parameters().begin(), trainer.parameters().end());
  // Large, but a number: the pictures overflow in the sums of the first convolution, and its ReLU hides the negative half.
  parameters[network->node(network->find("factor")).parameterOffset] = 3e38f;
  trainer.setParameters(parameters);
  EXPECT_EQ(trainer.step().diverged, "first");
  parameters[network->node(network->find("factor")).parameterOffset] = std::numeric_limits<float>::quiet_NaN();
  trainer.setParameters(parameters);
  EXPECT_EQ(trainer.step().diverged, "factor");
}

// Of what it is shown until it tells; 0: it never does.
int toldAfter(train::LossWatch& watch, std::size_t stepsPerEpoch, int steps, const std::function<double(int step)>& loss) {
  for (int step = 0; step < steps; ++step)
    if (watch.ranAway(loss(step), stepsPerEpoch)) return step + 1;
  return 0;
}

TEST(RunAway, IsToldFromNoiseByTheLossOfGuessing) {
  train::LossWatch watch(std::log(10.0));
  EXPECT_NEAR(watch.guessing(), std::log(10), 1e-6);
  for (const std::size_t epoch : {std::size_t(5), std::size_t(100), std::size_t(10000)}) {
    SCOPED_TRACE(epoch);
    watch.restart();
    // A training as bad as they come: wild, and a step far out now and then.
    EXPECT_EQ(toldAfter(watch, epoch, 10000, [](int step) { return step % 50 == 0 ? 1e5 : 2 + step % 7 * 100; }), 0);
    EXPECT_EQ(toldAfter(watch, epoch, 1, [](int) { return 1e18; }), 1);
    watch.restart();
    // One that began far out and comes back.
    EXPECT_EQ(toldAfter(watch, epoch, 20000, [](int step) { return 1e6 * std::pow(0.999, step); }), 0);
    watch.restart();
    // One that overshoots.
    EXPECT_EQ(toldAfter(watch, epoch, 20000, [](int step) { return step < 3 ? 2.3 : 2.3 + 1e6 * std::pow(0.9, step); }), 0);
  }
}

// Whatever the first loss was, and whatever a step in between is.
TEST(RunAway, IsToldWhenTheLossStaysFarOutForAnEpoch) {
  train::LossWatch watch(std::log(10.0));
  for (const double first : {2.3, 5300.0, 1e6})
    for (const double level : {600.0, 3420.0, 5300.0}) {
      SCOPED_TRACE(testing::Message() << first << " " << level);
      const auto noisy = [&](int step) { return step == 0 ? first : step % 30 == 29 ? 1.0 : level * (1 + 0.3 * std::sin(7.0 * step)); };
      watch.restart();
      const int small = toldAfter(watch, 10, 1000, noisy);
      EXPECT_TRUE(small > 0 && small <= 100) << small;
      EXPECT_THAT(watch.reason(), testing::MatchesRegex("the loss stays at [0-9.e+]+, that of guessing is 2.3"))
          << "whatever that step's was";
      EXPECT_NEAR(std::log(watch.loss() / level), 0, 1);
      watch.restart();
      const int large = toldAfter(watch, 1000, 10000, noisy);
      EXPECT_TRUE(large > 0 && large <= 1000) << large;
      EXPECT_GT(toldAfter(watch, 1000, 10000, noisy), 0) << "and again, should it be tried again";
    }
}

// In too few steps for that, at their end.
TEST(RunAway, IsToldAtTheEndOfAFewSteps) {
  train::LossWatch watch(std::log(10.0));
  EXPECT_FALSE(watch.endedFarOut(1e6)) << "no step was taken";
  EXPECT_EQ(toldAfter(watch, 10, 12, [](int step) { return step == 0 ? 2.5 : 1e6; }), 0);
  EXPECT_TRUE(watch.endedFarOut(1e6));
  EXPECT_EQ(watch.reason(), "the loss is 1e+06, that of guessing 2.3");
  EXPECT_TRUE(watch.endedFarOut(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(watch.endedFarOut(200)) << "overshot, but not out of range";
  watch.restart();
  EXPECT_EQ(toldAfter(watch, 10, 12, [](int step) { return 1e6 * std::pow(0.99, step); }), 0);
  EXPECT_FALSE(watch.endedFarOut(9e5)) << "it began far out, and comes back";
}

TEST(RunAway, OfATrainingIsTold) {
  const auto network = testproblem::harley();
  train::Trainer trainer(network, testproblem::quadrants(100), testproblem::options(2));
  std::vector<float> parameters(trainer.parameters().begin(), trainer.parameters().end());
  const nn::Network::Node& scores = network->node(network->logitsNode());
  for (std::size_t i = 0; i < scores.parameterCount; ++i) parameters[scores.parameterOffset + i] *= 1e18f;
  trainer.setParameters(parameters);
  const train::StepResult result = trainer.step();
  EXPECT_TRUE(std::isfinite(result.loss));
  EXPECT_GT(result.loss, 1e12);
  EXPECT_EQ(result.diverged, scores.name);
  EXPECT_NE(result.reason.find("that of guessing 2.3"), std::string::npos) << result.reason;
  EXPECT_TRUE(std::equal(parameters.begin(), parameters.end(), trainer.parameters().begin())) << "nothing was learnt from it";
}

TEST(RunAway, NeverOfATrainingThatLearns) {
  for (const nn::LossKind kind : nn::lossKinds()) {
    train::TrainingOptions options = testproblem::options(2);
    options.loss = kind;
    options.batchSize = 4;
    options.optimizer.learningRate = 0.01f;
    train::Trainer trainer(testproblem::harley(), testproblem::quadrants(200), options);
    for (int step = 0; step < 150; ++step) ASSERT_EQ(trainer.step().diverged, "") << nn::lossName(kind) << " " << step;
  }
}

// Of `right` answers out of 50 for each of two classes, the rest being the other class.
train::Evaluation answered(std::uint32_t right0, std::uint32_t right1, std::uint32_t each = 50) {
  train::Evaluation evaluation;
  evaluation.count = evaluation.answerCount = 2 * each;
  evaluation.figures[0] = right0 + right1;
  evaluation.confusion = {right0, each - right0, each - right1, right1};
  return evaluation;
}

TEST(Chance, IsToldFromWhatWasLearned) {
  EXPECT_EQ(answered(0, 50).asGoodAsAlways(), std::optional<std::size_t>(0)) << "always the same answer";
  EXPECT_TRUE(answered(26, 30).asGoodAsAlways()) << "luck";
  EXPECT_FALSE(answered(35, 35).asGoodAsAlways());
  EXPECT_FALSE(answered(0, 20, 20).asGoodAsAlways()) << "too few to tell";
  train::Evaluation uneven = answered(0, 0);
  uneven.confusion = {90, 0, 10, 0};
  uneven.figures[0] = 90;
  EXPECT_EQ(uneven.asGoodAsAlways(), std::optional<std::size_t>(0)) << "90 % right, and nothing learned";
  uneven.confusion = {100, 0, 0, 0};
  uneven.figures[0] = 100;
  EXPECT_FALSE(uneven.asGoodAsAlways()) << "one class alone";
  const auto network = testproblem::harley();
  EXPECT_EQ(train::chanceText(answered(26, 30), *network, 99, "test"), "") << "after a few steps nothing can be expected";
  EXPECT_EQ(train::chanceText(answered(26, 30), *network, 100, "test"),
            "the network ended no better than chance: on the test images its answers are right no more often than if it always answered 0");
  EXPECT_NE(train::chanceText(answered(0, 50), *network, 100, "test").find(", and all of them are the same, whatever it is shown"),
            std::string::npos);
}

// However the loss came there and wherever it stays.
TEST(RunAway, EndsATrainingThatStaysFarOutWithAnyOptimizer) {
  for (const nn::OptimizerKind kind : nn::optimizerKinds()) {
    int ended = 0, far = 0;
    for (const float rate : {1.0f, 30.0f, 1000.0f}) {
      train::TrainingOptions options = testproblem::options(2);
      options.optimizer.kind = kind;
      options.optimizer.learningRate = rate;
      options.batchSize = 8;
      train::Trainer trainer(testproblem::network(), testproblem::quadrants(160), options);
      int farEpochs = 0;
      bool diverged = false;
      for (int epoch = 0; epoch < 8 && !diverged; ++epoch) {
        double least = 1e30;
        for (int step = 0; step < 20 && !diverged; ++step) {
          const train::StepResult result = trainer.step();
          least = std::min(least, result.loss);
          diverged = !result.diverged.empty();
        }
        farEpochs += !diverged && least > 100 * std::log(4);
      }
      ended += diverged;
      far += farEpochs;
      EXPECT_LT(farEpochs, 5) << nn::optimizerName(kind) << " " << rate;
    }
    EXPECT_GT(ended, 0) << nn::optimizerName(kind) << " " << far;
  }
}

class TooFast : public ::testing::TestWithParam<nn::OptimizerKind> {};

TEST_P(TooFast, StopsAndCanGoOnSlowly) {
  train::TrainingOptions options = testproblem::options(2);
  options.optimizer.kind = GetParam();
  options.optimizer.learningRate = 1e30f;
  train::Trainer trainer(testproblem::harley(), testproblem::quadrants(200), options);
  train::StepResult result;
  std::vector<float> before;
  for (int step = 0; step < 100 && result.diverged.empty(); ++step) {
    before.assign(trainer.parameters().begin(), trainer.parameters().end());
    result = trainer.step();
  }
  ASSERT_NE(result.diverged, "");
  EXPECT_GE(trainer.network()->find(result.diverged), 0);
  EXPECT_TRUE(train::allFinite(before));
  EXPECT_TRUE(std::equal(before.begin(), before.end(), trainer.parameters().begin()));
  trainer.reset();
  options.optimizer.learningRate = nn::standardLearningRate(GetParam());
  trainer.setRecipe(options);
  for (int step = 0; step < 5; ++step) EXPECT_EQ(trainer.step().diverged, "");
}

INSTANTIATE_TEST_SUITE_P(Optimizers, TooFast, ::testing::ValuesIn(nn::optimizerKinds().begin(), nn::optimizerKinds().end()),
                         [](const auto& test) { return std::string(nn::optimizerName(test.param)); });

}  // namespace
