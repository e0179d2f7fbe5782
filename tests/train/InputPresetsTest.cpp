// What a network expects of its input, found by trying.
#include <algorithm>
#include <gtest/gtest.h>

#include "nn/Network.h"
#include "train/InputPresets.h"

namespace {

nn::NetworkSpec brightOrDim() {
  nn::NetworkSpec spec;
  spec.name = "bright";
  using V = std::int64_t;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"out", "dense", {}, {{"units", V(2)}, {"activation", std::string("none")}}},
                {"answer", "softmax", {}, {}}};
  return spec;
}

// The first pixel is 255 in one class and 128 in the other.
data::Dataset images() {
  data::Dataset set;
  set.shape = {1, 8, 8};
  set.classNames = {"dim", "bright"};
  for (int i = 0; i < 40; ++i) {
    set.labels.push_back(data::Label(i % 2));
    std::vector<std::uint8_t> image(64, 0);
    image[0] = i % 2 == 1 ? 255 : 128;
    set.pixels.insert(set.pixels.end(), image.begin(), image.end());
  }
  return set;
}

TEST(InputPresets, TheRangeOfBytesIsFoundByTrying) {
  const auto network = nn::Network::create(brightOrDim());
  std::vector<float> parameters(network->parameterCount(), 0.0f);
  parameters[64] = 1;        // class 1: the first pixel ...
  parameters.back() = -190;  // ... above 190
  const auto proposals = train::proposeInputs(*network, parameters, images(), 1, 40);
  ASSERT_FALSE(proposals.empty());
  EXPECT_EQ(proposals.front().words, "0-255");
  EXPECT_EQ(proposals.front().accuracy, 1);
  EXPECT_EQ(proposals.front().input.high, 255);
  const auto now = std::find_if(proposals.begin(), proposals.end(), [](const auto& one) { return one.words.empty(); });
  ASSERT_NE(now, proposals.end());
  EXPECT_EQ(now->accuracy, 0.5);
  EXPECT_TRUE(train::proposeInputs(*network, parameters, images(), 1, 40, [] { return false; }).empty());
}

TEST(InputPresets, AreSaidInWords) {
  const nn::InputSpec before;
  const auto mnist = train::inputOfWords("mnist,dark", before);
  ASSERT_TRUE(mnist);
  EXPECT_EQ(mnist->mean, (std::vector<double>{0.1307}));
  EXPECT_EQ(mnist->ink, nn::InkPolarity::DarkOnLight);
  EXPECT_EQ(train::inputOfWords("light", *mnist)->mean, mnist->mean) << "the polarity alone";
  EXPECT_FALSE(train::inputOfWords("mnits", before));
  EXPECT_FALSE(train::inputOfWords("", before));
}

}  // namespace
