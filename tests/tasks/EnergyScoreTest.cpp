// How familiar a picture is to a network: the score, and where it stands among those of validation images.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

#include "nn/Error.h"
#include "tasks/EnergyScore.h"

namespace {

using V = std::int64_t;

std::shared_ptr<const nn::Network> networkOf(int units, const std::string& activation = "none", const std::string& last = {}) {
  nn::NetworkSpec spec;
  spec.name = "made";
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"scores", "dense", {}, {{"units", V(units)}, {"activation", activation}}}};
  if (!last.empty()) spec.nodes.push_back({"last", last, {}, {}});
  return nn::Network::create(spec);
}

float scoreOf(const std::shared_ptr<const nn::Network>& network, const std::vector<float>& values) {
  return tasks::energyScore(*network, values);
}

TEST(EnergyScore, IsTheLogOfTheSumOfTheExponentialsOfLogits) {
  for (const char* last : {"", "softmax", "log-softmax"}) {
    const auto network = networkOf(3, "none", last);
    EXPECT_EQ(network->node(tasks::energyNode(*network)).name, "scores") << "what a softmax reads says more than what it gives";
    EXPECT_NEAR(scoreOf(network, {1, 2, 3}), 3.407606f, 1e-5f);
    EXPECT_NEAR(scoreOf(network, {201, 202, 203}), 203.407606f, 1e-4f) << "no exponential grows out of range";
  }
}

TEST(EnergyScore, OfSigmoidsAddsUpWhatEachSays) {
  const auto network = networkOf(2, "sigmoid");
  const auto p = [](float logit) { return 1 / (1 + std::exp(-logit)); };
  EXPECT_NEAR(scoreOf(network, {p(2), p(-1)}), std::log1p(std::exp(2.0f)) + std::log1p(std::exp(-1.0f)), 1e-4f);
  EXPECT_TRUE(std::isfinite(scoreOf(network, {1, 0})));
}

TEST(EnergyScore, OfAYesOrNoIsAsHighForEitherSureAnswer) {
  const auto network = networkOf(1, "sigmoid");
  EXPECT_NEAR(scoreOf(network, {0.9f}), scoreOf(network, {0.1f}), 1e-5f);
  EXPECT_GT(scoreOf(network, {0.99f}), scoreOf(network, {0.6f}));
}

TEST(EnergyScore, IsThereWhereAPictureIsAnsweredWithOneClass) {
  nn::NetworkSpec spec;
  spec.name = "picture";
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"maps", "conv2d", {}, {{"filters", V(3)}, {"kernel", std::vector<V>{1}}}}};
  EXPECT_EQ(tasks::energyNode(*nn::Network::create(spec)), -1);
}

TEST(EnergyCalibration, TellsHowManyValidationImagesAreLessFamiliar) {
  std::vector<float> scores(1001);
  std::iota(scores.begin(), scores.end(), 0.0f);
  std::swap(scores[3], scores[900]);
  const tasks::EnergyCalibration calibration(scores);
  EXPECT_EQ(calibration.shareBelow(-1), 0.0);
  EXPECT_NEAR(*calibration.shareBelow(25), 0.025, 1e-6);
  EXPECT_NEAR(*calibration.shareBelow(500), 0.5, 1e-6);
  EXPECT_EQ(calibration.shareBelow(2000), 1.0);
  EXPECT_FALSE(calibration.shareBelow(std::numeric_limits<float>::quiet_NaN()));
  EXPECT_EQ(tasks::EnergyCalibration::ofQuantiles(calibration.quantiles()), calibration);
}

TEST(EnergyCalibration, CallsOneValidationImageInTwentyUnusual) {
  std::vector<float> scores;
  for (int i = 0; i < 2000; ++i) scores.push_back(std::sin(float(i) * 12.9898f) * 5);
  const tasks::EnergyCalibration calibration(scores);
  int unusual = 0;
  for (const float score : scores) unusual += !tasks::unusualText(calibration.shareBelow(score)).empty();
  EXPECT_NEAR(unusual, 100, 20);
  EXPECT_THAT(tasks::unusualText(0.0), testing::HasSubstr("than any of the validation pictures"));
  EXPECT_THAT(tasks::unusualText(0.013), testing::HasSubstr("than 98 % of the validation pictures"));
  EXPECT_EQ(tasks::unusualText(0.05), "");
  EXPECT_EQ(tasks::unusualText(std::nullopt), "");
}

TEST(EnergyCalibration, IsOfNothingWhereNothingCanBeTold) {
  EXPECT_TRUE(tasks::EnergyCalibration(std::vector<float>(99, 1.0f)).empty());
  std::vector<float> broken(200, 1.0f);
  broken[7] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(tasks::EnergyCalibration(broken).empty());
  EXPECT_FALSE(tasks::EnergyCalibration().shareBelow(1));
  for (const std::vector<float>& no : {std::vector<float>{1, 2}, std::vector<float>(101, NAN)})
    EXPECT_THROW(tasks::EnergyCalibration::ofQuantiles(no), nn::Error);
}

}  // namespace
