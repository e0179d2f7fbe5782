#include <array>
#include <gtest/gtest.h>
#include <vector>

#include "nn/Workspace.h"

namespace {

std::shared_ptr<const nn::Network> networkFor(const nn::Shape& shape) {
  nn::NetworkSpec spec;
  spec.name = "bytes";
  spec.nodes = {
      {"input",
       "input",
       {},
       {{"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}}},
      {"conv", "conv2d", {}, {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(3)}, {"padding", std::string("same")}}}};
  return nn::Network::create(spec);
}

// Pictures as bytes must arrive where the same pictures as numbers would, to the last bit, whatever was there before.
TEST(ByteImages, ArriveCenteredInEveryLane) {
  const std::vector<std::pair<nn::Shape, nn::Shape>> cases{{{1, 28, 28}, {1, 32, 32}}, {{1, 28, 28}, {1, 28, 28}}, {{3, 5, 7}, {3, 9, 8}},
                                                           {{1, 4, 16}, {1, 4, 16}},   {{2, 3, 37}, {2, 4, 40}},   {{1, 1, 1}, {1, 3, 3}}};
  for (const auto& [from, to] : cases) {
    SCOPED_TRACE(from.text() + " in " + to.text());
    nn::Workspace workspace(networkFor(to), nn::kLanes, false);
    const std::vector<float> old(to.size(), 7.0f);
    std::array<const std::uint8_t*, nn::kLanes> images{};
    std::vector<std::vector<std::uint8_t>> pixels(nn::kLanes);
    for (std::size_t lane = 0; lane < images.size(); ++lane) {
      workspace.setInput(int(lane), old);
      for (std::size_t i = 0; i < from.size(); ++i) pixels[lane].push_back(std::uint8_t(31 * i + 17 * lane + i / 13));
      images[lane] = pixels[lane].data();
    }
    ASSERT_TRUE(workspace.setInputs(images, from, 1.0f / 255.0f));
    for (std::size_t lane = 0; lane < images.size(); ++lane) {
      std::vector<float> expected(to.size()), got(to.size());
      for (std::size_t i = 0; i < from.size(); ++i) {
        nn::Cell cell = nn::cellAt(from, i);
        cell.row += (to.height - from.height) / 2;
        cell.column += (to.width - from.width) / 2;
        expected[nn::flatIndex(to, cell)] = float(pixels[lane][i]) * (1.0f / 255.0f);
      }
      workspace.read(0, int(lane), got);
      ASSERT_EQ(got, expected) << "lane " << lane;
    }
  }
}

TEST(ByteImages, AreRefusedWhereTheyDoNotFit) {
  const std::vector<std::uint8_t> pixels(64);
  std::array<const std::uint8_t*, nn::kLanes> images{};
  images.fill(pixels.data());
  nn::Workspace block(networkFor({1, 6, 6}), nn::kLanes, false), single(networkFor({1, 6, 6}), 1, false);
  EXPECT_FALSE(block.setInputs(images, {1, 7, 6}, 1.0f));
  EXPECT_FALSE(block.setInputs(images, {3, 4, 4}, 1.0f));
  EXPECT_FALSE(block.setInputs(std::span(images).first(5), {1, 6, 6}, 1.0f));
  EXPECT_FALSE(single.setInputs(std::span(images).first(1), {1, 6, 6}, 1.0f));
  EXPECT_TRUE(block.setInputs(images, {1, 6, 6}, 1.0f));
}

}  // namespace
