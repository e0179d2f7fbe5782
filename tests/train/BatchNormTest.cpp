// Training with figures of the whole mini-batch: the same bits on any number of threads, running figures that inference can use.
// (tests/golden compares the numbers with PyTorch's.)
#include <cmath>
#include <gtest/gtest.h>

#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

using train::Trainer;
using train::TrainingOptions;

std::shared_ptr<const nn::Network> normalized() {
  nn::NetworkSpec spec;
  spec.name = "normalized";
  const auto number = [](std::int64_t value) { return nn::FieldValue(value); };
  spec.nodes = {{"input", "input", {}, {{"channels", number(1)}, {"height", number(12)}, {"width", number(12)}}},
                {"conv", "conv2d", {}, {{"filters", number(5)}, {"kernel", number(3)}, {"bias", false}}},
                {"norm", "batch-norm", {}, {{"activation", std::string("relu")}, {"momentum", 0.2}}},
                {"pool", "max-pool", {}, {{"kernel", number(2)}}},
                {"hidden", "dense", {}, {{"units", number(12)}}},
                {"norm2", "batch-norm", {}, {{"activation", std::string("tanh")}}},
                {"scores", "dense", {}, {{"units", number(4)}}}};
  return nn::Network::create(spec);
}

std::vector<float> normalizedAfter(int steps, int threads, int batchSize) {
  TrainingOptions options = testproblem::options(threads);
  options.batchSize = batchSize;
  options.augmentation = data::Augmentation::standard();
  Trainer trainer(normalized(), testproblem::quadrants(250), options);
  for (int step = 0; step < steps; ++step) EXPECT_EQ(trainer.step().diverged, "");
  return {trainer.parameters().begin(), trainer.parameters().end()};
}

TEST(BatchNorm, SameBitsOnAnyNumberOfThreads) {
  for (const int batchSize : {1, 40, 300}) {
    const std::vector<float> one = normalizedAfter(8, 1, batchSize);
    EXPECT_EQ(normalizedAfter(8, 2, batchSize), one) << batchSize;
    EXPECT_EQ(normalizedAfter(8, 3, batchSize), one) << batchSize;
  }
}

TEST(BatchNorm, LearnsAndItsRunningFiguresServeInference) {
  Trainer trainer(normalized(), testproblem::quadrants(600), testproblem::options());
  double loss = 0;
  while (trainer.epoch() < 6) loss = trainer.step().loss;
  EXPECT_LT(loss, 0.1);
  EXPECT_GE(trainer.evaluate(*testproblem::quadrants(200, 99)).accuracy(), 0.98);
}

TEST(BatchNorm, RunningFiguresApproachThoseOfTheMiniBatchAndAreNotLearned) {
  TrainingOptions options = testproblem::options();
  options.optimizer = {};
  options.optimizer.kind = nn::OptimizerKind::Sgd;
  options.optimizer.learningRate = 0;
  options.optimizer.weightDecay = 0.5f;
  options.batchSize = 48;
  const auto network = normalized();
  Trainer trainer(network, testproblem::quadrants(48), options);
  const nn::Network::Node& norm = network->node(network->find("norm"));
  const auto figure = [&](std::size_t block) {
    return trainer.parameters()[norm.parameterOffset + norm.layer->parameterBlocks()[block].offset];
  };
  EXPECT_EQ(figure(2), 0.0f);
  EXPECT_EQ(figure(3), 1.0f);
  trainer.step();
  const float mean = figure(2) / 0.2f, variance = (figure(3) - 0.8f) / 0.2f;
  for (int step = 0; step < 60; ++step) trainer.step();
  EXPECT_NEAR(figure(2), mean, 1e-4);
  EXPECT_NEAR(figure(3), variance, 1e-4);
  EXPECT_NE(mean, 0.0f);
}

TEST(BatchNorm, FrozenItStaysAsItIs) {
  TrainingOptions options = testproblem::options();
  options.frozen = {"norm"};
  const auto network = normalized();
  Trainer trainer(network, testproblem::quadrants(100), options);
  const std::vector<float> before(trainer.parameters().begin(), trainer.parameters().end());
  for (int step = 0; step < 3; ++step) trainer.step();
  const nn::Network::Node &norm = network->node(network->find("norm")), &other = network->node(network->find("norm2"));
  for (std::size_t i = 0; i < norm.parameterCount; ++i)
    EXPECT_EQ(trainer.parameters()[norm.parameterOffset + i], before[norm.parameterOffset + i]);
  EXPECT_NE(trainer.parameters()[other.parameterOffset + other.parameterCount - 1],
            before[other.parameterOffset + other.parameterCount - 1]);
}

}  // namespace
