#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

#include "data/InputPipeline.h"
#include "nn/Error.h"
#include "nn/Workspace.h"
#include "train/AllocationCounter.h"
#include "train/GradientSum.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

using train::StepResult;
using train::Trainer;
using train::TrainingOptions;

TEST(Trainer, LearnsASeparableProblem) {
  Trainer trainer(testproblem::network(), testproblem::quadrants(600), testproblem::options());
  const double first = trainer.step().loss;
  EXPECT_NEAR(first, std::log(4.0), 0.5);
  StepResult last;
  while (trainer.epoch() < 6) last = trainer.step();
  EXPECT_LT(last.loss, 0.1);
  const train::Evaluation test = trainer.evaluate(*testproblem::quadrants(200, 99));
  EXPECT_GE(test.accuracy(), 0.98);
}

// Everything random on: shuffling, dropout, augmentation; a batch with a partial last block.
std::vector<float> parametersAfter(int steps, int threads, std::uint64_t seed, int batchSize) {
  TrainingOptions options = testproblem::options(threads);
  options.seed = seed;
  options.batchSize = batchSize;
  options.augmentation = data::Augmentation::standard();
  Trainer trainer(testproblem::network(0.3), testproblem::quadrants(250), options);
  for (int step = 0; step < steps; ++step) EXPECT_EQ(trainer.step().diverged, "");
  return testproblem::copyOf(trainer.parameters());
}

TEST(Trainer, SameSeedGivesTheSameBitsOnAnyNumberOfThreads) {
  for (const int batchSize : {40, 250, 300}) {  // the last: more blocks than gradient slots, more samples than images
    const std::vector<float> one = parametersAfter(12, 1, 3, batchSize);
    EXPECT_EQ(parametersAfter(12, 1, 3, batchSize), one);
    EXPECT_EQ(parametersAfter(12, 2, 3, batchSize), one);
    EXPECT_EQ(parametersAfter(12, 3, 3, batchSize), one);
    EXPECT_NE(parametersAfter(12, 2, 4, batchSize), one);
  }
}

TEST(Trainer, FrozenLayersStayAsTheyAre) {
  TrainingOptions options = testproblem::options();
  options.optimizer.weightDecay = 0.1f;
  options.frozen = {testproblem::network()->node(1).name};
  Trainer trainer(testproblem::network(), testproblem::quadrants(100), options);
  const std::vector<float> start = testproblem::copyOf(trainer.parameters());
  const nn::Network::Node& frozen = trainer.network()->node(1);
  ASSERT_GT(frozen.parameterCount, 0u);
  const auto countChanged = [&](const nn::Network::Node& node) {
    std::size_t changed = 0;
    for (std::size_t i = node.parameterOffset; i < node.parameterOffset + node.parameterCount; ++i)
      changed += start[i] != trainer.parameters()[i];
    return changed;
  };
  for (int step = 0; step < 3; ++step) trainer.step();
  EXPECT_EQ(countChanged(frozen), 0u);
  for (const nn::Network::Node& node : trainer.network()->nodes()) {
    if (node.name == frozen.name) continue;
    EXPECT_GE(countChanged(node) * 10, node.parameterCount * 9) << node.name;
  }
  testproblem::change(trainer, [](train::Recipe& recipe) { recipe.frozen.clear(); });
  trainer.step();
  EXPECT_GT(countChanged(frozen), 0u);
  EXPECT_THROW(testproblem::change(trainer, [](train::Recipe& recipe) { recipe.frozen = {"nobody"}; }), nn::Error);
  EXPECT_TRUE(trainer.options().frozen.empty());
}

TEST(Trainer, ClipsTheNormOfTheGradient) {
  TrainingOptions options = testproblem::options();
  options.optimizer.kind = nn::OptimizerKind::Sgd;
  Trainer plain(testproblem::network(), testproblem::quadrants(100), options);
  options.optimizer.gradientClip = 0.01f;
  Trainer clipped(testproblem::network(), testproblem::quadrants(100), options);
  plain.step(), clipped.step();
  const auto norm = [](std::span<const float> values) {
    return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
  };
  ASSERT_GT(norm(plain.gradients()), 0.02);
  EXPECT_NEAR(norm(clipped.gradients()), 0.01, 1e-6);
  const float factor = float(0.01 / norm(plain.gradients()));
  for (std::size_t i = 0; i < plain.gradients().size(); ++i) EXPECT_NEAR(clipped.gradients()[i], factor * plain.gradients()[i], 1e-6f) << i;
  options.optimizer.gradientClip = 1e6f;  // wide enough: nothing changes
  Trainer wide(testproblem::network(), testproblem::quadrants(100), options);
  wide.step();
  EXPECT_EQ(testproblem::copyOf(wide.parameters()), testproblem::copyOf(plain.parameters()));
}

