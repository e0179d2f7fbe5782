#include <algorithm>
#include <future>
#include <gtest/gtest.h>
#include <limits>
#include <set>

#include "scene/SceneNetworks.h"
#include "scene/SceneState.h"
#include "scene/Winner.h"
#include "scene/text/UnitText.h"
#include "support/Countdown.h"
#include "support/Select.h"

namespace {

using scene::Arrangement;
using scene::SceneState;

class SceneStateTest : public testing::Test {
 protected:
  SceneStateTest() : m_network(scene_test::harley()), m_parameters(std::make_shared<std::vector<float>>(m_network->initialParameters(4))) {
    m_state.setNetwork(scene::SceneRequest{m_network, Arrangement::Space});
    m_state.setParameters(m_parameters);
  }
  void draw() { m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, scene_test::seven(m_network->inputShape()))); }
  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
  SceneState m_state;
};

TEST_F(SceneStateTest, IsAtRestUntilSomethingIsDrawn) {
  EXPECT_TRUE(m_state.resting());
  EXPECT_EQ(scene::winner(m_state), -1);
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024)));
  EXPECT_TRUE(m_state.resting());
  draw();
  EXPECT_FALSE(m_state.resting());
  EXPECT_GE(scene::winner(m_state), 0);
  const scene::Scale drawn = m_state.shown().unitScale(1);
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024)));
  EXPECT_TRUE(m_state.resting());
  EXPECT_EQ(m_state.shown().unitScale(1), drawn) << "an erased drawing does not make faint values glow";
}

TEST_F(SceneStateTest, IsNotAtRestWithAFoldedInput) {
  scene_test::fold(m_state, {m_network->inputs().front()});
  draw();
  EXPECT_FALSE(m_state.resting());
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024)));
  EXPECT_TRUE(m_state.resting());
}

TEST_F(SceneStateTest, NumbersThatAreNotFiniteHaveNoWinner) {
  draw();
  auto broken = std::make_shared<scene::Values>(*m_state.values());
  const int output = m_network->outputs().front();
  broken->values[broken->offset[std::size_t(output)] + 3] = std::numeric_limits<float>::infinity();
  m_state.setValues(broken);
  EXPECT_EQ(scene::winner(m_state), -1);
  scene::ConnectionOptions options;
  options.trace = true;
  scene_test::ask(m_state, options);
  EXPECT_FALSE(m_state.tracing());
}

TEST_F(SceneStateTest, EqualOutputsHaveNoWinner) {
  m_parameters = std::make_shared<std::vector<float>>(m_parameters->size(), 0.0f);
  draw();
  EXPECT_FALSE(m_state.resting());
  EXPECT_EQ(scene::winner(m_state), -1);
}

TEST_F(SceneStateTest, SaysWhatHasChanged) {
  const scene::Versions before = m_state.versions();
  draw();
  EXPECT_GT(m_state.versions().units, before.units);
  EXPECT_EQ(m_state.versions().kernels, before.kernels);
  EXPECT_EQ(m_state.versions().layout, before.layout);
  const scene::Versions drawn = m_state.versions();
  m_state.setParameters(m_parameters);
  EXPECT_EQ(m_state.versions().kernels, drawn.kernels) << "they are the same";
  m_state.setParameters(std::make_shared<std::vector<float>>(*m_parameters));
  EXPECT_GT(m_state.versions().kernels, drawn.kernels);
  EXPECT_EQ(m_state.versions().units, drawn.units);
}

// A step of training: never the edges of new weights over old values.
TEST_F(SceneStateTest, WeightsComeWithTheValuesThatTheyMade) {
  draw();
  scene_test::pin(m_state, scene::UnitId{m_network->find("conv2"), {3, 4, 5}});
  const scene::Versions before = m_state.versions();
  const auto trained = std::make_shared<const std::vector<float>>(m_network->initialParameters(5));
  auto values = std::make_shared<scene::Values>(*scene_test::valuesOf(m_network, *trained, scene_test::seven(m_network->inputShape()), 2));
  values->parameters = trained;
  m_state.setValues(values);
  EXPECT_EQ(m_state.parameters().data(), trained->data());
  EXPECT_EQ(m_state.versions().highlight, before.highlight + 1);
  EXPECT_EQ(m_state.versions().units, before.units + 1);
  EXPECT_EQ(m_state.versions().kernels, before.kernels + 1);
}

