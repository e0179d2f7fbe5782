#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <optional>

#include "nn/Error.h"
#include "nn/NetworkSpec.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"
#include "train/history/RunProgress.h"

namespace {

double meanIntersectionOverUnion(const train::Evaluation& evaluation) {
  for (const tasks::Measure& measure : evaluation.measures(*tasks::findTask("segment")))
    if (measure.metric.id == "mean_iou") return measure.value;
  return -1;
}

nn::NodeSpec convolution(const std::string& name, const std::string& from, std::int64_t filters, const std::string& activation) {
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
                convolution("a", "input", 8, "relu"),
                convolution("b", "a", 8, "relu"),
                convolution("c", "b", channels, "none"),
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
    const double ground = meanIntersectionOverUnion(trainer.evaluate(*testproblem::quadrants(50, 9)));
    while (trainer.epoch() < 8) ASSERT_EQ(trainer.step().diverged, "");
    const train::Evaluation test = trainer.evaluate(*testproblem::quadrants(50, 9));
    EXPECT_EQ(test.count, 50u);
    EXPECT_EQ(test.answerCount, 50u * 144);
    EXPECT_TRUE(test.answers.empty());
    EXPECT_EQ(test.confusion.size(), 25u);
    EXPECT_LT(ground, 0.3);
    EXPECT_GT(meanIntersectionOverUnion(test), 0.8);
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
  EXPECT_DOUBLE_EQ(meanIntersectionOverUnion(evaluation), (6.0 / 8 + 4.0 / 6) / 2);
}

// 12 x 12 through 4 maps of 6 x 6 and back.
std::shared_ptr<const nn::Network> autoencoder() {
  nn::NetworkSpec spec;
  spec.name = "autoencoder";
  spec.task = "reconstruct";
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(12)}, {"width", std::int64_t(12)}}},
                convolution("down", "input", 8, "relu"),
                {"code", "max-pool", {"down"}, {{"kernel", std::int64_t(2)}}},
                convolution("up", "code", 8, "relu"),
                {"grow", "upsample", {"up"}, {{"factor", std::int64_t(2)}}},
                convolution("output", "grow", 1, "none"),
                {"sigmoid", "activation", {"output"}, {{"activation", std::string("sigmoid")}}}};
  return nn::Network::create(spec);
}

TEST(Reconstruction, TakesNoiseAwayTheSameOnAnyNumberOfThreadsAndAfterACheckpoint) {
  std::vector<float> first;
  std::optional<train::Checkpoint> middle;
  for (const int threads : {1, 3}) {
    train::TrainingOptions options = testproblem::options(threads);
    options.optimizer.learningRate = 0.01f;
    options.augmentation = data::Augmentation::standard();
    train::Trainer trainer(autoencoder(), testproblem::quadrants(200), options);
    if (middle) trainer.restore(*middle);  // the second one goes on from the middle of the first
    while (trainer.epoch() < 8) {
      if (!middle && trainer.epoch() >= 3.5) middle = trainer.checkpoint();
      ASSERT_EQ(trainer.step().diverged, "");
    }
    const train::Evaluation test = trainer.evaluate(*testproblem::quadrants(50, 9));
    EXPECT_EQ(test.answerCount, 50u * 144);
    EXPECT_TRUE(test.answers.empty());
    EXPECT_TRUE(test.confusion.empty());
    EXPECT_GT(test.mean(1), 0.02) << "the noise";
    EXPECT_LT(test.mean(0), 0.8 * test.mean(1)) << "although these pictures are noise for a good part themselves";
    EXPECT_FALSE(test.asGoodAsAlways());
    const std::vector<float> parameters(trainer.parameters().begin(), trainer.parameters().end());
    if (first.empty()) first = parameters;
    EXPECT_EQ(parameters, first);
  }
}

TEST(Reconstruction, TheBestEpochHasTheLeastError) {
  train::EpochResult good, bad;
  good.validation.emplace();
  good.validation->answerCount = 100;
  bad.validation = good.validation;
  good.validation->figures[0] = 1;
  bad.validation->figures[0] = 2;
  EXPECT_TRUE(good.betterThan(bad, *tasks::findTask("reconstruct")));
  EXPECT_FALSE(bad.betterThan(good, *tasks::findTask("reconstruct")));
  EXPECT_TRUE(bad.betterThan(good, *tasks::findTask("classify"))) << "there more is better";
}

TEST(EpochResult, IsNeverTheBestWithoutAFiniteLoss) {
  const tasks::Task &classify = *tasks::findTask("classify"), &generate = *tasks::findTask("generate");
  train::EpochResult finite, other;
  finite.validation.emplace();
  finite.validation->loss = 2.3;
  other = finite;
  other.number = 2;
  other.validation->answerCount = 10;
  other.validation->figures[0] = 10;
  EXPECT_TRUE(other.betterThan(finite, classify));
  for (const double loss : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    other.validation->loss = loss;
    for (const tasks::Task* task : {&classify, &generate}) {
      EXPECT_FALSE(other.betterThan(finite, *task)) << "although all its answers are right, and it is the later one";
      EXPECT_TRUE(finite.betterThan(other, *task));
      EXPECT_FALSE(other.betterThan(other, *task));
    }
    EXPECT_FALSE(other.isFinite());
  }
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
