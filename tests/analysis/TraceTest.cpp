// Traces against the sums they must keep, against the engine's own gradient, and against what can be counted by hand.
#include <gtest/gtest.h>
#include <numeric>

#include "analysis/Running.h"
#include "analysis/Trace.h"
#include "nn/ShippedNetworks.h"

namespace {

using analysis::Trace;
using analysis::traceOf;
using analysis::TraceTarget;
using analysis_test::Running;

double sumOf(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// What the pixels, the biases and the rest add.
double accounted(const Running& running, const Trace& trace) {
  double sum = trace.rest + std::accumulate(trace.bias.begin(), trace.bias.end(), 0.0);
  for (const int input : running.network->inputs()) sum += sumOf(trace.amounts[std::size_t(input)]);
  return sum;
}

double magnitude(const Running& running, const Trace& trace) {
  double sum = 1;
  for (const int input : running.network->inputs())
    for (const float amount : trace.amounts[std::size_t(input)]) sum += std::abs(double(amount));
  return sum;
}

class TraceOfAnyLayer : public ::testing::TestWithParam<nntest::LayerCase> {};

// The layer between two others: its contributions, biases and rest are the unit's pre-activation.
TEST_P(TraceOfAnyLayer, AddsUpToThePreActivation) {
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  spec.nodes.push_back({"behind", "conv2d", {"layer"}, {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(1)}}});
  const Running running(spec);
  for (const char* name : {"layer", "behind"}) {
    const int node = running.network->find(name);
    const nn::Shape& shape = running.network->node(node).shape;
    analysis::UnitDecomposition unit;
    for (std::size_t i = 0; i < shape.size(); i += 5) {
      const TraceTarget target{node, nn::cellAt(shape, i)};
      const Trace trace = traceOf(running.at(), {&target, 1});
      decompose(running.at(), node, target.cell, unit);
      EXPECT_NEAR(trace.total, unit.preActivation, 1e-4);
      EXPECT_NEAR(accounted(running, trace), unit.preActivation, 1e-4 * magnitude(running, trace)) << name << " " << i;
      EXPECT_TRUE(trace.complete);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, TraceOfAnyLayer, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

TEST(Trace, OfRectifiersIsTheGradientTimesTheInput) {
  const Running running(nntest::harleySpec());
  const nn::Network& network = *running.network;
  nn::Weights weights(running.network);
  weights.assign(running.parameters);
  nn::Workspace workspace(running.network, 1, true);
  workspace.setInput(0, running.at().of(0));
  workspace.forward(weights);
  const int logits = network.logitsNode();
  std::vector<float> asked(10, 0.0f), parameterGradients(network.parameterCount()), gradient(network.inputShape().size());
  asked[3] = 1;
  asked[8] = -1;
  workspace.setGradient(logits, 0, asked);
  workspace.backward(weights, {}, parameterGradients, true);
  workspace.readGradient(0, 0, gradient);
  const TraceTarget targets[] = {{logits, {3, 0, 0}, 1}, {logits, {8, 0, 0}, -1}};
  const Trace trace = traceOf(running.at(), targets);
  EXPECT_NEAR(trace.total, running.at().of(logits)[3] - running.at().of(logits)[8], 1e-5);
  for (std::size_t i = 0; i < gradient.size(); ++i) ASSERT_NEAR(trace.amounts[0][i], gradient[i] * running.at().of(0)[i], 2e-5) << i;
}

// In a chain, every layer on the way carries the whole: what its units add, and the biases behind them. (Rectifiers and the
// hyperbolic tangent are zero at zero: they leave no rest.)
TEST(Trace, LosesNothingInAnyLayerOnTheWay) {
  for (const nn::NetworkSpec& spec : {nntest::harleySpec(), nntest::lenet5Spec()}) {
    const Running running(spec);
    const int logits = running.network->logitsNode();
    const TraceTarget target{logits, {7, 0, 0}};
    const Trace trace = traceOf(running.at(), {&target, 1});
    double behind = 0;
    for (int node = logits; node >= 0; --node) {
      EXPECT_NEAR(sumOf(trace.amounts[std::size_t(node)]) + behind, trace.total, 1e-4) << running.network->node(node).name;
      behind += trace.bias[std::size_t(node)];
    }
  }
}

TEST(Trace, EdgesHangTogetherFromTheTargetToThePixels) {
  const Running running(nntest::harleySpec());
  const TraceTarget target{running.network->logitsNode(), {3, 0, 0}};
  const Trace trace = traceOf(running.at(), {&target, 1}, {.edges = 6});
  ASSERT_FALSE(trace.edges.empty());
  std::vector<std::pair<int, std::size_t>> reached = {{target.node, 3}};
  std::vector<int> perNode(running.network->nodes().size());
  bool pixels = false;
  for (const analysis::TraceEdge& edge : trace.edges) {
    ++perNode[std::size_t(edge.node)];
    const std::pair<int, std::size_t> reader{edge.node, nn::flatIndex(running.network->node(edge.node).shape, edge.cell)};
    EXPECT_NE(std::find(reached.begin(), reached.end(), reader), reached.end()) << "an edge from nowhere";
    reached.push_back({edge.source, nn::flatIndex(running.network->node(edge.source).shape, edge.from)});
    EXPECT_LE(std::abs(edge.share), 1.0f);
    EXPECT_GT(edge.share * edge.amount, 0) << "the share has the amount's sign";
    pixels = pixels || edge.source == 0;
  }
  EXPECT_TRUE(pixels);
  for (const int count : perNode) EXPECT_LE(count, 6);
}

TEST(Trace, GoesThroughTheWinnerOfAMaximumOnly) {
  const Running running(nntest::harleySpec());
  const int pool = running.network->find("pool1");
  const TraceTarget target{pool, {2, 6, 7}};
  const Trace trace = traceOf(running.at(), {&target, 1});
  int through = 0;
  for (const analysis::TraceEdge& edge : trace.edges) through += edge.node == pool;
  EXPECT_EQ(through, 1);
  int units = 0;
  for (const float amount : trace.amounts[std::size_t(running.network->find("conv1"))]) units += amount != 0;
  EXPECT_EQ(units, 1);
}

TEST(Trace, TakesTheBranchThatAConcatenationReads) {
  nn::NetworkSpec spec;
  using V = std::int64_t;
  spec.nodes = {nntest::inputNode({1, 6, 6}),
                {"left", "conv2d", {"input"}, {{"filters", V(2)}, {"kernel", V(3)}, {"padding", std::string("same")}}},
                {"right", "conv2d", {"input"}, {{"filters", V(3)}, {"kernel", V(3)}, {"padding", std::string("same")}}},
                {"both", "concat", {"left", "right"}, {}}};
  const Running running(spec);
  const TraceTarget target{running.network->find("both"), {3, 2, 2}};
  const Trace trace = traceOf(running.at(), {&target, 1});
  EXPECT_TRUE(trace.amounts[std::size_t(running.network->find("left"))].empty() ||
              sumOf(trace.amounts[std::size_t(running.network->find("left"))]) == 0);
  EXPECT_NEAR(sumOf(trace.amounts[std::size_t(running.network->find("right"))]), trace.total, 1e-6);
}

// Too large to follow every unit: the strongest are followed, and what is left out is told, so that the sum holds.
TEST(Trace, OfALargeNetworkTellsWhatItLeavesOut) {
  const Running running(nntest::harleySpec());
  const TraceTarget target{running.network->logitsNode(), {1, 0, 0}};
  const Trace trace = traceOf(running.at(), {&target, 1}, {.edges = 12, .links = 18000});
  EXPECT_FALSE(trace.complete);
  EXPECT_NEAR(accounted(running, trace), trace.total, 1e-4);
}

}  // namespace