TEST_F(SceneStateTest, HighlightsTheHoveredUnitAndElseThePinnedOne) {
  draw();
  EXPECT_FALSE(m_state.highlight());
  scene_test::pin(m_state, scene::UnitId{m_network->find("conv2"), {3, 4, 5}});
  ASSERT_TRUE(m_state.highlight());
  EXPECT_EQ(m_state.highlight()->edgeCount, 150u);
  scene::Pick pick;
  pick.unit = {m_network->find("conv1"), {0, 3, 3}};
  pick.cell = *m_state.layout()->locate(pick.unit);
  scene_test::hover(m_state, pick);
  EXPECT_EQ(m_state.highlight()->edgeCount, 25u);
  scene_test::hover(m_state, std::nullopt);
  EXPECT_EQ(m_state.highlight()->edgeCount, 150u);
  scene_test::pin(m_state, std::nullopt);
  EXPECT_FALSE(m_state.highlight());
}

TEST_F(SceneStateTest, FollowsThePinIntoAnotherArrangementAndNewValues) {
  draw();
  const scene::UnitId unit{m_network->find("conv2"), {3, 4, 5}};
  scene_test::pin(m_state, unit);
  scene_test::arrange(m_state, Arrangement::Flat);
  EXPECT_EQ(m_state.selection().pinned(), unit);
  ASSERT_TRUE(m_state.highlight());
  const float before = m_state.highlight()->largest;
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.5f), 2));
  ASSERT_TRUE(m_state.highlight());
  EXPECT_NE(m_state.highlight()->largest, before);
}

TEST_F(SceneStateTest, IgnoresWhatDoesNotBelongToItsNetwork) {
  draw();
  scene_test::pin(m_state, scene::UnitId{99, {}});
  EXPECT_FALSE(m_state.selection().pinned());
  m_state.setParameters(std::make_shared<std::vector<float>>(7));
  EXPECT_TRUE(m_state.parameters().empty());
  const auto other = scene_test::mlp();
  m_state.setValues(scene_test::valuesOf(other, other->initialParameters(1), std::vector<float>(784)));
  EXPECT_FALSE(m_state.values());
  EXPECT_TRUE(m_state.resting());
}

TEST_F(SceneStateTest, NamesUnitsAsThePersonCountsThem) {
  EXPECT_EQ(scene::describe(m_state, scene::UnitId{m_network->find("conv1"), {2, 6, 11}}), "conv1 · map 3, row 7, column 12");
  EXPECT_EQ(scene::describe(m_state, scene::UnitId{m_network->find("input"), {0, 6, 11}}), "input · row 7, column 12");
  EXPECT_EQ(scene::describe(m_state, scene::UnitId{m_network->find("dense1"), {41, 0, 0}}), "dense1 · unit 42");
  EXPECT_EQ(scene::describe(m_state, scene::UnitId{m_network->find("output"), {7, 0, 0}}), "output · class 7");
}

TEST_F(SceneStateTest, HoldsNoNetworkToo) {
  m_state.setNetwork(scene::SceneRequest{nullptr, Arrangement::Space});
  EXPECT_TRUE(m_state.empty());
  EXPECT_EQ(scene::winner(m_state), -1);
  m_state.setValues(nullptr);
  m_state.setParameters(nullptr);
  EXPECT_FALSE(m_state.highlight());
}

