// Every layer type through the grid of settings of the catalogue tests: what a cell is said to see holds all that its links reach.
#include <gtest/gtest.h>

#include "analysis/Cost.h"
#include "analysis/ReceptiveField.h"
#include "support/LayerCases.h"

namespace {

class SeenThroughAnyLayer : public ::testing::TestWithParam<nntest::LayerCase> {};

TEST_P(SeenThroughAnyLayer, HoldsAllThatTheLinksReach) {
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  // A layer behind, so that the layer under test is passed by its window rather than by its links.
  spec.nodes.push_back({"behind", "conv2d", {"layer"}, {{"filters", std::int64_t(1)}, {"kernel", std::int64_t(1)}}});
  const auto network = nn::Network::create(spec);
  const int behind = network->outputs()[0], layer = network->find("layer");
  const analysis::ReceptiveField field = analysis::costOf(*network).nodes[std::size_t(behind)].receptiveField;
  const nn::Shape shape = network->node(behind).shape;
  nn::CellLinks links, further;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const nn::Cell cell = nn::cellAt(shape, i);
    const analysis::MapRegion region = analysis::receptiveFieldsOf(*network, behind, cell)[std::size_t(network->inputs()[0])].region;
    const double top = field.top + cell.row * field.strideY, left = field.left + cell.column * field.strideX;
    network->node(behind).layer->linksInto(cell, links);
    for (const nn::Link& link : links.terms) {
      network->node(layer).layer->linksInto(link.cell, further);
      for (const nn::Link& term : further.terms) {
        if (term.input != 0) continue;
        ASSERT_TRUE(term.cell.row >= region.top && term.cell.row <= region.bottom) << "cell " << i;
        ASSERT_TRUE(term.cell.column >= region.left && term.cell.column <= region.right) << "cell " << i;
        if (field.strideY == 0 || field.strideX == 0) continue;  // the position says nothing
        ASSERT_TRUE(term.cell.row > top - 1 && term.cell.row < top + field.height) << "cell " << i;
        ASSERT_TRUE(term.cell.column > left - 1 && term.cell.column < left + field.width) << "cell " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, SeenThroughAnyLayer, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
