// Which features answer to sample pictures.
#include <algorithm>
#include <gtest/gtest.h>

#include "analysis/Activity.h"

namespace {

using V = std::int64_t;

// Two maps of which the second sees nothing but the middle pixel, and three units behind them.
struct Samples {
  Samples() {
    nn::NetworkSpec spec;
    spec.name = "samples";
    spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(3)}, {"width", V(3)}}},
                  {"conv", "conv2d", {}, {{"filters", V(2)}, {"kernel", V(1)}, {"activation", std::string("relu")}}},
                  {"hidden", "dense", {}, {{"units", V(3)}, {"activation", std::string("relu")}}}};
    network = nn::Network::create(spec);
    parameters.assign(network->parameterCount(), 0.0f);
    parameters[0] = 1;   // the first map repeats the picture
    parameters[1] = -1;  // the second never fires on ink
    const std::size_t dense = network->node(2).parameterOffset;
    parameters[dense + 4] = 1;       // the first unit sees the middle pixel of the first map
    parameters[dense + 18 + 9] = 1;  // the second the first pixel of the second map
  }
  std::shared_ptr<const analysis::Activity> of(const std::vector<float>& pictures) const {
    return analysis::activityOf(network, parameters, pictures.size() / 9, [&](std::size_t picture, std::span<float> values) {
      std::copy_n(pictures.begin() + std::ptrdiff_t(9 * picture), 9, values.begin());
    });
  }
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
};

TEST(Activity, ChannelsThatNoPictureWakesHaveNotFired) {
  const Samples samples;
  std::vector<float> pictures(9 * 20, 0.0f);
  const auto none = samples.of(pictures);
  EXPECT_EQ(none->pictures, 20);
  EXPECT_EQ(none->fired[0], (std::vector<std::uint8_t>{0}));
  pictures[9 * 17] = 0.5f;  // a corner of one picture in the second block
  const auto corner = samples.of(pictures);
  EXPECT_EQ(corner->fired[0], (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(corner->fired[1], (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(corner->fired[2], (std::vector<std::uint8_t>{0, 0, 0}));
  pictures[9 * 3 + 4] = 0.5f;  // the middle of another one
  EXPECT_EQ(samples.of(pictures)->fired[2], (std::vector<std::uint8_t>{1, 0, 0}));
}

TEST(Activity, LanesWithoutAPictureSayNothing) {
  Samples samples;
  samples.parameters[2] = 1;  // a bias: the first map fires on an empty picture
  EXPECT_EQ(samples.of({})->pictures, 0);
  EXPECT_EQ(samples.of({})->fired[1], (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(samples.of(std::vector<float>(9, 0.0f))->fired[1], (std::vector<std::uint8_t>{1, 0}));
}

TEST(Activity, CanBeCanceled) {
  const Samples samples;
  int asked = 0;
  const auto blank = [](std::size_t, std::span<float> values) { std::fill(values.begin(), values.end(), 0.0f); };
  EXPECT_EQ(analysis::activityOf(samples.network, samples.parameters, 64, blank, [&] { return ++asked < 3; }), nullptr);
  EXPECT_EQ(asked, 3);
}

TEST(Activity, IsNotAffordableForLargeNetworks) {
  const Samples samples;
  EXPECT_EQ(analysis::affordablePictures(*samples.network, 256), 256);
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(3)}, {"height", V(224)}, {"width", V(224)}}},
                {"conv", "conv2d", {}, {{"filters", V(64)}, {"kernel", V(7)}, {"padding", std::string("same")}}}};
  EXPECT_EQ(analysis::affordablePictures(*nn::Network::create(spec), 256), 0);
}

}  // namespace