TEST(Trainer, ResetComesBackToTheStart) {
  Trainer trainer(testproblem::network(0.3), testproblem::quadrants(100), testproblem::options());
  const std::vector<float> start = testproblem::copyOf(trainer.parameters());
  EXPECT_EQ(start, trainer.network()->initialParameters(7));
  std::vector<double> losses;
  for (int step = 0; step < 7; ++step) losses.push_back(trainer.step().loss);
  EXPECT_EQ(trainer.stepCount(), 7u);
  EXPECT_NE(testproblem::copyOf(trainer.parameters()), start);
  trainer.reset();
  EXPECT_EQ(testproblem::copyOf(trainer.parameters()), start);
  EXPECT_EQ(trainer.stepCount(), 0u);
  EXPECT_EQ(trainer.epoch(), 0);
  for (const double loss : losses) EXPECT_EQ(trainer.step().loss, loss);
}

TEST(Trainer, TakesBatchesOfAnySize) {
  const auto images = testproblem::quadrants(50);
  TrainingOptions options = testproblem::options();
  options.batchSize = 1;
  Trainer trainer(testproblem::network(), images, options);
  EXPECT_EQ(trainer.step().count, 1);
  testproblem::change(trainer, [](train::Recipe& recipe) { recipe.batchSize = 17; });
  EXPECT_EQ(trainer.step().count, 17);
  testproblem::change(trainer, [](train::Recipe& recipe) { recipe.batchSize = 1000000; });
  EXPECT_EQ(trainer.step().count, 32);  // the rest of the epoch
  EXPECT_DOUBLE_EQ(trainer.epoch(), 1);
  EXPECT_EQ(trainer.step().count, 50);
  EXPECT_DOUBLE_EQ(trainer.epoch(), 2);
  EXPECT_EQ(trainer.options().batchSize, 1000000);
}

// The gradient must be the mean over the batch, whether it came in one block or in several.
TEST(Trainer, GradientIsTheMeanOverTheBatch) {
  const auto images = testproblem::quadrants(37);
  TrainingOptions options = testproblem::options();
  options.batchSize = 37;
  const auto network = testproblem::network();
  Trainer whole(network, images, options);
  const std::vector<float> start = testproblem::copyOf(whole.parameters());
  whole.step();

  std::vector<double> mean(network->parameterCount());
  options.batchSize = 1;
  Trainer single(network, images, options);
  for (int i = 0; i < 37; ++i) {
    single.setParameters(start);
    single.step();
    for (std::size_t p = 0; p < mean.size(); ++p) mean[p] += double(single.gradients()[p]) / 37;
  }
  for (std::size_t p = 0; p < mean.size(); ++p) ASSERT_NEAR(whole.gradients()[p], mean[p], 1e-6) << p;
}

TEST(Trainer, AClassThatNeverOccursIsLearnedAsUnlikely) {
  Trainer trainer(testproblem::network(), testproblem::quadrants(300, 1, 3), testproblem::options());
  while (trainer.epoch() < 5) ASSERT_EQ(trainer.step().diverged, "");
  const train::Evaluation test = trainer.evaluate(*testproblem::quadrants(100, 5, 3));
  EXPECT_GE(test.accuracy(), 0.97);
  for (std::size_t label = 0; label < 4; ++label) EXPECT_EQ(test.confusion[label * 4 + 3], 0u);
}

TEST(Trainer, MeanSquaredErrorLearnsToo) {
  TrainingOptions options = testproblem::options();
  options.loss = nn::LossKind::MeanSquaredError;
  Trainer trainer(testproblem::network(), testproblem::quadrants(600), options);
  while (trainer.epoch() < 6) trainer.step();
  EXPECT_GE(trainer.evaluate(*testproblem::quadrants(200, 99)).accuracy(), 0.98);
}

