#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

#include "train/SampleOrder.h"

namespace {

std::vector<std::uint32_t> epochOf(train::SampleOrder& order, int batchSize) {
  std::vector<std::uint32_t> seen;
  const std::uint64_t epoch = order.epoch();
  while (order.epoch() == epoch) {
    const auto batch = order.batch(batchSize);
    seen.insert(seen.end(), batch.begin(), batch.end());
    order.advance(batch.size());
  }
  return seen;
}

TEST(SampleOrder, ShowsEverySampleOncePerEpochInANewOrder) {
  train::SampleOrder order(103, 5);
  std::vector<std::uint32_t> all(103);
  std::iota(all.begin(), all.end(), 0u);
  const auto first = epochOf(order, 16), second = epochOf(order, 7), third = epochOf(order, 1000);
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(all));
  EXPECT_THAT(second, testing::UnorderedElementsAreArray(all));
  EXPECT_THAT(third, testing::UnorderedElementsAreArray(all));
  EXPECT_NE(first, all);
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  order.restart();
  EXPECT_EQ(epochOf(order, 3), first);
  train::SampleOrder otherSeed(103, 6);
  EXPECT_NE(epochOf(otherSeed, 3), first);
}

TEST(SampleOrder, CountsFractionsOfAnEpoch) {
  train::SampleOrder order(10, 1);
  order.advance(order.batch(4).size());
  EXPECT_DOUBLE_EQ(order.fractionalEpoch(), 0.4);
  order.advance(order.batch(4).size());
  EXPECT_EQ(order.batch(4).size(), 2u);  // what is left
  order.advance(2);
  EXPECT_DOUBLE_EQ(order.fractionalEpoch(), 1.0);
}

TEST(SampleOrder, EveryPlaceIsEquallyLikelyForASample) {
  // Sample 0 over 3000 epochs of 6: 500 each on average, standard deviation 20.
  train::SampleOrder order(6, 3);
  std::vector<int> places(6);
  for (int epoch = 0; epoch < 3000; ++epoch) {
    const auto batch = order.batch(6);
    ++places[std::size_t(std::find(batch.begin(), batch.end(), 0u) - batch.begin())];
    order.advance(6);
  }
  EXPECT_THAT(places, testing::Each(testing::AllOf(testing::Gt(400), testing::Lt(600))));
}

TEST(SampleOrder, ChoosesDifferentSamples) {
  const auto chosen = train::chooseSamples(1000, 100, 9);
  ASSERT_EQ(chosen.size(), 100u);
  EXPECT_TRUE(std::adjacent_find(chosen.begin(), chosen.end(), std::greater_equal<>()) == chosen.end());
  EXPECT_LT(chosen.back(), 1000u);
  EXPECT_GT(chosen.back(), 900u);  // from everywhere, not the first hundred
  EXPECT_EQ(train::chooseSamples(5, 100, 9).size(), 5u);
}

}  // namespace
