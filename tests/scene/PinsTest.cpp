#include <gtest/gtest.h>
#include <set>

#include "scene/Pins.h"
#include "scene/SceneNetworks.h"
#include "scene/SceneState.h"
#include "support/Select.h"

namespace {

using scene::Pins;
using scene::UnitId;

UnitId unit(int channel) {
  return {1, {channel, 0, 0}};
}

TEST(Pins, AClickReplacesAndAClickThatAddsKeeps) {
  Pins pins;
  pins.current = unit(0);
  EXPECT_EQ(pins.all(), std::vector{unit(0)});
  pins.current = unit(1);
  EXPECT_EQ(pins.all(), std::vector{unit(1)});
  EXPECT_TRUE(pins.toggle(unit(2)));
  EXPECT_EQ(pins.all(), (std::vector{unit(1), unit(2)}));
  EXPECT_EQ(pins.current, unit(2));
  pins.current = unit(3);
  EXPECT_EQ(pins.all(), (std::vector{unit(1), unit(2), unit(3)}));
  EXPECT_TRUE(pins.toggle(unit(1))) << "the same again lets go";
  EXPECT_EQ(pins.all(), (std::vector{unit(2), unit(3)}));
}

TEST(Pins, AreFourAtMostAndTheLastPlaceIsForTheNextClick) {
  Pins pins;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(pins.toggle(unit(i)));
  EXPECT_EQ(pins.all().size(), 4u);
  EXPECT_FALSE(pins.toggle(unit(7)));
  EXPECT_EQ(pins.all().size(), 4u);
  pins.current = unit(8);
  EXPECT_EQ(pins.all(), (std::vector{unit(0), unit(1), unit(2), unit(8)}));
}

TEST(Pins, TheOneInHandIsFollowedByOneThatIsKept) {
  Pins pins;
  pins.toggle(unit(0));
  pins.toggle(unit(1));
  pins.unpin(unit(1));
  EXPECT_EQ(pins.current, unit(0));
  pins.unpin(unit(0));
  EXPECT_FALSE(pins.current);
  EXPECT_TRUE(pins.all().empty());
}

TEST(Pins, HaveColorsThatDiffer) {
  for (const bool dark : {true, false}) {
    std::set<std::tuple<int, int, int>> seen;
    for (std::size_t i = 0; i < scene::kMostPins; ++i) {
      const scene::Rgb color = scene::pinColor(i, dark);
      seen.insert({color.r, color.g, color.b});
      // Letters and frames are read against the ground, and on the badge.
      EXPECT_TRUE(dark ? scene::lightnessOf(color) > 0.7f : scene::lightnessOf(color) < 0.56f) << i;
    }
    EXPECT_EQ(seen.size(), scene::kMostPins);
  }
  EXPECT_EQ(scene::pinLetter(0), 'A');
  EXPECT_EQ(scene::pinLetter(3), 'D');
}

class PinnedState : public testing::Test {
 protected:
  PinnedState() : network(scene_test::harley()), parameters(std::make_shared<std::vector<float>>(network->initialParameters(4))) {
    state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
    state.setParameters(parameters);
    state.setValues(scene_test::valuesOf(network, *parameters, scene_test::seven(network->inputShape())));
  }
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  scene::SceneState state;
};

TEST_F(PinnedState, KeepsThoseThatItHasAndForgetsThemWithTheNetwork) {
  const UnitId there{network->find("conv1"), {2, 3, 4}}, elsewhere{network->find("conv1"), {99, 0, 0}};
  const scene::Versions before = state.versions();
  scene_test::select(state, [&](scene::Selection& selection) { selection.pins.beside = {there, elsewhere}; });
  EXPECT_EQ(state.selection().pins.beside, std::vector{there});
  EXPECT_GT(state.versions().highlight, before.highlight);
  scene_test::arrange(state, scene::Arrangement::Flat);
  EXPECT_EQ(state.selection().pins.beside, std::vector{there});
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  EXPECT_TRUE(state.selection().pins.all().empty());
}

TEST_F(PinnedState, HoldsAWeightUntilSomethingIsPointedAt) {
  const scene::Block& block = state.layout()->blocks[std::size_t(state.layout()->blockOfNode[std::size_t(network->find("conv1"))])];
  const auto hold = [this](const std::optional<scene::Pick>& held) {
    scene_test::select(state, [&](scene::Selection& selection) { selection.heldWeight = held; });
  };
  scene::Pick weight;
  weight.cell = {block.firstKernelSheet + 1, 2, 3, 0};
  weight.kernel = true;
  scene_test::pin(state, UnitId{network->find("conv2"), {3, 4, 5}});
  hold(weight);
  ASSERT_TRUE(state.highlight());
  EXPECT_EQ(state.highlight()->kind, scene::Highlight::Kind::Weight);
  EXPECT_EQ(state.highlight()->edgeCount, 784u) << "one number, used by every unit of the map";
  scene::Pick pick;
  pick.unit = {network->find("conv1"), {0, 3, 3}};
  pick.cell = *state.layout()->locate(pick.unit);
  scene_test::hover(state, pick);
  EXPECT_EQ(state.highlight()->edgeCount, 25u);
  scene_test::hover(state, std::nullopt);
  EXPECT_EQ(state.highlight()->edgeCount, 784u);
  hold(std::nullopt);
  EXPECT_EQ(state.highlight()->edgeCount, 150u);
}

}  // namespace