TEST_F(SceneStateTest, ATraceColorsTheCellsAndGivesThemBack) {
  draw();
  const std::vector<float> values(m_state.shown().cells().begin(), m_state.shown().cells().end());
  const int winner = scene::winner(m_state);
  scene_test::pin(m_state, scene::UnitId{m_network->logitsNode(), {3, 0, 0}});
  const auto asked = [&](bool trace) {
    scene::ConnectionOptions connectionOptions;
    connectionOptions.trace = trace;
    scene_test::ask(m_state, connectionOptions);
  };
  asked(true);
  ASSERT_TRUE(m_state.tracing());
  EXPECT_EQ(scene::winner(m_state), winner);
  const scene::Block& pixels = m_state.layout()->blocks.front();
  const std::vector<float>& amounts = m_state.highlight()->trace->amounts[0];
  EXPECT_TRUE(std::equal(amounts.begin(), amounts.end(), m_state.shown().cells().begin() + std::ptrdiff_t(pixels.firstCell)));
  EXPECT_TRUE(m_state.shown().unitScale(0).diverging);
  EXPECT_EQ(m_state.shown().unitScale(0).low, -m_state.shown().unitScale(0).high);
  // Another digit: the trace follows.
  const std::vector<float> before = amounts;
  m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.5f), 2));
  ASSERT_TRUE(m_state.tracing() || m_state.resting());
  draw();
  ASSERT_TRUE(m_state.tracing());
  // A unit lower down: what stands above it shows its values again.
  scene_test::pin(m_state, scene::UnitId{m_network->find("conv1"), {2, 9, 9}});
  const scene::Block& top = m_state.layout()->blocks.back();
  EXPECT_TRUE(std::equal(values.begin() + std::ptrdiff_t(top.firstCell), values.begin() + std::ptrdiff_t(top.firstCell + 10),
                         m_state.shown().cells().begin() + std::ptrdiff_t(top.firstCell)));
  asked(false);
  EXPECT_TRUE(std::equal(values.begin(), values.end(), m_state.shown().cells().begin()));
  EXPECT_FALSE(m_state.shown().unitScale(0).diverging);
}

TEST_F(SceneStateTest, AFieldTakesThePlaceOfActivationsAndWeightsAndGivesItBack) {
  draw();
  const std::vector<float> before(m_state.shown().cells().begin(), m_state.shown().cells().end());
  const int conv1 = m_network->find("conv1"), winner = scene::winner(m_state);
  auto field = std::make_shared<scene::CellField>();
  field->network = m_network;
  field->units.resize(m_network->nodes().size());
  field->units[std::size_t(conv1)].assign(m_network->node(conv1).shape.size(), -2e-7f);
  field->units[std::size_t(conv1)][5] = 1e-7f;
  field->weights.assign(m_network->parameterCount(), 0.25f);
  const scene::Versions versions = m_state.versions();
  m_state.setField(field);
  EXPECT_GT(m_state.versions().units, versions.units);
  EXPECT_GT(m_state.versions().kernels, versions.kernels);
  const int block = m_state.layout()->blockOfNode[std::size_t(conv1)];
  const scene::Block& of = m_state.layout()->blocks[std::size_t(block)];
  EXPECT_TRUE(m_state.shown().showsField(block));
  EXPECT_FLOAT_EQ(m_state.shown().cells()[of.firstCell], -2e-7f);
  EXPECT_FLOAT_EQ(m_state.shown().unitScale(block).high, 2e-7f) << "however small the numbers are";
  EXPECT_EQ(m_state.shown().unitScale(block).low, -m_state.shown().unitScale(block).high);
  EXPECT_EQ(m_state.shown().scaleOf(of.firstSheet), m_state.shown().unitScale(block));
  EXPECT_FLOAT_EQ(m_state.shown().cells()[m_state.layout()->sheets[std::size_t(of.firstKernelSheet)].firstCell], 0.25f);
  // Where it has no numbers the activations stay, and what the network says stays.
  EXPECT_FALSE(m_state.shown().showsField(0));
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 1024, m_state.shown().cells().begin()));
  EXPECT_EQ(scene::winner(m_state), winner);
  EXPECT_EQ(m_state.shown().valueScaleOf(of.firstSheet).low, 0) << "sheets that explain a value keep its colors";
  // Through new values and parameters, and a trace on top of it.
  m_state.setParameters(std::make_shared<std::vector<float>>(m_network->initialParameters(5)));
  draw();
  EXPECT_FLOAT_EQ(m_state.shown().cells()[of.firstCell], -2e-7f);
  m_state.setParameters(m_parameters);
  scene::Selection traced;
  traced.connectionOptions.trace = true;
  m_state.setSelection(traced);
  ASSERT_TRUE(m_state.tracing());
  EXPECT_EQ(m_state.shown().cells()[of.firstCell], m_state.highlight()->trace->amounts[std::size_t(of.valueNode)][0]);
  m_state.setSelection({});
  EXPECT_FLOAT_EQ(m_state.shown().cells()[of.firstCell], -2e-7f);
  // Nothing is gathered again while the pointer moves.
  const std::uint64_t units = m_state.versions().units;
  scene::Selection pointed;
  pointed.hovered = scene::Pick{{of.firstSheet + 1, 3, 3, 0}, false, false, {conv1, {1, 3, 3}}, 0};
  m_state.setSelection(pointed);
  m_state.setSelection({});
  EXPECT_EQ(m_state.versions().units, units);
  m_state.setField(nullptr);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), m_state.shown().cells().begin(), m_state.shown().cells().end()));
  EXPECT_FALSE(m_state.shown().showsField(block));
}

