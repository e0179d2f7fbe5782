// What the scene shows about a unit, a weight and a trace.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "scene/Highlight.h"
#include "scene/RandomNetworks.h"
#include "scene/SceneState.h"
#include "scene/Walk.h"
#include "support/Select.h"

namespace {

using scene::ConnectionOptions;
using scene::Highlight;
using scene::UnitId;

class HighlightTest : public ::testing::Test {
 protected:
  UnitId unit(const char* node, nn::Cell cell) const { return {network->find(node), cell}; }
  Highlight highlightOf(const UnitId& about, const ConnectionOptions& connectionOptions = {}) const {
    return highlightUnit(*layout, parameters, *values, about, connectionOptions);
  }
  // Sheets that stay lit, by the name of their block; kernels as "name*".
  std::map<std::string, int> litSheets(const Highlight& highlight) const {
    std::map<std::string, int> lit;
    for (std::size_t i = 0; i < highlight.focus.size(); ++i) {
      const scene::Sheet& sheet = layout->sheets[i];
      const std::string& name = layout->blocks[std::size_t(sheet.block)].name;
      if (highlight.focus[i].lit) ++lit[sheet.kind == scene::Sheet::Kind::Kernels ? name + "*" : name];
    }
    return lit;
  }
  const std::string& blockName(const scene::CellRef& cell) const {
    return layout->blocks[std::size_t(layout->sheets[std::size_t(cell.sheet)].block)].name;
  }

