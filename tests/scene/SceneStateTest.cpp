#include <gtest/gtest.h>
#include <limits>

#include "scene/SceneNetworks.h"
#include "scene/SceneState.h"

namespace {

using scene::Arrangement;
using scene::SceneState;

class SceneStateTest : public testing::Test {
 protected:
  SceneStateTest() : m_network(scene_test::harley()), m_parameters(std::make_shared<std::vector<float>>(m_network->initialParameters(4))) {
    m_state.setNetwork(m_network, Arrangement::Space);
    m_state.setParameters(m_parameters);
  }
  void draw() { m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, scene_test::seven(m_network->inputShape()))); }
  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
  SceneState m_state;
};

TEST_F(SceneStateTest, IsAtRestUntilSomethingIsDrawn) {
  EXPECT_TRUE(m_state.resting());
  EXPECT_EQ(m_state.winner(), -1);
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024)));
  EXPECT_TRUE(m_state.resting());
  draw();
  EXPECT_FALSE(m_state.resting());
  EXPECT_GE(m_state.winner(), 0);
  const scene::Scale drawn = m_state.unitScale(1);
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024)));
  EXPECT_TRUE(m_state.resting());
  EXPECT_EQ(m_state.unitScale(1), drawn) << "an erased drawing does not make faint values glow";
}

TEST_F(SceneStateTest, NumbersThatAreNotFiniteHaveNoWinner) {
  draw();
  auto broken = std::make_shared<scene::Values>(*m_state.values());
  const int output = m_network->outputs().front();
  broken->values[broken->offset[std::size_t(output)] + 3] = std::numeric_limits<float>::infinity();
  m_state.setValues(broken);
  EXPECT_EQ(m_state.winner(), -1);
  scene::ConnectionOptions options;
  options.trace = true;
  m_state.setConnectionOptions(options);
  EXPECT_FALSE(m_state.tracing());
}

TEST_F(SceneStateTest, EqualOutputsHaveNoWinner) {
  m_parameters = std::make_shared<std::vector<float>>(m_parameters->size(), 0.0f);
  draw();
  EXPECT_FALSE(m_state.resting());
  EXPECT_EQ(m_state.winner(), -1);
}

TEST_F(SceneStateTest, SaysWhatHasChanged) {
  const scene::Versions before = m_state.versions();
  draw();
  EXPECT_GT(m_state.versions().units, before.units);
  EXPECT_EQ(m_state.versions().kernels, before.kernels);
  EXPECT_EQ(m_state.versions().layout, before.layout);
  const scene::Versions drawn = m_state.versions();
  m_state.setParameters(m_parameters);
  EXPECT_GT(m_state.versions().kernels, drawn.kernels);
  EXPECT_EQ(m_state.versions().units, drawn.units);
}

TEST_F(SceneStateTest, HighlightsTheHoveredUnitAndElseThePinnedOne) {
  draw();
  EXPECT_FALSE(m_state.highlight());
  m_state.setPinned(scene::UnitId{m_network->find("conv2"), {3, 4, 5}});
  ASSERT_TRUE(m_state.highlight());
  EXPECT_EQ(m_state.highlight()->edgeCount, 150u);
  scene::Pick pick;
  pick.unit = {m_network->find("conv1"), {0, 3, 3}};
  pick.cell = *m_state.layout()->locate(pick.unit);
  m_state.setHovered(pick);
  EXPECT_EQ(m_state.highlight()->edgeCount, 25u);
  m_state.setHovered(std::nullopt);
  EXPECT_EQ(m_state.highlight()->edgeCount, 150u);
  m_state.setPinned(std::nullopt);
  EXPECT_FALSE(m_state.highlight());
}

TEST_F(SceneStateTest, FollowsThePinIntoAnotherArrangementAndNewValues) {
  draw();
  const scene::UnitId unit{m_network->find("conv2"), {3, 4, 5}};
  m_state.setPinned(unit);
  m_state.setArrangement(Arrangement::Flat);
  EXPECT_EQ(m_state.pinned(), unit);
  ASSERT_TRUE(m_state.highlight());
  const float before = m_state.highlight()->largest;
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.5f), 2));
  ASSERT_TRUE(m_state.highlight());
  EXPECT_NE(m_state.highlight()->largest, before);
}