TEST_F(SceneStateTest, AFieldOfAnotherNetworkIsIgnoredAndItEndsWithItsOwn) {
  draw();
  auto field = std::make_shared<scene::CellField>();
  field->network = scene_test::mlp();
  m_state.setField(field);
  EXPECT_FALSE(m_state.shown().field());
  field = std::make_shared<scene::CellField>();
  field->network = m_network;
  field->weights.assign(3, 0);
  m_state.setField(field);
  EXPECT_FALSE(m_state.shown().field());
  field = std::make_shared<scene::CellField>();
  field->network = m_network;
  m_state.setField(field);
  EXPECT_TRUE(m_state.shown().field());
  m_state.setNetwork(scene::SceneRequest{m_network, Arrangement::Flat});
  EXPECT_FALSE(m_state.shown().field());
}

TEST_F(SceneStateTest, EachMapAndTheWholeNetworkMayHaveTheScaleOfAField) {
  draw();
  const int conv1 = m_network->find("conv1"), conv2 = m_network->find("conv2");
  auto field = std::make_shared<scene::CellField>();
  field->network = m_network;
  field->units.resize(m_network->nodes().size());
  std::vector<float>& one = field->units[std::size_t(conv1)];
  one.assign(m_network->node(conv1).shape.size(), 1);
  std::fill_n(one.begin(), m_network->node(conv1).shape.size() / 6, 3.0f);
  field->units[std::size_t(conv2)].assign(m_network->node(conv2).shape.size(), 50);
  m_state.setField(field);
  const int first = m_state.layout()->blockOfNode[std::size_t(conv1)];
  const int sheet = m_state.layout()->blocks[std::size_t(first)].firstSheet;
  EXPECT_EQ(m_state.shown().scaleOf(sheet).high, m_state.shown().scaleOf(sheet + 1).high);
  m_state.setScaleScope(scene::ScaleScope::Map);
  EXPECT_EQ(m_state.shown().scaleOf(sheet).high, 3);
  EXPECT_EQ(m_state.shown().scaleOf(sheet + 1).high, 1);
  m_state.setScaleScope(scene::ScaleScope::Network);
  EXPECT_EQ(m_state.shown().scaleOf(sheet).high, 50);
  EXPECT_EQ(m_state.shown().scaleOf(sheet + 1).high, 50);
}

