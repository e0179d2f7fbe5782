// Training in phases: a generator and a discriminator that learn in turns, each by its own passes.
#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <map>

#include "nn/Error.h"
#include "train/SampleGradients.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

using testproblem::copyOf;
using train::Trainer;

nn::FieldValue whole(std::int64_t value) {
  return value;
}

// Pictures of 12 x 12, as those of the test problem.
nn::NetworkSpec adversaries(bool normalized) {
  nn::NetworkSpec spec;
  spec.name = "adversaries";
  spec.task = "generate";
  spec.input.low = -1;
  const nn::FieldValue leaky = std::string("leaky-relu"), tanh = std::string("tanh");
  const auto add = [&](std::string name, std::string type, std::string group, nn::Fields fields, std::vector<std::string> inputs = {}) {
    spec.nodes.push_back({std::move(name), std::move(type), std::move(inputs), std::move(fields), std::move(group)});
  };
  add("picture", "input", "", {{"channels", whole(1)}, {"height", whole(12)}, {"width", whole(12)}});
  add("noise", "input", "", {{"channels", whole(8)}, {"source", std::string("noise")}});
  add("seed", "dense", "generator", {{"units", whole(72)}, {"activation", std::string("relu")}}, {"noise"});
  add("maps", "reshape", "generator", {{"shape", std::vector<std::int64_t>{2, 6, 6}}});
  if (normalized) add("g-norm", "batch-norm", "generator", {});
  add("generated", "transposed-conv2d", "generator", {{"filters", whole(1)}, {"kernel", whole(2)}, {"activation", tanh}});
  add("look", "conv2d", "discriminator", {{"filters", whole(6)}, {"kernel", whole(4)}, {"stride", whole(2)}, {"activation", leaky}},
      {"picture"});
  if (normalized) add("d-norm", "batch-norm", "discriminator", {});
  add("dropout", "dropout", "discriminator", {{"rate", 0.2}});
  add("say", "dense", "discriminator", {{"units", whole(1)}});
  add("real", "activation", "discriminator", {{"activation", std::string("sigmoid")}});
  return spec;
}

std::shared_ptr<const nn::Network> adversarial(bool normalized) {
  return nn::Network::create(adversaries(normalized));
}

train::TrainingOptions optionsFor(int threads, int batchSize = 40) {
  train::TrainingOptions options = testproblem::options(threads);
  options.batchSize = batchSize;
  options.optimizer.learningRate = 1e-3f;
  return options;
}

void takeSteps(Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) ASSERT_EQ(trainer.step().diverged, "");
}

class Phases : public testing::TestWithParam<bool> {};

TEST_P(Phases, SameBitsOnAnyNumberOfThreads) {
  for (const int batchSize : {1, 40, 300}) {
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 2, 3}) {
      Trainer trainer(adversarial(GetParam()), testproblem::quadrants(250), optionsFor(threads, batchSize));
      takeSteps(trainer, 6);
      results.push_back(copyOf(trainer.parameters()));
    }
    EXPECT_EQ(results[1], results[0]) << batchSize;
    EXPECT_EQ(results[2], results[0]) << batchSize;
  }
}

TEST_P(Phases, GoOnBitForBit) {
  const auto network = adversarial(GetParam());
  const auto images = testproblem::quadrants(200);
  Trainer undivided(network, images, optionsFor(2));
  takeSteps(undivided, 7);
  const train::Checkpoint checkpoint = undivided.checkpoint();
  takeSteps(undivided, 5);
  Trainer other(network, images, optionsFor(1));
  takeSteps(other, 2);
  other.restore(checkpoint);
  takeSteps(other, 5);
  EXPECT_EQ(copyOf(other.parameters()), copyOf(undivided.parameters()));
}