TEST(Trainer, DivergenceNamesTheFirstNodeAndKeepsTheParameters) {
  for (const auto kind : {nn::OptimizerKind::Sgd, nn::OptimizerKind::Momentum}) {
    TrainingOptions options = testproblem::options();
    options.optimizer.kind = kind;
    options.optimizer.learningRate = 1e6f;
    Trainer trainer(testproblem::harley(), testproblem::quadrants(200), options);
    StepResult result;
    std::vector<float> before;
    for (int step = 0; step < 50 && result.diverged.empty(); ++step) {
      before = testproblem::copyOf(trainer.parameters());
      result = trainer.step();
    }
    ASSERT_NE(result.diverged, "");
    EXPECT_GE(trainer.network()->find(result.diverged), 0);
    EXPECT_EQ(testproblem::copyOf(trainer.parameters()), before);
    EXPECT_TRUE(train::allFinite(before));
    const std::uint64_t count = trainer.stepCount();
    EXPECT_EQ(trainer.step().diverged, result.diverged);  // the same step again
    EXPECT_EQ(trainer.stepCount(), count);

    trainer.reset();
    testproblem::change(trainer, [](train::Recipe& recipe) { recipe.optimizer.learningRate = 0.01f; });
    EXPECT_EQ(trainer.step().diverged, "");
  }
}

TEST(Trainer, DivergenceIsTracedToTheLayerThatOverflows) {
  const auto network = testproblem::network();
  Trainer trainer(network, testproblem::quadrants(64), testproblem::options(3));
  const std::vector<float> start = testproblem::copyOf(trainer.parameters());
  for (const char* name : {"conv", "hidden", "scores"}) {
    std::vector<float> broken = start;
    const nn::Network::Node& node = network->node(network->find(name));
    broken[node.parameterOffset] = std::numeric_limits<float>::quiet_NaN();
    trainer.setParameters(broken);
    EXPECT_EQ(trainer.step().diverged, name);
  }
  // Larger than any number after the update only.
  trainer.setParameters(start);
  testproblem::change(trainer, [](train::Recipe& recipe) {
    recipe.optimizer.kind = nn::OptimizerKind::Sgd;
    recipe.optimizer.learningRate = std::numeric_limits<float>::infinity();
  });
  EXPECT_EQ(trainer.step().diverged, "conv");
  EXPECT_EQ(testproblem::copyOf(trainer.parameters()), start);
}

TEST(Trainer, KeepsMomentsWhileTheOptimizerKindStays) {
  const auto run = [](bool change) {
    TrainingOptions options = testproblem::options();
    options.optimizer.kind = nn::OptimizerKind::Momentum;
    options.optimizer.learningRate = 0.01f;
    Trainer trainer(testproblem::network(), testproblem::quadrants(200), options);
    for (int step = 0; step < 10; ++step) {
      if (change && step == 5) trainer.setRecipe(options);
      trainer.step();
    }
    return testproblem::copyOf(trainer.parameters());
  };
  EXPECT_EQ(run(true), run(false));

  // Another kind and back: the moments are gone.
  nn::OptimizerSettings momentum;
  momentum.kind = nn::OptimizerKind::Momentum;
  nn::Optimizer optimizer(momentum, 1);
  std::vector<float> parameter{0.0f};
  const std::vector<float> push{1.0f}, rest{0.0f};
  optimizer.stepRange(parameter, push, 0, parameter.size(), optimizer.beginStep());
  nn::OptimizerSettings adam = momentum;
  adam.kind = nn::OptimizerKind::Adam;
  optimizer.set(adam);
  optimizer.set(momentum);
  const float before = parameter[0];
  optimizer.stepRange(parameter, rest, 0, parameter.size(), optimizer.beginStep());
  EXPECT_EQ(parameter[0], before);
}

TEST(Trainer, AllocatesNothingAfterTheFirstStep) {
  for (const bool augmented : {false, true}) {
    TrainingOptions options = testproblem::options(3);
    options.augmentation = augmented ? data::Augmentation::standard() : data::Augmentation{};
    Trainer trainer(testproblem::network(0.2), testproblem::quadrants(150), options);
    trainer.step();
    testalloc::startCounting();
    for (int step = 0; step < 20; ++step) trainer.step();  // several epochs
    EXPECT_EQ(testalloc::stopCounting(), 0u) << (augmented ? "augmented" : "plain");
  }
  testalloc::startCounting();
  ::operator delete(::operator new(1));
  EXPECT_GE(testalloc::stopCounting(), 1u);  // the counter counts
}