TEST_F(SceneStateTest, PlaysAnyAnimation) {
  draw();
  const std::shared_ptr<const scene::Animation> animation = test::kCountdown.create(*m_state.layout(), {});
  const std::vector<scene::Block>& blocks = m_state.layout()->blocks;
  for (std::size_t step = 0; step < blocks.size() + 3; ++step) {
    m_state.setAnimation(scene::AnimationStep{animation, step});
    const std::size_t at = std::min(step, blocks.size() - 1), block = blocks.size() - 1 - at;  // beyond the last it stays at that
    EXPECT_EQ(m_state.animation()->step, at);
    EXPECT_EQ(m_state.caption(), std::to_string(block + 1) + " to go: " + blocks[block].name);
    ASSERT_TRUE(m_state.highlight());
    EXPECT_EQ(m_state.highlight()->reachedBlock, int(block));
    EXPECT_EQ(m_state.animation()->closeUp(*m_state.layout()), blocks[block].bounds);
  }
  scene_test::pin(m_state, scene::UnitId{1, {2, 3, 3}});
  EXPECT_EQ(m_state.highlight()->kind, scene::Highlight::Kind::Animation) << "what is pinned waits";
  m_state.setAnimation(std::nullopt);
  EXPECT_EQ(m_state.highlight()->kind, scene::Highlight::Kind::Unit);
  EXPECT_TRUE(m_state.caption().empty());
}

TEST_F(SceneStateTest, IsHandedInWholeFromAnotherThread) {
  draw();
  const scene::UnitId unit{m_network->find("conv1"), {2, 6, 11}};
  for (const scene::ScaleScope scope : {scene::ScaleScope::Layer, scene::ScaleScope::Map}) {
    auto built = std::async(std::launch::async, [&] {
      return scene::NetworkScene({m_network, Arrangement::Flat, {m_network->find("conv2")}, m_parameters, scope});
    });
    SceneState whole, piecewise;
    whole.setScaleScope(scope);
    whole.setNetwork(built.get());
    whole.setValues(m_state.values());
    piecewise.setNetwork(scene::SceneRequest{m_network, Arrangement::Space});
    piecewise.setParameters(m_parameters);
    piecewise.setValues(m_state.values());
    piecewise.setScaleScope(scope);
    scene_test::pin(piecewise, unit);
    const scene::Versions before = piecewise.versions();
    scene_test::fold(piecewise, {m_network->find("conv2")});
    scene_test::arrange(piecewise, Arrangement::Flat);
    EXPECT_EQ(piecewise.selection().pinned(), unit);
    EXPECT_GT(piecewise.versions().layout, before.layout);
    EXPECT_GT(piecewise.versions().units, before.units);
    EXPECT_GT(piecewise.versions().kernels, before.kernels);
    ASSERT_EQ(whole.layout()->sheets.size(), piecewise.layout()->sheets.size());
    const auto one = whole.shown().cells(), other = piecewise.shown().cells();
    EXPECT_TRUE(std::equal(one.begin(), one.end(), other.begin(), other.end()));
    for (int sheet = 0; sheet < int(whole.layout()->sheets.size()); ++sheet)
      EXPECT_EQ(whole.shown().scaleOf(sheet), piecewise.shown().scaleOf(sheet)) << sheet;
  }
}

// The command, the menu's words and the key of every animation are its own.
TEST(AnimationTypes, DifferInWhatTheyAreCalledBy) {
  std::set<std::string> ids, keys;
  std::size_t commands = 0;
  const auto take = [&](const scene::AnimationCommand& command) {
    ids.insert(command.id);
    keys.insert(command.key);
    ++commands;
    EXPECT_GT(std::string(command.tip).size(), 10u) << command.id;
  };
  for (const scene::AnimationType* type : scene::animationTypes()) {
    EXPECT_EQ(scene::findAnimation(type->open.id), type);
    take(type->open);
    if (type->unit) take(type->unit->fromHere);
    if (type->detail) take(type->detail->command);
  }
  EXPECT_EQ(ids.size(), commands);
  EXPECT_EQ(keys.size(), commands);
  EXPECT_FALSE(scene::findAnimation("no-such-animation"));
}

}  // namespace
