#include <gtest/gtest.h>

#include "scene/Edges.h"
#include "scene/SceneNetworks.h"

namespace {

using scene::Arrangement;
using scene::Measure;
using scene::UnitEdges;
using scene::UnitId;

struct Subject {
  explicit Subject(const std::shared_ptr<const nn::Network>& n)
      : network(n),
        layout(buildLayout(n, Arrangement::Space)),
        parameters(n->initialParameters(11)),
        values(scene_test::valuesOf(n, parameters, scene_test::seven(n->inputShape()))) {}
  UnitEdges edges(const char* node, nn::Cell cell) const { return edgesInto(*layout, parameters, *values, {network->find(node), cell}); }
  float value(const char* node, nn::Cell cell) const { return values->at({network->find(node), cell}); }
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const scene::Layout> layout;
  std::vector<float> parameters;
  std::shared_ptr<const scene::Values> values;
};

// Every edge is one of the layer's links, in its order, with its weight and its input's value.
TEST(Edges, AreTheLinksOfTheLayer) {
  for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
    const Subject s(network);
    for (const scene::Block& block : s.layout->blocks) {
      const nn::Network::Node& node = network->node(block.node);
      const UnitId unit{block.node, nn::cellAt(node.shape, node.shape.size() / 3)};
      nn::CellLinks links;
      node.layer->linksInto(unit.cell, links);
      const UnitEdges edges = edgesInto(*s.layout, s.parameters, *s.values, unit);
      ASSERT_EQ(edges.edges.size(), links.terms.size()) << block.name;
      for (std::size_t i = 0; i < links.terms.size(); ++i) {
        const nn::Link& link = links.terms[i];
        const scene::Edge& edge = edges.edges[i];
        const int source = node.inputs[std::size_t(link.input)];
        EXPECT_EQ(edge.input, s.values->at({source, link.cell}));
        EXPECT_EQ(edge.hasWeight, link.parameter >= 0);
        if (edge.hasWeight) {
          EXPECT_EQ(edge.weight, s.parameters[node.parameterOffset + std::size_t(link.parameter)]);
        }
        EXPECT_EQ(s.layout->blockOfNode[std::size_t(edge.other.node)], s.layout->blockOfNode[std::size_t(source)]);
      }
    }
  }
}

TEST(Edges, AddUpToTheUnit) {
  const Subject s(scene_test::harley());
  for (const nn::Cell cell : {nn::Cell{3, 4, 5}, nn::Cell{0, 0, 0}, nn::Cell{15, 9, 9}}) {
    const UnitEdges edges = s.edges("conv2", cell);
    EXPECT_EQ(edges.edges.size(), 150u);
    float sum = 0;
    for (const scene::Edge& edge : edges.edges) sum += edge.contribution;  // biases are zero at the start
    EXPECT_NEAR(std::max(sum, 0.0f), s.value("conv2", cell), 1e-4f);
  }
}

TEST(Edges, LeadThroughMergedLayersToTheCellsThatProduceTheValue) {
  const Subject s(scene_test::harley());
  const UnitEdges edges = s.edges("dense1", {17, 0, 0});
  ASSERT_EQ(edges.edges.size(), 400u);
  EXPECT_EQ(edges.edges[26].other, (UnitId{s.network->find("pool2"), {1, 0, 1}}));
  const UnitEdges ofSoftmax = s.edges("softmax", {4, 0, 0});
  EXPECT_EQ(ofSoftmax.unit, (UnitId{s.network->find("output"), {4, 0, 0}}));
  EXPECT_EQ(ofSoftmax.edges.size(), 100u);
}

TEST(Edges, NameTheWinnerOfAMaximum) {
  const Subject s(scene_test::harley());
  const nn::Cell cell{2, 6, 7};
  const UnitEdges edges = s.edges("pool1", cell);
  ASSERT_EQ(edges.edges.size(), 4u);
  int winners = 0;
  float sum = 0;
  for (const scene::Edge& edge : edges.edges) winners += edge.contribution != 0, sum += edge.contribution;
  EXPECT_LE(winners, 1);
  EXPECT_EQ(sum, s.value("pool1", cell));
}

TEST(Edges, OfTheInputAreNone) {
  const Subject s(scene_test::harley());
  EXPECT_TRUE(s.edges("input", {0, 3, 3}).edges.empty());
}

