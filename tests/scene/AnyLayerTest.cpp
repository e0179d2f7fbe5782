// Every layer type through the grid of settings of the catalogue tests: it can be laid out, every unit of it explained and traced
// back, with the values that the engine computes.
#include <cmath>
#include <gtest/gtest.h>
#include <tuple>
#include <utility>

#include "scene/ComputedCase.h"
#include "scene/Explanation.h"
#include "scene/Highlight.h"
#include "scene/Layout.h"

namespace {

class AnyLayer : public ::testing::TestWithParam<nntest::LayerCase>, protected scene_test::ComputedCase {
 protected:
  AnyLayer() : ComputedCase(GetParam()) {}
};

TEST_P(AnyLayer, ShowsEveryUnitOnce) {
  for (const auto arrangement : {scene::Arrangement::Space, scene::Arrangement::Flat, scene::Arrangement::Rightward}) {
    const auto layout = scene::buildLayout(network, arrangement);
    const nn::Shape shape = network->node(node).shape;
    const scene::Block& block = layout->blocks[std::size_t(layout->blockOfNode[std::size_t(node)])];
    EXPECT_EQ(block.shape.size(), shape.size());
    std::vector<bool> seen(layout->cellCount, false);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const auto cell = layout->locate({node, nn::cellAt(shape, i)});
      ASSERT_TRUE(cell);
      const std::size_t index = layout->cellIndex(*cell);
      ASSERT_LT(index, seen.size());
      EXPECT_FALSE(seen[index]);
      seen[index] = true;
    }
    std::vector<float> cells(layout->cellCount, NAN);
    scene::gatherUnits(*layout, *values, cells);
    scene::gatherKernels(*layout, parameters, cells);
    for (const float cell : cells) EXPECT_TRUE(std::isfinite(cell));
  }
}

// The figures that a sheet writes down lead to the value, one after the other.
void expectStepsAddUp(const scene::Explanation& e) {
  const double most = 1e-4 * (1 + std::abs(e.preActivation));
  const float own = e.terms.empty() ? 0 : e.terms[std::size_t(e.own)].input;
  double sum = 0, exponentials = 0;
  for (const scene::Term& term : e.terms) {
    EXPECT_NEAR(term.product, double(term.input) * double(term.weight), most);
    sum += term.product;
    exponentials += std::exp(double(term.input) - double(e.largest));
  }
  if (e.kind == nn::Combine::WeightedSum) {
    EXPECT_NEAR(sum + double(e.bias), e.preActivation, most) << e.unitName;
  }
  if (e.kind == nn::Combine::Softmax) {
    EXPECT_NEAR(std::exp(double(own) - double(e.largest)) / exponentials, e.value, 1e-4) << e.unitName;
  }
  const bool normalizes = e.kind == nn::Combine::Standardize || (e.kind == nn::Combine::Pointwise && e.hasScale && e.hasBias);
  if (normalizes) {
    EXPECT_NEAR(double(e.scale) * (double(own) - double(e.center)) / double(e.divisor) + double(e.bias), e.preActivation, most)
        << e.unitName;
  }
  if (e.kind == nn::Combine::Inhibit) {
    EXPECT_NEAR(own / e.divisor, e.value, most) << e.unitName;
  }
  for (const scene::Patch& patch : e.patches)
    for (const scene::PatchCell& cell : patch.cells) EXPECT_EQ(cell.input, cell.inside ? e.terms[std::size_t(cell.term)].input : 0);
}

TEST_P(AnyLayer, CanBeExplainedAndTraced) {
  const auto layout = scene::buildLayout(network, scene::Arrangement::Space);
  const nn::Shape shape = network->node(node).shape;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const scene::UnitId unit{node, nn::cellAt(shape, i)};
    const scene::Explanation explanation = scene::explain(*network, parameters, *values, unit);
    ASSERT_NEAR(explanation.value, values->at(unit), 1e-5 * (1 + std::abs(values->at(unit)))) << explanation.unitName;
    EXPECT_FALSE(explanation.formula.empty());
    EXPECT_FALSE(explanation.notation.empty());
    expectStepsAddUp(explanation);
    for (const scene::Patch& patch : explanation.patches)
      EXPECT_EQ(patch.cells.size(), std::size_t(patch.rows) * std::size_t(patch.columns));
    scene::ConnectionOptions connectionOptions;
    connectionOptions.most = 50;
    const scene::Highlight highlight = scene::highlightUnit(*layout, parameters, *values, unit, connectionOptions);
    EXPECT_LE(highlight.edges.size(), 50u);
    for (const scene::DrawnEdge& edge : highlight.edges) EXPECT_LE(std::abs(edge.strength), 1.0f);
    const scene::Highlight trace = scene::highlightTrace(*layout, parameters, *values, unit, connectionOptions);
    ASSERT_TRUE(trace.trace);
    EXPECT_TRUE(std::isfinite(trace.trace->total));
    for (const scene::DrawnEdge& edge : trace.edges) EXPECT_LE(std::abs(edge.strength), 1.0f);
  }
}

// As the links of every unit of its map say it.
TEST_P(AnyLayer, LeadsFromAWeightToAllItsUses) {
  const auto layout = scene::buildLayout(network, scene::Arrangement::Space);
  for (std::size_t i = 0; i < layout->sheets.size(); ++i) {
    const scene::Sheet& sheet = layout->sheets[i];
    if (sheet.kind != scene::Sheet::Kind::Kernels || sheet.count == 0) continue;
    const int reader = layout->blocks[std::size_t(sheet.block)].node;
    const nn::Network::Node& of = network->node(reader);
    const nn::Window window = *of.layer->window();
    const int tiles = sheet.count / (window.height * window.width);
    for (const auto& [row, column, tile] : {std::tuple(0, 0, 0), {window.height - 1, window.width - 1, tiles - 1}}) {
      const scene::CellRef weight{int(i), row, column, tile};
      const auto own = std::ptrdiff_t(layout->parameterAt(weight) - of.parameterOffset);
      std::vector<std::pair<scene::CellRef, scene::CellRef>> expected, found;
      nn::CellLinks links;
      for (int y = 0; y < of.shape.height; ++y)
        for (int x = 0; x < of.shape.width; ++x) {
          const nn::Cell cell{sheet.channel, y, x};
          of.layer->linksInto(cell, links);
          for (const nn::Link& link : links.terms)
            if (link.parameter == own)
              expected.emplace_back(*layout->locate({reader, cell}), *layout->locate({of.inputs[std::size_t(link.input)], link.cell}));
        }
      const scene::WeightEdges edges = scene::edgesOfWeight(*layout, parameters, *values, weight);
      for (std::size_t e = 0; e < edges.edges.size(); ++e) found.emplace_back(edges.edges[e].cell, edges.sources[e]);
      EXPECT_EQ(found, expected) << "row " << row << ", column " << column << ", tile " << tile;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, AnyLayer, ::testing::ValuesIn(nntest::layerCases()), [](const auto& test) { return test.param.name; });

}  // namespace