// Each group learns, at its own rate, and rests where it is frozen.
TEST_P(Phases, EachGroupHasItsRate) {
  const auto network = adversarial(GetParam());
  const auto images = testproblem::quadrants(200);
  const auto movedOf = [&](const std::string& rates) {
    train::TrainingOptions options = optionsFor(2);
    options.groupRates = rates;
    options.optimizer.kind = nn::OptimizerKind::Sgd;
    Trainer trainer(network, images, options);
    const std::vector<float> before = copyOf(trainer.parameters());
    takeSteps(trainer, 1);
    std::map<std::string, double> moved;
    for (const nn::Network::Node& node : network->nodes())
      if (node.name == "seed" || node.name == "look")
        for (std::size_t i = node.parameterOffset; i < node.parameterOffset + node.parameterCount; ++i)
          moved[node.group] += std::fabs(double(trainer.parameters()[i]) - double(before[i]));
    return moved;
  };
  auto both = movedOf(""), slower = movedOf("generator=0.25"), resting = movedOf(" discriminator=0 ");
  EXPECT_GT(both["generator"], 0);
  EXPECT_NEAR(slower["generator"] / both["generator"], 0.25, 0.01);
  EXPECT_EQ(slower["discriminator"], both["discriminator"]);
  EXPECT_EQ(resting["discriminator"], 0);
  EXPECT_GT(resting["generator"], 0);
}

TEST_P(Phases, ADivergedStepLeavesEverythingAsItWas) {
  const auto network = adversarial(GetParam());
  train::TrainingOptions options = optionsFor(2);
  options.optimizer.kind = nn::OptimizerKind::Sgd;
  Trainer trainer(network, testproblem::quadrants(200), options);
  takeSteps(trainer, 2);
  const std::vector<float> before = copyOf(trainer.parameters());
  // Its first phase goes well, and the second steps out of all numbers.
  testproblem::change(trainer, [](train::Recipe& r) {
    r.optimizer.learningRate = 1e6f;
    r.groupRates = "discriminator=1e-9,generator=1e6";
    r.optimizer.weightDecay = 1;
  });
  train::StepResult step;
  for (int i = 0; i < 6 && step.diverged.empty(); ++i) {
    EXPECT_EQ(trainer.stepCount(), std::uint64_t(2 + i));
    step = trainer.step();
  }
  ASSERT_NE(step.diverged, "");
  const std::vector<float> after = copyOf(trainer.parameters());
  EXPECT_TRUE(std::all_of(after.begin(), after.end(), [](float value) { return std::isfinite(value); }));
  if (trainer.stepCount() == 2) {
    EXPECT_EQ(after, before);
  }
  trainer.setParameters(before);
  testproblem::change(trainer, [](train::Recipe& r) {
    r.optimizer = {};
    r.groupRates.clear();
  });
  EXPECT_EQ(trainer.step().diverged, "") << "it goes on";
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutBatchNorm, Phases, testing::Bool());

TEST(Generate, TheFiguresAreThoseOfTheGame) {
  Trainer trainer(adversarial(false), testproblem::quadrants(320), optionsFor(2, 64));
  train::StepResult step = trainer.step();
  EXPECT_EQ(step.answers, 64);
  const auto mean = [&](std::size_t i) { return step.figures[i] / 64; };
  EXPECT_NEAR(step.loss, mean(0) + mean(1), 1e-9) << "the two losses";
  EXPECT_GT(mean(2), 0);
  EXPECT_LT(mean(2), 1);
  while (trainer.epoch() < 8) step = trainer.step();
  const train::Evaluation evaluation = trainer.evaluate(*testproblem::quadrants(100, 9));
  EXPECT_EQ(evaluation.answerCount, 100u);
  EXPECT_NE(evaluation.mean(2), evaluation.mean(3)) << "pictures of the data are not those that it made";
  EXPECT_GT(evaluation.mean(2), evaluation.mean(3)) << "the discriminator has learned something";
  EXPECT_EQ(evaluation.mean(0), trainer.evaluate(*testproblem::quadrants(100, 9)).mean(0)) << "the same noise at each test";
  EXPECT_TRUE(evaluation.answers.empty());
}