  std::shared_ptr<const nn::Network> network = scene_test::harley();
  std::shared_ptr<const scene::Layout> layout = buildLayout(network, scene::Arrangement::Space);
  std::vector<float> parameters = network->initialParameters(11);
  std::shared_ptr<const scene::Values> values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
};

TEST_F(HighlightTest, LightsThePatchAndTheKernelAndNothingElse) {
  ConnectionOptions connectionOptions;
  connectionOptions.receptiveField = false;
  const Highlight highlight = highlightOf(unit("conv2", {3, 4, 5}), connectionOptions);
  EXPECT_EQ(highlight.patches.size(), 6u);
  EXPECT_TRUE(highlight.receptiveFields.empty());
  EXPECT_EQ(litSheets(highlight), (std::map<std::string, int>{{"pool1", 6}, {"conv2", 1}, {"conv2*", 1}}));
  for (std::size_t i = 0; i < highlight.focus.size(); ++i) {
    const scene::Sheet& sheet = layout->sheets[i];
    if (!highlight.focus[i].lit || layout->blocks[std::size_t(sheet.block)].name != "pool1") continue;
    EXPECT_EQ(highlight.focus[i].firstColumn, 5);
    EXPECT_EQ(highlight.focus[i].lastColumn, 9);
    EXPECT_EQ(highlight.focus[i].firstRow, 4);
    EXPECT_EQ(highlight.focus[i].lastRow, 8);
  }
}

TEST_F(HighlightTest, FramesWhatTheUnitSeesDownToThePixels) {
  const Highlight highlight = highlightOf(unit("conv2", {3, 4, 5}));
  EXPECT_EQ(highlight.patches.size(), 6u);
  EXPECT_EQ(highlight.receptiveFields.size(), 6u + 1);  // conv1's maps and the picture
  ASSERT_EQ(highlight.receptiveFieldNames.size(), 3u);
  std::map<std::string, std::pair<int, int>> sizes;
  for (const scene::ReceptiveFieldName& name : highlight.receptiveFieldNames)
    sizes[layout->blocks[std::size_t(name.block)].name] = {name.rows, name.columns};
  EXPECT_EQ(sizes["pool1"], (std::pair(5, 5)));
  EXPECT_EQ(sizes["conv1"], (std::pair(10, 10)));
  EXPECT_EQ(sizes["input"], (std::pair(14, 14)));
  for (const scene::PatchFrame& frame : highlight.receptiveFields) {
    const scene::Sheet& sheet = layout->sheets[std::size_t(frame.sheet)];
    EXPECT_NEAR(length(frame.corners[1] - frame.corners[0]) / sheet.pitch, sheet.channel == 0 && sheet.rows == 32 ? 14 : 10, 1e-3);
  }
  // Everything is seen: said, but not framed.
  const Highlight dense = highlightOf(unit("dense1", {7, 0, 0}));
  EXPECT_TRUE(dense.receptiveFields.empty());
  ASSERT_FALSE(dense.receptiveFieldNames.empty());
  EXPECT_TRUE(dense.receptiveFieldNames.front().wholeMap);
}

TEST_F(HighlightTest, EdgesGoInOrOutByContributionOrWeightAsAsked) {
  const UnitId about = unit("pool1", {2, 6, 7});
  ConnectionOptions connectionOptions;
  connectionOptions.direction = scene::Direction::Outgoing;
  connectionOptions.most = 30;
  Highlight highlight = highlightOf(about, connectionOptions);
  EXPECT_EQ(highlight.edgeCount, 16u * 25);
  ASSERT_EQ(highlight.edges.size(), 30u);
  for (const scene::DrawnEdge& edge : highlight.edges) {
    EXPECT_EQ(edge.from, highlight.cell);
    EXPECT_EQ(blockName(edge.to), "conv2");
  }
  EXPECT_EQ(std::abs(highlight.edges.back().strength), 1.0f);
  connectionOptions.measure = scene::Measure::Weight;
  highlight = highlightOf(about, connectionOptions);
  for (const scene::DrawnEdge& edge : highlight.edges) EXPECT_NEAR(edge.strength, edge.amount / highlight.largest, 1e-6);
  float largest = 0;
  for (const float weight : parameters) largest = std::max(largest, std::abs(weight));
  EXPECT_LE(highlight.largest, largest);
  EXPECT_GT(highlight.largest, 0);
}

TEST_F(HighlightTest, OneWeightLightsItsKernelAndEveryUnitThatUsesIt) {
  const scene::Block& conv2 = layout->blocks[3];
  const Highlight highlight = highlightWeight(*layout, parameters, *values, {conv2.firstKernelSheet + 5, 2, 2, 3});
  EXPECT_EQ(highlight.edgeCount, 100u);
  EXPECT_EQ(highlight.edges.size(), 100u);
  EXPECT_EQ(litSheets(highlight), (std::map<std::string, int>{{"pool1", 1}, {"conv2", 1}, {"conv2*", 1}}));
  EXPECT_EQ(highlight.focus[std::size_t(conv2.firstKernelSheet + 5)].tile, 3);
  EXPECT_TRUE(highlight.focus[std::size_t(conv2.firstSheet + 5)].whole());
}

TEST_F(HighlightTest, ATraceLeadsFromTheClassToThePixels) {
  ConnectionOptions connectionOptions;
  connectionOptions.paths = 5;
  const UnitId about = unit("softmax", {3, 0, 0});
  const Highlight highlight = highlightTrace(*layout, parameters, *values, about, connectionOptions);
  std::map<std::string, int> into;
  std::set<std::string> from;
  for (const scene::DrawnEdge& edge : highlight.edges) {
    ++into[blockName(edge.to)];
    from.insert(blockName(edge.from));
  }
  for (const auto& [name, count] : into) EXPECT_LE(count, 5) << name;
  EXPECT_TRUE(from.contains("input"));
  EXPECT_NEAR(highlight.trace->total, values->at(unit("output", {3, 0, 0})), 1e-5);
}

TEST_F(HighlightTest, TwoClassesAreTheDifferenceOfTheirLogits) {
  ConnectionOptions connectionOptions;
  connectionOptions.against = 8;
  const Highlight highlight = highlightTrace(*layout, parameters, *values, unit("softmax", {3, 0, 0}), connectionOptions);
  EXPECT_NEAR(highlight.trace->total, values->at(unit("output", {3, 0, 0})) - values->at(unit("output", {8, 0, 0})), 1e-5);
  std::set<int> ends;
  for (const scene::DrawnEdge& edge : highlight.edges)
    if (blockName(edge.to) == "output") ends.insert(layout->unitAt(edge.to).cell.channel);
  EXPECT_TRUE(ends.contains(3) && ends.contains(8));
  EXPECT_TRUE(isLogit(*layout, unit("output", {3, 0, 0})));
  EXPECT_FALSE(isLogit(*layout, unit("dense2", {3, 0, 0})));
  // Only of classes: asked of any other unit it means nothing.
  const Highlight other = highlightTrace(*layout, parameters, *values, unit("conv2", {3, 4, 5}), connectionOptions);
  EXPECT_EQ(other.trace->total, highlightTrace(*layout, parameters, *values, unit("conv2", {3, 4, 5})).trace->total);
  EXPECT_EQ(other.unit, unit("conv2", {3, 4, 5}));
}

// A layer that is folded away is one slab: its edges go there, with the units that they belong to.
TEST_F(HighlightTest, WorksWithLayersFoldedAway) {
  layout = buildLayout(network, scene::Arrangement::Space, {network->find("pool1"), network->find("conv1"), network->find("dense1")});
  const UnitId about = unit("conv2", {3, 4, 5});
  const Highlight highlight = highlightOf(about);
  EXPECT_EQ(highlight.edgeCount, 150u);
  std::set<int> ends;
  for (const scene::DrawnEdge& edge : highlight.edges)
    if (edge.to == highlight.cell) ends.insert(edge.from.sheet);
  EXPECT_EQ(ends.size(), 1u);
  const scene::UnitEdges edges = edgesInto(*layout, parameters, *values, about);
  EXPECT_EQ(edges.edges[30].other, unit("pool1", {1, 5, 5}));
  for (const char* name : {"softmax", "dense1", "conv2"}) {
    const Highlight trace = highlightTrace(*layout, parameters, *values, unit(name, {2, 0, 0}));
    EXPECT_TRUE(std::isfinite(trace.trace->total));
  }
}

// Every unit of a network with folded layers can be highlighted; edges reach beyond the slab.
TEST(FoldedLayers, LetEdgesPassThrough) {
  const auto network = scene_test::harley();
  const auto parameters = network->initialParameters(4);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  const int dense1 = network->find("dense1"), dense2 = network->find("dense2");
  for (const scene::Arrangement arrangement : {scene::Arrangement::Space, scene::Arrangement::Rightward}) {
    const auto layout = buildLayout(network, arrangement, {dense1});
    const int slab = layout->blocks[std::size_t(layout->blockOfNode[std::size_t(dense1)])].firstSheet;
    const int pool2 = layout->blockOfNode[std::size_t(network->find("pool2"))];
    const scene::Highlight highlight = highlightUnit(*layout, parameters, *values, {dense2, {7, 0, 0}});
    int into = 0, beyond = 0;
    for (const scene::DrawnEdge& edge : highlight.edges) {
      into += edge.from.sheet == slab && edge.to == highlight.cell;
      const bool fromPool = layout->sheets[std::size_t(edge.from.sheet)].block == pool2;
      beyond += edge.to.sheet == slab && fromPool;
      EXPECT_TRUE(std::isfinite(edge.strength) && std::abs(edge.strength) <= 1.0001f);
    }
    EXPECT_EQ(into, 120);
    EXPECT_GE(beyond, 6);
  }
}

TEST(FoldedLayers, LetOutgoingEdgesPassOnToTheReadersAbove) {
  const auto network = scene_test::harley();
  const auto parameters = network->initialParameters(4);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  const auto layout = buildLayout(network, scene::Arrangement::Space, {network->find("dense1")});
  const int slab = layout->blocks[std::size_t(layout->blockOfNode[std::size_t(network->find("dense1"))])].firstSheet;
  const int dense2 = layout->blockOfNode[std::size_t(network->find("dense2"))];
  // The strongest unit of the layer below: one that is zero adds nothing to anybody.
  const std::span<const float> pool2 = values->of(network->find("pool2"));
  const auto best = std::size_t(std::max_element(pool2.begin(), pool2.end()) - pool2.begin());
  const scene::UnitId unit{network->find("pool2"), nn::cellAt(network->node(network->find("pool2")).shape, best)};
  scene::ConnectionOptions connectionOptions;
  connectionOptions.direction = scene::Direction::Outgoing;
  const scene::Highlight highlight = highlightUnit(*layout, parameters, *values, unit, connectionOptions);
  int into = 0, beyond = 0;
  for (const scene::DrawnEdge& edge : highlight.edges) {
    into += edge.from == highlight.cell && edge.to.sheet == slab;
    beyond += edge.from.sheet == slab && layout->sheets[std::size_t(edge.to.sheet)].block == dense2;
    EXPECT_TRUE(std::isfinite(edge.strength) && std::abs(edge.strength) <= 1.0001f);
  }
  EXPECT_EQ(into, 120);
  EXPECT_GE(beyond, 6);
  EXPECT_TRUE(highlight.focus[std::size_t(layout->blocks[std::size_t(dense2)].firstSheet)].lit);
}

TEST(FoldedLayers, CanBeDiscussedTracedAndWalkedEverywhere) {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    const auto network = scene_test::randomNetwork(seed);
    const auto parameters = network->initialParameters(seed);
    const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
    std::mt19937 random(seed);
    std::set<int> folded;
    const auto whole = buildLayout(network, scene::Arrangement::Space);
    for (const scene::Block& block : whole->blocks)
      if (random() % 2) folded.insert(block.node);
    scene::SceneState state;
    state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
    state.setParameters(std::make_shared<std::vector<float>>(parameters));
    state.setValues(values);
    scene_test::fold(state, folded);
    EXPECT_EQ(state.request().folded, folded);
    for (const scene::Block& block : state.layout()->blocks) {
      const scene::UnitId unit{block.node, nn::cellAt(network->node(block.node).shape, block.shape.size() / 2)};
      scene_test::pin(state, unit);
      ASSERT_TRUE(state.highlight());
      EXPECT_EQ(state.highlight()->unit, unit) << "the unit itself, not the first of its slab";
      scene::ConnectionOptions connectionOptions;
      connectionOptions.direction = scene::Direction::Outgoing;
      highlightUnit(*state.layout(), parameters, *values, unit, connectionOptions);
      highlightTrace(*state.layout(), parameters, *values, unit);
      for (const scene::Step step :
           {scene::Step::Left, scene::Step::Down, scene::Step::NextMap, scene::Step::TowardsInput, scene::Step::TowardsOutput})
        if (const auto next = neighbor(*state.layout(), unit, step)) {
          EXPECT_TRUE(state.layout()->locate(*next));
        }
    }
  }
}

}  // namespace
