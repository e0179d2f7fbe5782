#include <gtest/gtest.h>
#include <set>

#include "scene/SceneNetworks.h"
#include "scene/Walk.h"
#include "scene/text/Formula.h"
#include "scene/text/UnitText.h"

namespace {

using scene::Step;
using scene::UnitId;

constexpr Step kAll[] = {Step::Left,        Step::Right,   Step::Up,           Step::Down,
                         Step::PreviousMap, Step::NextMap, Step::TowardsInput, Step::TowardsOutput};

std::shared_ptr<const scene::Layout> layoutOf(const std::shared_ptr<const nn::Network>& network) {
  return buildLayout(network, scene::Arrangement::Space);
}

TEST(Walk, GoesBesideMapByMapAndLayerByLayer) {
  const auto network = scene_test::harley();
  const auto layout = layoutOf(network);
  const int conv1 = network->find("conv1"), pool1 = network->find("pool1");
  const UnitId start{conv1, {2, 6, 10}};
  const auto go = [&](Step step) { return neighbor(*layout, start, step); };
  EXPECT_EQ(go(Step::Left), (UnitId{conv1, {2, 6, 9}}));
  EXPECT_EQ(go(Step::Right), (UnitId{conv1, {2, 6, 11}}));
  EXPECT_EQ(go(Step::Up), (UnitId{conv1, {2, 5, 10}}));
  EXPECT_EQ(go(Step::Down), (UnitId{conv1, {2, 7, 10}}));
  EXPECT_EQ(go(Step::PreviousMap), (UnitId{conv1, {1, 6, 10}}));
  EXPECT_EQ(go(Step::NextMap), (UnitId{conv1, {3, 6, 10}}));
  EXPECT_EQ(go(Step::TowardsOutput), (UnitId{pool1, {2, 3, 5}}));
  EXPECT_EQ(go(Step::TowardsInput), (UnitId{network->find("input"), {0, 7, 12}}));
  EXPECT_EQ(neighbor(*layout, {conv1, {2, 6, 27}}, Step::Right), (UnitId{conv1, {3, 6, 0}})) << "past the rim, the next map";
  EXPECT_FALSE(neighbor(*layout, {conv1, {5, 6, 27}}, Step::Right));
  EXPECT_FALSE(neighbor(*layout, {conv1, {0, 0, 0}}, Step::Up));
  EXPECT_FALSE(neighbor(*layout, {network->find("input"), {0, 3, 3}}, Step::TowardsInput));
  EXPECT_FALSE(neighbor(*layout, {network->find("softmax"), {3, 0, 0}}, Step::TowardsOutput));
}

// From any unit of any network every step leads to a unit that exists, and left and right undo each other.
TEST(Walk, NeverLeavesTheNetwork) {
  for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
    const auto layout = layoutOf(network);
    for (const scene::Block& block : layout->blocks)
      for (std::size_t i = 0; i < network->node(block.node).shape.size(); i += 7) {
        const UnitId unit{block.node, nn::cellAt(network->node(block.node).shape, i)};
        for (const Step step : kAll) {
          const auto next = neighbor(*layout, unit, step);
          if (!next) continue;
          ASSERT_TRUE(layout->locate(*next)) << block.name << " " << i;
          ASSERT_NE(*next, unit);
        }
        if (const auto right = neighbor(*layout, unit, Step::Right)) {
          EXPECT_EQ(neighbor(*layout, *right, Step::Left), unit) << block.name << " " << i;
        }
      }
  }
}

TEST(Walk, ReachesEveryLayer) {
  const auto network = scene_test::harley();
  const auto layout = layoutOf(network);
  std::set<int> met;
  std::optional<UnitId> unit = UnitId{network->find("input"), {0, 16, 16}};
  for (; unit; unit = neighbor(*layout, *unit, Step::TowardsOutput)) met.insert(layout->blockOfNode[std::size_t(unit->node)]);
  EXPECT_EQ(met.size(), layout->blocks.size());
}

TEST(Telling, SaysPlaceValueAndStrongestInput) {
  const auto network = scene_test::harley();
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  const UnitId unit{network->find("conv1"), {2, 13, 15}};
  EXPECT_EQ(tell(state, unit), "conv1 · map 3, row 14, column 16");
  auto parameters = std::make_shared<std::vector<float>>(network->parameterCount(), 0.0f);
  const std::size_t offset = network->node(unit.node).parameterOffset;
  (*parameters)[offset + 2 * 25 + 7] = 0.5f;    // row 2, column 3 of the kernel
  (*parameters)[offset + 2 * 25 + 8] = -0.25f;  // beside it
  state.setParameters(parameters);
  const std::vector<float> ink(32 * 32, 1.0f);
  state.setValues(scene_test::valuesOf(network, *parameters, ink));
  EXPECT_EQ(tell(state, unit), "conv1 · map 3, row 14, column 16: 0.25; strongest input: input · row 15, column 18, 1 × 0.5");
  EXPECT_EQ(tell(state, {network->find("input"), {0, 3, 4}}), "input · row 4, column 5: 1");
}

// A softmax is certain of nothing, even where its floats say so, and the status line says the same as the sheet and its formula.
TEST(Telling, NeverSaysThatAShareIsTheWhole) {
  const auto network = scene_test::harley();
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  auto parameters = std::make_shared<std::vector<float>>(network->parameterCount(), 0.0f);
  const nn::Network::Node& output = network->node(network->find("output"));
  (*parameters)[output.parameterOffset + output.parameterCount - 10 + 3] = 200;  // the bias of class 3
  state.setParameters(parameters);
  state.setValues(scene_test::valuesOf(network, *parameters, std::vector<float>(32 * 32, 1.0f)));
  for (const auto& [channel, words] : {std::pair(3, "> 0.9999"), std::pair(4, "< 0.0001")}) {
    const UnitId unit{network->find("softmax"), {channel, 0, 0}};
    ASSERT_EQ(scene::shownValue(state, unit), channel == 3 ? 1.0f : 0.0f) << "what the floats say";
    EXPECT_EQ(tell(state, unit).rfind(scene::describe(state, unit) + ": " + words, 0), 0u) << tell(state, unit);
    const auto logit = scene::explain(*network, *parameters, *state.values(), {network->find("output"), {channel, 0, 0}});
    ASSERT_EQ(logit.then.size(), 1u);
    EXPECT_EQ(scene::valueWords(logit.then.front()), words);
    EXPECT_TRUE(logit.then.front().formula.ends_with(std::string(" ") + words)) << logit.then.front().formula;
  }
}

// A step does reach the whole; of a sigmoid it is the rounding.
TEST(Telling, SaysTheWholeWhereItIsReached) {
  using nn::Activation;
  EXPECT_EQ(scene::valueWords(nn::Combine::WeightedSum, Activation::BinaryStep, 1, 1), "1");
  EXPECT_EQ(scene::valueWords(nn::Combine::WeightedSum, Activation::Sigmoid, 1, 1), "> 0.9999");
  EXPECT_EQ(scene::valueWords(nn::Combine::WeightedSum, Activation::Sigmoid, 1, 0.5f), "0.5");
  EXPECT_EQ(scene::valueWords(nn::Combine::Softmax, Activation::None, 10, 0.84204f), "0.8420");
}

}  // namespace
