#include <gtest/gtest.h>
#include <set>

#include "analysis/ReceptiveField.h"
#include "nn/ShippedNetworks.h"
#include "support/LayerCases.h"

namespace {

using analysis::receptiveFieldsOf;
using analysis::UnitReceptiveField;

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
  const std::vector<UnitReceptiveField> receptiveFields = receptiveFieldsOf(network, node, cell);
  ASSERT_EQ(receptiveFields.size(), reached.size());
  for (std::size_t i = 0; i < receptiveFields.size(); ++i) {
    SCOPED_TRACE(network.node(int(i)).name);
    analysis::MapRegion box{1 << 20, 1 << 20, -1, -1};
    std::vector<bool> channels(receptiveFields[i].channels.size(), false);
    for (const std::size_t flat : reached[i]) {
      const nn::Cell at = nn::cellAt(network.node(int(i)).shape, flat);
      box = {std::min(box.top, at.row), std::min(box.left, at.column), std::max(box.bottom, at.row), std::max(box.right, at.column)};
      channels[std::size_t(at.channel)] = true;
    }
    EXPECT_EQ(receptiveFields[i].empty(), reached[i].empty());
    EXPECT_EQ(receptiveFields[i].channels, channels);
    if (!reached[i].empty()) {
      EXPECT_EQ(receptiveFields[i].region, box);
    }
  }
}

class ReceptiveFieldThroughAnyLayer : public ::testing::TestWithParam<nntest::LayerCase> {};

TEST_P(ReceptiveFieldThroughAnyLayer, IsTheBoxAroundAllThatTheLinksReach) {
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  spec.nodes.push_back({"behind", "conv2d", {"layer"}, {{"filters", std::int64_t(1)}, {"kernel", std::int64_t(1)}}});
  const auto network = nn::Network::create(spec);
  const nn::Shape shape = network->node(network->outputs()[0]).shape;
  for (std::size_t i = 0; i < shape.size(); i += 3) expectTheBoxAround(*network, network->outputs()[0], nn::cellAt(shape, i));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, ReceptiveFieldThroughAnyLayer, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

TEST(UnitReceptiveField, OfLeNetKnowsWhichMapsTheTableConnects) {
  const auto network = nn::Network::create(nntest::lenet5Spec());
  const int layer = network->find("C3");
  expectTheBoxAround(*network, layer, {0, 4, 5});
  const std::vector<UnitReceptiveField> receptiveFields = receptiveFieldsOf(*network, layer, {0, 4, 5});
  EXPECT_EQ(receptiveFields[std::size_t(network->find("C1"))].channels, (std::vector<bool>{true, true, true, false, false, false}));
}

TEST(UnitReceptiveField, GrowsTowardsThePixels) {
  const auto network = nn::Network::create(nntest::harleySpec());
  const std::vector<UnitReceptiveField> receptiveFields = receptiveFieldsOf(*network, network->find("conv2"), {3, 4, 5});
  EXPECT_EQ(receptiveFields[std::size_t(network->find("pool1"))].height(), 5);
  EXPECT_EQ(receptiveFields[std::size_t(network->find("conv1"))].width(), 10);
  EXPECT_EQ(receptiveFields[0].height(), 14);
  EXPECT_EQ(receptiveFields[0].width(), 14);
  EXPECT_TRUE(receptiveFields[std::size_t(network->find("pool2"))].empty());
}

}  // namespace
