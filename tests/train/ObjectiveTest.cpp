#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nn/Error.h"
#include "nn/NetworkSpec.h"
#include "train/Objective.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"

namespace {

using train::Objective;
using train::SampleResult;

TEST(Objective, OfAVectorIsTheLoss) {
  Objective objective(nn::LossKind::CrossEntropy, {1, 2, 2}, {3, 1, 1});
  EXPECT_FALSE(objective.perPixel());
  const std::vector<float> scores{0.5f, 2, -1}, input(4);
  std::vector<float> gradient(3), expected(3);
  std::vector<std::uint32_t> confusion(9);
  const SampleResult result = objective.evaluate(scores, input, 0, gradient, confusion);
  EXPECT_FLOAT_EQ(float(result.loss), nn::lossAndGradient(nn::LossKind::CrossEntropy, scores, 0, expected));
  EXPECT_EQ(gradient, expected);
  EXPECT_EQ(result.answers, 1);
  EXPECT_EQ(result.correct, 0);
  EXPECT_EQ(confusion, (std::vector<std::uint32_t>{0, 1, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(Objective, CountsWhereSeveralOutputsAreTheLargest) {
  Objective vector(nn::LossKind::CrossEntropy, {1, 1, 2}, {3, 1, 1}), picture(nn::LossKind::CrossEntropy, {1, 1, 2}, {3, 1, 2});
  const auto ties = [](Objective& objective, const std::vector<float>& scores) {
    return objective.evaluate(scores, std::vector<float>(2), 0, {}, {}).ties;
  };
  EXPECT_EQ(ties(vector, {1, 2, 0}), 0);
  EXPECT_EQ(ties(vector, {2, 1, 2}), 1);
  EXPECT_EQ(ties(vector, {1, 1, 2}), 0) << "not those below";
  EXPECT_EQ(ties(picture, {0, 0, /**/ 0, 1, /**/ 0, 0}), 1);
}

// Two classes and the ground on 1 x 3 pixels: ground, ink, ink of class 1.
TEST(Objective, OfAPictureAsksEveryPixel) {
  Objective objective(nn::LossKind::CrossEntropy, {1, 1, 3}, {3, 1, 3});
  EXPECT_TRUE(objective.perPixel());
  const std::vector<float> input{0.1f, 0.9f, 0.6f}, scores{4, 0, 1, /**/ 0, 0, 2, /**/ 0, 3, 0};
  std::vector<float> gradient(9), one(3);
  std::vector<std::uint32_t> confusion(9);
  const SampleResult result = objective.evaluate(scores, input, 1, gradient, confusion);
  double loss = 0;
  const int asked[] = {0, 2, 2};
  for (std::size_t pixel = 0; pixel < 3; ++pixel) {
    const std::vector<float> own{scores[pixel], scores[3 + pixel], scores[6 + pixel]};
    loss += double(nn::lossAndGradient(nn::LossKind::CrossEntropy, own, asked[pixel], one)) / 3;
    for (std::size_t c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(gradient[c * 3 + pixel], one[c] / 3);
  }
  EXPECT_NEAR(result.loss, loss, 1e-6);
  EXPECT_EQ(result.answers, 3);
  EXPECT_EQ(result.correct, 2);
  EXPECT_EQ(confusion, (std::vector<std::uint32_t>{1, 0, 0, /**/ 0, 0, 0, /**/ 0, 1, 1}));
}

nn::NodeSpec conv(const std::string& name, const std::string& from, std::int64_t filters, const std::string& activation) {
  return {
      name,
      "conv2d",
      {from},
      {{"filters", filters}, {"kernel", std::vector<std::int64_t>{5, 5}}, {"padding", std::string("same")}, {"activation", activation}}};
}

std::shared_ptr<const nn::Network> segmenter(std::int64_t channels, const std::string& padding = "same") {
  nn::NetworkSpec spec;
  spec.name = "segmenter";
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(12)}, {"width", std::int64_t(12)}}},
                conv("a", "input", 8, "relu"),
                conv("b", "a", 8, "relu"),
                conv("c", "b", channels, "none"),
                {"softmax", "softmax", {"c"}, {}}};
  spec.nodes[3].fields["padding"] = padding;
  return nn::Network::create(spec);
}

TEST(Segmentation, IsLearnedAndTheSameOnAnyNumberOfThreads) {
  std::vector<float> first;
  for (const int threads : {1, 3}) {
    train::TrainingOptions options = testproblem::options(threads);
    options.optimizer.learningRate = 0.01f;
    train::Trainer trainer(segmenter(5), testproblem::quadrants(200), options);
    const double ground = trainer.evaluate(*testproblem::quadrants(50, 9)).meanIntersectionOverUnion();
    while (trainer.epoch() < 8) ASSERT_EQ(trainer.step().diverged, "");
    const train::Evaluation test = trainer.evaluate(*testproblem::quadrants(50, 9));
    EXPECT_EQ(test.count, 50u);
    EXPECT_EQ(test.answerCount, 50u * 144);
    EXPECT_TRUE(test.answers.empty());
    EXPECT_EQ(test.confusion.size(), 25u);
    EXPECT_LT(ground, 0.3);
    EXPECT_GT(test.meanIntersectionOverUnion(), 0.8);
    EXPECT_GT(test.accuracy(), 0.95);
    const std::vector<float> parameters(trainer.parameters().begin(), trainer.parameters().end());
    if (first.empty()) first = parameters;
    EXPECT_EQ(parameters, first);
  }
}

std::string refusal(const std::shared_ptr<const nn::Network>& network) {
  try {
    train::Trainer(network, testproblem::quadrants(20), testproblem::options());
  } catch (const nn::Error& error) {
    return error.message();
  }
  return {};
}

TEST(Segmentation, NeedsAChannelForTheGroundAndTheInputsSize) {
  EXPECT_THAT(refusal(segmenter(4)), testing::HasSubstr("only 3 channels beside the ground"));
  EXPECT_THAT(refusal(segmenter(5, "valid")), testing::HasSubstr("its input is"));
}

TEST(Segmentation, IntersectionOverUnionLeavesOutClassesThatNeverOccur) {
  train::Evaluation evaluation;
  evaluation.confusion = {6, 2, 0, /**/ 0, 4, 0, /**/ 0, 0, 0};
  EXPECT_DOUBLE_EQ(evaluation.meanIntersectionOverUnion(), (6.0 / 8 + 4.0 / 6) / 2);
}

TEST(Evaluation, KnowsTheClassesThatAreMostOftenConfused) {
  train::Evaluation evaluation;
  evaluation.confusion = {9, 2, 0, /**/ 3, 4, 0, /**/ 0, 3, 7};
  const auto most = evaluation.mostConfused();
  ASSERT_TRUE(most);
  EXPECT_EQ(most->label, 1u);
  EXPECT_EQ(most->answer, 0u);
  EXPECT_EQ(most->count, 3u);
  evaluation.confusion = {9, 0, 0, 4};
  EXPECT_FALSE(evaluation.mostConfused());
}

}  // namespace