// What does not fit is refused in words that say what to do.
TEST(Generate, RefusesWhatHasNotItsParts) {
  const auto images = testproblem::quadrants(50);
  const auto whyNot = [&](const std::function<void(nn::NetworkSpec&)>& change) -> std::string {
    nn::NetworkSpec spec = adversaries(false);
    change(spec);
    try {
      Trainer(nn::Network::create(spec), images, optionsFor(1));
    } catch (const nn::Error& error) {
      return error.message();
    }
    return {};
  };
  const auto has = [](const std::string& text, const char* words) { return text.find(words) != std::string::npos; };
  EXPECT_EQ(whyNot([](auto&) {}), "");
  EXPECT_TRUE(has(whyNot([](auto& s) {
                    for (auto& node : s.nodes) node.group.clear();
                  }),
                  "group generator"));
  EXPECT_TRUE(has(whyNot([](auto& s) { s.nodes[1].fields.erase("source"); }), "2 inputs"));
  EXPECT_EQ(whyNot([](auto& s) { std::swap(s.nodes[0], s.nodes[1]); }), "") << "whichever is listed first";
  EXPECT_TRUE(has(whyNot([](auto& s) { s.nodes[s.nodes.size() - 2].fields["units"] = whole(2); }), "ends in"));
  EXPECT_TRUE(has(whyNot([](auto& s) { std::rotate(s.nodes.begin() + 2, s.nodes.begin() + 5, s.nodes.end()); }), "before its generator"));
  EXPECT_TRUE(has(whyNot([](auto& s) { s.nodes[4].fields["kernel"] = whole(4); }), "one size"));
  train::TrainingOptions options = optionsFor(1);
  for (const char* rates : {"judge=2", "generator", "generator=fast", "generator=-1"}) {
    options.groupRates = rates;
    EXPECT_THROW(Trainer(adversarial(false), images, options), nn::Error) << rates;
  }
  options = optionsFor(1);
  options.loss = nn::LossKind::Hinge;
  EXPECT_THROW(Trainer(adversarial(false), images, options), nn::Error);
}

// A task whose loss is over the values of two nodes: each gets its own gradient, from the trainer and of a single sample.
TEST(SeveralLosses, AreTakenAtTheirNodes) {
  nn::NetworkSpec spec;
  spec.name = "two heads";
  spec.task = "brightness";
  spec.nodes = {{"input", "input", {}, {{"channels", whole(1)}, {"height", whole(12)}, {"width", whole(12)}}},
                {"hidden", "dense", {}, {{"units", whole(6)}, {"activation", std::string("tanh")}}},
                {"one", "dense", {"hidden"}, {{"units", whole(1)}}},
                {"other", "dense", {"hidden"}, {{"units", whole(1)}}}};
  const auto network = nn::Network::create(spec);
  const auto images = testproblem::quadrants(200);
  Trainer trainer(network, images, optionsFor(2));
  const std::vector<float> before = copyOf(trainer.parameters());
  const double first = trainer.step().loss;
  for (const char* head : {"one", "other"}) {
    const std::size_t at = network->node(network->find(head)).parameterOffset;
    EXPECT_NE(trainer.parameters()[at], before[at]) << head;
  }
  double loss = first;
  while (trainer.epoch() < 20) loss = trainer.step().loss;
  EXPECT_LT(loss, first / 10) << "both have learned";

  const std::vector<float> input(144, 0.25f);
  const auto lossAt = [&](const std::vector<float>& parameters) {
    nn::Weights weights(network);
    weights.assign(parameters);
    return train::SampleGradients(network, {}).compute(weights, input, 0);
  };
  nn::Weights weights(network);
  weights.assign(before);
  train::SampleGradients gradients(network, {});
  gradients.compute(weights, input, 0);
  for (std::size_t i = 3; i < before.size(); i += 97) {
    std::vector<float> more = before, less = before;
    more[i] += 0.01f, less[i] -= 0.01f;
    EXPECT_NEAR((lossAt(more) - lossAt(less)) / (double(more[i]) - double(less[i])), double(gradients.parameters()[i]), 1e-3) << i;
  }
}

}  // namespace