TEST(Trainer, EvaluationCountsEveryAnswer) {
  const auto network = testproblem::network();
  Trainer trainer(network, testproblem::quadrants(300), testproblem::options(3));
  for (int step = 0; step < 10; ++step) trainer.step();
  const auto images = testproblem::quadrants(83, 4);
  const train::Evaluation all = trainer.evaluate(*images);
  EXPECT_EQ(all.count, 83u);
  EXPECT_EQ(std::accumulate(all.confusion.begin(), all.confusion.end(), 0u), 83u);
  std::size_t diagonal = 0;
  for (std::size_t label = 0; label < 4; ++label) diagonal += all.confusion[label * 4 + label];
  EXPECT_EQ(all.correct(), diagonal);
  ASSERT_EQ(all.answers.size(), 83u);

  // One image at a time by hand gives the same.
  nn::Weights weights(network);
  weights.assign(trainer.parameters());
  nn::Workspace workspace(network, 1, false);
  std::vector<float> input(144), scores(4);
  std::vector<std::uint32_t> confusion(16);
  double loss = 0;
  for (std::size_t i = 0; i < images->count(); ++i) {
    data::InputPipeline(*network).write(images->image(i), images->shape, input);
    workspace.setInput(0, input);
    workspace.forward(weights);
    workspace.read(network->logitsNode(), 0, scores);
    loss += nn::lossOf(nn::LossKind::CrossEntropy, scores, images->labels[i]) / 83;
    const auto answer = std::size_t(std::max_element(scores.begin(), scores.end()) - scores.begin());
    EXPECT_EQ(all.answers[i], answer) << i;
    ++confusion[images->labels[i] * 4u + answer];
  }
  EXPECT_EQ(all.confusion, confusion);
  EXPECT_NEAR(all.loss, loss, 1e-5);

  const train::Evaluation same = train::evaluate(network, trainer.parameters(), *images, 1);
  EXPECT_EQ(same.confusion, all.confusion);
  EXPECT_EQ(same.answers, all.answers);
  EXPECT_EQ(same.loss, all.loss);
  EXPECT_EQ(trainer.evaluate(*images, 20).count, 20u);
  int asked = 0;
  const train::Evaluation part =
      train::evaluate(network, trainer.parameters(), *images, 1, 0, nn::LossKind::CrossEntropy, [&] { return ++asked <= 2; });
  EXPECT_EQ(part.count, std::size_t(2 * nn::kLanes));
  EXPECT_TRUE(part.answers.empty()) << "some samples have none";
}

TEST(Trainer, EvaluationDoesNotDisturbTraining) {
  const auto run = [](bool evaluating) {
    Trainer trainer(testproblem::network(0.3), testproblem::quadrants(200), testproblem::options());
    for (int step = 0; step < 8; ++step) {
      trainer.step();
      if (evaluating) trainer.evaluate(*testproblem::quadrants(30, 8));
    }
    return testproblem::copyOf(trainer.parameters());
  };
  EXPECT_EQ(run(true), run(false));
}

void expectError(const std::function<void()>& action, const char* words) {
  try {
    action();
    ADD_FAILURE() << "no error about " << words;
  } catch (const nn::Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr(words));
  }
}

TEST(Trainer, SaysWhatDoesNotFit) {
  const auto options = testproblem::options();
  const auto images = testproblem::quadrants(10);
  expectError([&] { Trainer(testproblem::network(0, 3), images, options); }, "4 classes");
  expectError([&] { Trainer(testproblem::network(), std::make_shared<data::Dataset>(), options); }, "no images");
  auto mislabeled = *images;
  mislabeled.labels[5] = 200;
  expectError([&] { Trainer(testproblem::network(), std::make_shared<data::Dataset>(mislabeled), options); }, "label 200");
  auto none = options;
  none.batchSize = 0;
  expectError([&] { Trainer(testproblem::network(), images, none); }, "batch size");
  Trainer trainer(testproblem::network(), images, options);
  expectError([&] { testproblem::change(trainer, [](train::Recipe& recipe) { recipe.batchSize = -3; }); }, "batch size");
  expectError([&] { trainer.setParameters(std::vector<float>(3)); }, "3 parameters");
  expectError([&] { trainer.evaluate(mislabeled); }, "label 200");
}

TEST(Trainer, ItsMakingIsStoppedBetweenItsLargeSteps) {
  const auto madeUntil = [](int most, int& asked) {
    Trainer trainer(testproblem::network(), testproblem::quadrants(100), testproblem::options(3), {}, [&] { return asked++ < most; });
  };
  int all = 0;
  EXPECT_NO_THROW(madeUntil(1000, all));
  EXPECT_GE(all, 6) << "before each thread's part, and before each copy of the parameters";
  for (int most = 0; most < all; ++most) {
    int asked = 0;
    EXPECT_THROW(madeUntil(most, asked), nn::Error);
    EXPECT_EQ(asked, most + 1);
  }
}

}  // namespace