TEST(Edges, CanBeLimitedToTheStrongest) {
  const Subject s(scene_test::harley());
  const UnitEdges edges = s.edges("dense1", {17, 0, 0});
  const std::vector<int> all = strongest(edges.edges, 10000, Measure::Contribution),
                         few = strongest(edges.edges, 20, Measure::Contribution);
  EXPECT_EQ(all.size(), 400u);
  ASSERT_EQ(few.size(), 20u);
  EXPECT_TRUE(std::equal(few.rbegin(), few.rend(), all.rbegin()));
  EXPECT_EQ(std::abs(edges.edges[std::size_t(few.back())].contribution), edges.largest(Measure::Contribution));
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LE(std::abs(edges.edges[std::size_t(all[i - 1])].contribution), std::abs(edges.edges[std::size_t(all[i])].contribution));
  }
}

TEST(Edges, CanBeRankedByTheirWeight) {
  const Subject s(scene_test::harley());
  const UnitEdges edges = s.edges("dense1", {17, 0, 0});
  const std::vector<int> few = strongest(edges.edges, 5, Measure::Weight);
  EXPECT_EQ(std::abs(edges.edges[std::size_t(few.back())].weight), edges.largest(Measure::Weight));
  EXPECT_NE(few, strongest(edges.edges, 5, Measure::Contribution));
}

// Every edge out of a unit is an edge into its reader, with the same numbers.
TEST(Edges, OutwardsAreTheReadersOwnEdges) {
  for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
    const Subject s(network);
    for (const scene::Block& block : s.layout->blocks) {
      const UnitId unit{block.node, nn::cellAt(network->node(block.node).shape, block.shape.size() / 3)};
      const UnitEdges outwards = edgesOutOf(*s.layout, s.parameters, *s.values, unit);
      EXPECT_EQ(outwards.edges.empty(), block.isOutput) << block.name;
      for (const scene::Edge& edge : outwards.edges) {
        const UnitEdges back = edgesInto(*s.layout, s.parameters, *s.values, edge.other);
        const auto same = std::find_if(back.edges.begin(), back.edges.end(), [&](const scene::Edge& other) {
          return other.other == unit && other.weight == edge.weight && other.contribution == edge.contribution;
        });
        EXPECT_NE(same, back.edges.end()) << block.name;
      }
    }
  }
}

TEST(Edges, OfAConvolutionsInputLeadToEveryWindowOverIt) {
  const Subject s(scene_test::harley());
  const UnitId pixel{0, {0, 15, 15}};
  EXPECT_EQ(edgesOutOf(*s.layout, s.parameters, *s.values, pixel).edges.size(), 6u * 25);
  EXPECT_EQ(edgesOutOf(*s.layout, s.parameters, *s.values, {0, {0, 0, 0}}).edges.size(), 6u);
  // Through the flattening that is shown with the layer before it.
  EXPECT_EQ(edgesOutOf(*s.layout, s.parameters, *s.values, {s.network->find("pool2"), {4, 2, 2}}).edges.size(), 120u);
}

TEST(Edges, OfOneWeightAreAllItsUses) {
  const Subject s(scene_test::harley());
  const scene::Block& conv1 = s.layout->blocks[1];
  scene::CellRef weight{conv1.firstKernelSheet + 2, 1, 4, 0};
  const scene::WeightEdges edges = edgesOfWeight(*s.layout, s.parameters, *s.values, weight);
  ASSERT_EQ(edges.edges.size(), 28u * 28);
  EXPECT_EQ(edges.parameter, s.layout->parameterAt(weight));
  for (std::size_t i = 0; i < edges.edges.size(); ++i) {
    const scene::Edge& edge = edges.edges[i];
    EXPECT_EQ(edge.other.cell.channel, 2);
    EXPECT_EQ(edges.sources[i].row, edge.cell.row + 1);
    EXPECT_EQ(edges.sources[i].column, edge.cell.column + 4);
    EXPECT_EQ(edge.weight, s.parameters[edges.parameter]);
    EXPECT_EQ(edge.contribution, edge.weight * s.values->at({0, {0, edges.sources[i].row, edges.sources[i].column}}));
  }
}

}  // namespace
