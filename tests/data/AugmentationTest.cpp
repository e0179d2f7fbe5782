#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "data/Augmentation.h"

namespace {

constexpr nn::Shape kShape{1, 28, 28};

std::vector<float> square(int channels = 1) {
  std::vector<float> image(std::size_t(channels) * 784, 0.0f);
  for (int c = 0; c < channels; ++c) {
    for (int y = 9; y < 19; ++y) {
      for (int x = 9; x < 19; ++x) image[std::size_t(c * 784 + y * 28 + x)] = 1;
    }
  }
  return image;
}

std::vector<float> augmented(const std::vector<float>& image, const data::Augmentation& amount, std::uint64_t key,
                             nn::Shape shape = kShape) {
  std::vector<float> result(image.size(), -1.0f);
  data::augment(image, shape, amount, key, result);
  return result;
}

double sumOf(const std::vector<float>& image) {
  double sum = 0;
  for (const float value : image) sum += double(value);
  return sum;
}

double centerX(const std::vector<float>& image) {
  double moment = 0;
  for (std::size_t i = 0; i < 784; ++i) moment += double(image[i]) * double(i % 28);
  return moment / sumOf(image);
}

TEST(Augmentation, NothingAskedNothingChanged) {
  EXPECT_EQ(augmented(square(), {}, 5), square());
}

TEST(Augmentation, TheSameKeyGivesTheSameChange) {
  const auto amount = data::Augmentation::standard();
  EXPECT_EQ(augmented(square(), amount, 5), augmented(square(), amount, 5));
  EXPECT_NE(augmented(square(), amount, 5), augmented(square(), amount, 6));
}

TEST(Augmentation, ShiftMovesAndKeepsTheInk) {
  double furthest = 0, least = 99;
  for (std::uint64_t key = 0; key < 300; ++key) {
    const auto moved = augmented(square(), {.shiftPx = 3}, key);
    EXPECT_NEAR(sumOf(moved), 100, 0.01);
    furthest = std::max(furthest, std::abs(centerX(moved) - 13.5));
    least = std::min(least, std::abs(centerX(moved) - 13.5));
  }
  EXPECT_GT(furthest, 2.8);
  EXPECT_LT(furthest, 3.001);
  EXPECT_LT(least, 0.1);
}

TEST(Augmentation, ScaleChangesTheAreaWithinItsBounds) {
  double smallest = 1e9, largest = 0;
  for (std::uint64_t key = 0; key < 300; ++key) {
    const double area = sumOf(augmented(square(), {.scale = 0.2f}, key));
    smallest = std::min(smallest, area);
    largest = std::max(largest, area);
  }
  EXPECT_NEAR(smallest, 64, 4);
  EXPECT_NEAR(largest, 144, 6);
}

TEST(Augmentation, RotationAndSkewKeepAreaAndCenter) {
  bool changed = false;
  for (std::uint64_t key = 0; key < 100; ++key) {
    const auto turned = augmented(square(), {.rotateDegrees = 30, .skew = 0.3f}, key);
    EXPECT_NEAR(sumOf(turned), 100, 2.5);
    EXPECT_NEAR(centerX(turned), 13.5, 0.1);
    changed = changed || turned[9 * 28 + 9] < 0.3f;
  }
  EXPECT_TRUE(changed);
}

TEST(Augmentation, ElasticBendsSmoothlyWithinItsAmplitude) {
  double furthest = 0;
  for (std::uint64_t key = 0; key < 100; ++key) {
    const auto bent = augmented(square(), {.elasticPx = 2}, key);
    EXPECT_NEAR(sumOf(bent), 100, 45);
    for (std::size_t i = 0; i < 784; ++i) {
      const int x = int(i % 28), y = int(i / 28);
      if (x < 5 || x > 22 || y < 5 || y > 22) {
        EXPECT_EQ(bent[i], 0) << "further than the amplitude";
      }
    }
    furthest = std::max(furthest, std::abs(centerX(bent) - 13.5));
  }
  EXPECT_GT(furthest, 0.4);
}

TEST(Augmentation, AllChannelsMoveTogether) {
  const nn::Shape color{3, 28, 28};
  const auto result = augmented(square(3), data::Augmentation::standard(), 11, color);
  EXPECT_TRUE(std::equal(result.begin(), result.begin() + 784, result.begin() + 784));
  EXPECT_TRUE(std::equal(result.begin(), result.begin() + 784, result.begin() + 2 * 784));
}

TEST(Augmentation, OddShapesAndAmountsStayInBounds) {
  for (const nn::Shape shape : {nn::Shape{1, 1, 1}, {2, 1, 7}, {1, 9, 2}, {784, 1, 1}}) {
    const std::vector<float> image(shape.size(), 1.0f);
    for (std::uint64_t key = 0; key < 50; ++key) {
      for (const float value : augmented(image, {50, 180, 3, 5, 20}, key, shape)) {
        EXPECT_GE(value, 0);
        EXPECT_LE(value, 1.0001f);
      }
    }
  }
}

}  // namespace