TEST_F(SceneStateTest, IgnoresWhatDoesNotBelongToItsNetwork) {
  draw();
  m_state.setPinned(scene::UnitId{99, {}});
  EXPECT_FALSE(m_state.pinned());
  m_state.setParameters(std::make_shared<std::vector<float>>(7));
  EXPECT_TRUE(m_state.parameters().empty());
  const auto other = scene_test::mlp();
  m_state.setValues(scene_test::valuesOf(other, other->initialParameters(1), std::vector<float>(784)));
  EXPECT_FALSE(m_state.values());
  EXPECT_TRUE(m_state.resting());
}

TEST_F(SceneStateTest, NamesUnitsAsThePersonCountsThem) {
  EXPECT_EQ(m_state.describe(scene::UnitId{m_network->find("conv1"), {2, 6, 11}}), "conv1 · map 3, row 7, column 12");
  EXPECT_EQ(m_state.describe(scene::UnitId{m_network->find("input"), {0, 6, 11}}), "input · row 7, column 12");
  EXPECT_EQ(m_state.describe(scene::UnitId{m_network->find("dense1"), {41, 0, 0}}), "dense1 · unit 42");
  EXPECT_EQ(m_state.describe(scene::UnitId{m_network->find("output"), {7, 0, 0}}), "output · class 7");
}

TEST_F(SceneStateTest, HoldsNoNetworkToo) {
  m_state.setNetwork(nullptr, Arrangement::Space);
  EXPECT_TRUE(m_state.empty());
  EXPECT_EQ(m_state.winner(), -1);
  m_state.setValues(nullptr);
  m_state.setParameters(nullptr);
  EXPECT_FALSE(m_state.highlight());
}

TEST_F(SceneStateTest, ATraceColorsTheCellsAndGivesThemBack) {
  draw();
  const std::vector<float> values(m_state.cells().begin(), m_state.cells().end());
  const int winner = m_state.winner();
  m_state.setPinned(scene::UnitId{m_network->logitsNode(), {3, 0, 0}});
  const auto asked = [&](bool trace) {
    scene::ConnectionOptions connectionOptions;
    connectionOptions.trace = trace;
    m_state.setConnectionOptions(connectionOptions);
  };
  asked(true);
  ASSERT_TRUE(m_state.tracing());
  EXPECT_EQ(m_state.winner(), winner);
  const scene::Block& pixels = m_state.layout()->blocks.front();
  const std::vector<float>& amounts = m_state.highlight()->trace->amounts[0];
  EXPECT_TRUE(std::equal(amounts.begin(), amounts.end(), m_state.cells().begin() + std::ptrdiff_t(pixels.firstCell)));
  EXPECT_TRUE(m_state.unitScale(0).diverging);
  EXPECT_EQ(m_state.unitScale(0).low, -m_state.unitScale(0).high);
  // Another digit: the trace follows.
  const std::vector<float> before = amounts;
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.5f), 2));
  ASSERT_TRUE(m_state.tracing() || m_state.resting());
  draw();
  ASSERT_TRUE(m_state.tracing());
  // A unit lower down: what stands above it shows its values again.
  m_state.setPinned(scene::UnitId{m_network->find("conv1"), {2, 9, 9}});
  const scene::Block& top = m_state.layout()->blocks.back();
  EXPECT_TRUE(std::equal(values.begin() + std::ptrdiff_t(top.firstCell), values.begin() + std::ptrdiff_t(top.firstCell + 10),
                         m_state.cells().begin() + std::ptrdiff_t(top.firstCell)));
  asked(false);
  EXPECT_TRUE(std::equal(values.begin(), values.end(), m_state.cells().begin()));
  EXPECT_FALSE(m_state.unitScale(0).diverging);
}

}  // namespace
