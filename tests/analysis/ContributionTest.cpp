// A unit taken apart and put together again, over every layer type; and who reads a unit against asking everybody.
#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include "analysis/Contribution.h"
#include "analysis/Running.h"
#include "support/LayerCases.h"

namespace {

using analysis_test::Running;

class TakenApart : public ::testing::TestWithParam<nntest::LayerCase> {
 protected:
  Running running{nntest::specOf(GetParam())};
};

TEST_P(TakenApart, AddsUpToThePreActivation) {
  const int node = running.network->find("layer");
  const nn::Layer& layer = *running.network->node(node).layer;
  const nn::Shape& shape = running.network->node(node).shape;
  const nn::Combine kind = layer.combineKind();
  const bool linear = kind == nn::Combine::WeightedSum || kind == nn::Combine::Sum || kind == nn::Combine::Average ||
                      kind == nn::Combine::Copy || kind == nn::Combine::Maximum || kind == nn::Combine::Product;
  analysis::UnitDecomposition sum;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const nn::Cell cell = nn::cellAt(shape, i);
    decompose(running.at(), node, cell, sum);
    ASSERT_EQ(sum.weights.size(), sum.links.terms.size());
    double all = double(sum.bias) + sum.rest;
    for (std::size_t term = 0; term < sum.weights.size(); ++term) all += sum.amount(term);
    EXPECT_NEAR(all, sum.preActivation, 1e-4) << "cell " << i;
    if (linear) {
      EXPECT_NEAR(sum.rest, 0, 1e-4) << "cell " << i;
    }
    // What is taken apart is what the engine computed.
    EXPECT_NEAR(sum.value, running.at().at(node, cell), 1e-4) << "cell " << i;
    if (layer.activation() == nn::Activation::None && kind != nn::Combine::Softmax) {
      EXPECT_NEAR(sum.preActivation, running.at().at(node, cell), 1e-4) << "cell " << i;
    }
  }
}

TEST_P(TakenApart, HasTheReadersThatAskingEveryUnitFinds) {
  using Found = std::tuple<int, int, int, bool, float>;
  const int node = running.network->find("layer");
  const nn::Network::Node& consumer = running.network->node(node);
  for (std::size_t input = 0; input < consumer.inputs.size(); ++input) {
    const int source = consumer.inputs[input];
    const nn::Shape& from = running.network->node(source).shape;
    std::vector<std::vector<Found>> asked(from.size());
    analysis::UnitDecomposition sum;
    for (std::size_t i = 0; i < consumer.shape.size(); ++i) {
      const nn::Cell reader = nn::cellAt(consumer.shape, i);
      decompose(running.at(), node, reader, sum);
      for (std::size_t t = 0; t < sum.links.terms.size(); ++t) {
        const nn::Link& link = sum.links.terms[t];
        if (link.input != int(input)) continue;
        asked[nn::flatIndex(from, link.cell)].push_back({reader.channel, reader.row, reader.column, link.parameter >= 0, sum.weights[t]});
      }
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
      const nn::Cell cell = nn::cellAt(from, i);
      std::vector<Found> found;
      for (const analysis::OutgoingLink& reading : outgoingLinksOf(running.at(), source, cell)) {
        EXPECT_EQ(reading.node, node);
        EXPECT_NEAR(reading.amount, reading.weight * running.at().at(source, cell), 1e-5);
        found.push_back({reading.cell.channel, reading.cell.row, reading.cell.column, reading.hasParameter, reading.weight});
      }
      std::sort(found.begin(), found.end());
      std::sort(asked[i].begin(), asked[i].end());
      ASSERT_EQ(found, asked[i]) << "input " << input << " cell " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, TakenApart, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

TEST(UnitDecomposition, OfAnInputIsItsValue) {
  const Running running(nntest::specOf({"Flatten", {{3, 2, 4}}, "flatten", {}}));
  analysis::UnitDecomposition sum;
  decompose(running.at(), 0, {1, 1, 2}, sum);
  EXPECT_TRUE(sum.links.terms.empty());
  EXPECT_EQ(sum.rest, running.at().at(0, {1, 1, 2}));
  EXPECT_EQ(sum.preActivation, sum.rest);
}

TEST(UnitDecomposition, OfAMaximumNamesTheWinner) {
  const Running running(nntest::specOf({"Max", {{1, 4, 4}}, "max-pool", {{"kernel", std::vector<std::int64_t>{2}}}}));
  analysis::UnitDecomposition sum;
  decompose(running.at(), 1, {0, 1, 0}, sum);
  EXPECT_EQ(std::count(sum.weights.begin(), sum.weights.end(), 1.0f), 1);
  EXPECT_EQ(std::count(sum.weights.begin(), sum.weights.end(), 0.0f), 3);
}

}  // namespace
