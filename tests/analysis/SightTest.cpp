#include <gtest/gtest.h>
#include <set>

#include "analysis/Sight.h"
#include "nn/LayerCases.h"
#include "nn/ShippedNetworks.h"

namespace {

using analysis::Sight;
using analysis::sightOf;

// Every cell that a unit reaches by following all links.
void follow(const nn::Network& network, int node, const nn::Cell& cell, std::vector<std::set<std::size_t>>& reached) {
  if (!reached[std::size_t(node)].insert(nn::flatIndex(network.node(node).shape, cell)).second) return;
  if (network.node(node).inputs.empty()) return;
  nn::CellLinks links;
  network.node(node).layer->linksInto(cell, links);
  for (const nn::Link& link : links.terms) follow(network, network.node(node).inputs[std::size_t(link.input)], link.cell, reached);
}

void expectTheBoxAround(const nn::Network& network, int node, const nn::Cell& cell) {
  std::vector<std::set<std::size_t>> reached(network.nodes().size());
  follow(network, node, cell, reached);
  const std::vector<Sight> sights = sightOf(network, node, cell);
  ASSERT_EQ(sights.size(), reached.size());
  for (std::size_t i = 0; i < sights.size(); ++i) {
    SCOPED_TRACE(network.node(int(i)).name);
    analysis::InputRegion box{1 << 20, 1 << 20, -1, -1};
    std::vector<bool> channels(sights[i].channels.size(), false);
    for (const std::size_t flat : reached[i]) {
      const nn::Cell at = nn::cellAt(network.node(int(i)).shape, flat);
      box = {std::min(box.top, at.row), std::min(box.left, at.column), std::max(box.bottom, at.row), std::max(box.right, at.column)};
      channels[std::size_t(at.channel)] = true;
    }
    EXPECT_EQ(sights[i].empty(), reached[i].empty());
    EXPECT_EQ(sights[i].channels, channels);
    if (!reached[i].empty()) {
      EXPECT_EQ(sights[i].region, box);
    }
  }
}

class SightThroughAnyLayer : public ::testing::TestWithParam<nntest::LayerCase> {};

TEST_P(SightThroughAnyLayer, IsTheBoxAroundAllThatTheLinksReach) {
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  spec.nodes.push_back({"behind", "conv2d", {"layer"}, {{"filters", std::int64_t(1)}, {"kernel", std::int64_t(1)}}});
  const auto network = nn::Network::create(spec);
  const nn::Shape shape = network->node(network->outputs()[0]).shape;
  for (std::size_t i = 0; i < shape.size(); i += 3) expectTheBoxAround(*network, network->outputs()[0], nn::cellAt(shape, i));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, SightThroughAnyLayer, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

TEST(Sight, OfLeNetKnowsWhichMapsTheTableConnects) {
  const auto network = nn::Network::create(nntest::lenet5Spec());
  const int layer = network->find("C3");
  expectTheBoxAround(*network, layer, {0, 4, 5});
  const std::vector<Sight> sights = sightOf(*network, layer, {0, 4, 5});
  EXPECT_EQ(sights[std::size_t(network->find("C1"))].channels, (std::vector<bool>{true, true, true, false, false, false}));
}

TEST(Sight, GrowsTowardsThePixels) {
  const auto network = nn::Network::create(nntest::harleySpec());
  const std::vector<Sight> sights = sightOf(*network, network->find("conv2"), {3, 4, 5});
  EXPECT_EQ(sights[std::size_t(network->find("pool1"))].height(), 5);
  EXPECT_EQ(sights[std::size_t(network->find("conv1"))].width(), 10);
  EXPECT_EQ(sights[0].height(), 14);
  EXPECT_EQ(sights[0].width(), 14);
  EXPECT_TRUE(sights[std::size_t(network->find("pool2"))].empty());
}

}  // namespace
