#include <cmath>
#include <gtest/gtest.h>
#include <thread>

#include "nn/Network.h"
#include "nn/ShippedNetworks.h"
#include "support/LayerCases.h"

namespace {

using namespace nntest;
using V = std::int64_t;

TEST(Network, CountsTheParametersOfHarley) {
  const auto network = nn::Network::create(harleySpec());
  EXPECT_EQ(network->parameterCount(), 63802u);
  EXPECT_EQ(network->inputShape(), (nn::Shape{1, 32, 32}));
  EXPECT_EQ(network->outputShape(), (nn::Shape{10, 1, 1}));
  EXPECT_EQ(network->node(network->logitsNode()).name, "dense3");
  std::size_t cells = 0;
  std::uint64_t multiplyAdds = 0;
  for (const auto& node : network->nodes()) {
    cells += node.name == "softmax" ? 0 : node.shape.size();
    if (node.parameterCount > 0) multiplyAdds += node.layer->multiplyAdds();
  }
  EXPECT_EQ(cells, 1024u + 4704 + 1176 + 1600 + 400 + 120 + 100 + 10);
  EXPECT_EQ(multiplyAdds, 117600u + 240000 + 48000 + 12000 + 1000);
}

TEST(Network, CountsTheParametersOfLenet5WithItsTable) {
  const auto network = nn::Network::create(lenet5Spec());
  EXPECT_EQ(network->parameterCount(), 60850u);
  const auto& c3 = network->node(network->find("C3"));
  EXPECT_EQ(c3.parameterCount, 1516u);
  EXPECT_EQ(c3.layer->kernelOffset(0, 2), 50);
  EXPECT_EQ(c3.layer->kernelOffset(0, 3), -1);
  EXPECT_EQ(c3.layer->kernelOffset(1, 1), 75);
  EXPECT_EQ(c3.layer->kernelOffset(15, 5), (60 - 1) * 25);
}

TEST(Network, FindsNodesAndNamesClasses) {
  nn::NetworkSpec spec = harleySpec();
  EXPECT_EQ(nn::Network::create(spec)->className(7), "7");
  spec.classNames = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
  const auto network = nn::Network::create(spec);
  EXPECT_EQ(network->find("conv2"), 3);
  EXPECT_EQ(network->find("nobody"), -1);
  EXPECT_EQ(network->className(1), "one");
  EXPECT_EQ(network->className(10), "10");
  EXPECT_EQ(network->spec(), spec);
}

// input -> a, b; sum = a + b; both = concat(sum, input); listed in an order that only the graph puts right.
nn::NetworkSpec graphSpec() {
  nn::NetworkSpec spec;
  spec.name = "graph";
  const nn::Fields conv{{"filters", V(3)}, {"kernel", V(3)}, {"padding", std::string("same")}, {"activation", std::string("tanh")}};
  spec.nodes = {{"both", "concat", {"sum", "input"}, {}},
                {"sum", "add", {"a", "b", "a"}, {}},
                {"a", "conv2d", {"input"}, conv},
                inputNode({2, 5, 4}),
                {"b", "conv2d", {"a"}, conv},
                {"scores", "dense", {"both"}, {{"units", V(3)}}},
                {"more", "dense", {"sum"}, {{"units", V(2)}, {"activation", std::string("relu")}}}};
  return spec;
}

TEST(Network, OrdersAGraphAndFindsItsOutputs) {
  const auto network = nn::Network::create(graphSpec());
  for (std::size_t i = 0; i < network->nodes().size(); ++i)
    for (const int input : network->node(int(i)).inputs) EXPECT_LT(input, int(i));
  ASSERT_EQ(network->outputs().size(), 2u);
  EXPECT_EQ(network->node(network->outputs()[0]).name, "scores");
  EXPECT_EQ(network->node(network->outputs()[1]).name, "more");
  EXPECT_EQ(network->node(network->find("a")).consumers.size(), 2u) << "a node that reads another twice is one consumer";
  EXPECT_EQ(network->node(network->find("both")).shape, (nn::Shape{5, 5, 4}));
}

TEST(Network, GradientsOfAGraphMatchDifferences) {
  const auto network = nn::Network::create(graphSpec());
  for (const int lanes : {1, nn::kLanes}) {
    nn::Weights weights(network);
    std::vector<float> parameters = network->initialParameters(5);
    weights.assign(parameters);
    nn::Workspace workspace(network, lanes, true);
    workspace.poison();
    const auto input = randomValues(40, 3);
    const auto seedScores = randomValues(3, 4), seedMore = randomValues(2, 6);
    const int scores = network->find("scores"), more = network->find("more");
    const auto loss = [&] {
      for (int lane = 0; lane < lanes; ++lane) workspace.setInput(lane, input);
      workspace.forward(weights);
      double sum = 0;
      const auto a = readNode(workspace, scores, 0), b = readNode(workspace, more, 0);
      for (std::size_t i = 0; i < a.size(); ++i) sum += double(a[i]) * seedScores[i];
      for (std::size_t i = 0; i < b.size(); ++i) sum += double(b[i]) * seedMore[i];
      return sum;
    };
    loss();
    workspace.setGradient(scores, 0, seedScores);
    workspace.setGradient(more, 0, seedMore);
    std::vector<float> gradients(parameters.size(), 0.0f);
    workspace.backward(weights, {}, gradients);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const float before = parameters[i];
      parameters[i] = before + 0.01f;
      weights.assign(parameters);
      const double right = loss();
      parameters[i] = before - 0.01f;
      weights.assign(parameters);
      const double left = loss();
      parameters[i] = before;
      ASSERT_NEAR(gradients[i], (right - left) / 0.02, 2e-3 * (1 + std::abs(gradients[i]))) << "lanes " << lanes << " parameter " << i;
    }
  }
}

TEST(Network, ASeedInTheMiddleReachesOnlyWhatIsBeforeIt) {
  const auto network = nn::Network::create(harleySpec());
  nn::Weights weights(network);
  weights.assign(network->initialParameters(1));
  nn::Workspace workspace(network, 1, true);
  workspace.poison();
  workspace.setInput(0, randomValues(1024, 2));
  workspace.forward(weights);
  const int pool1 = network->find("pool1");
  workspace.setGradient(pool1, 0, std::vector<float>(1176, 1.0f));
  std::vector<float> gradients(network->parameterCount(), 0.0f);
  workspace.backward(weights, {}, gradients, true);
  const std::size_t conv1 = network->node(1).parameterCount;
  double before = 0, behind = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i) (i < conv1 ? before : behind) += std::abs(gradients[i]);
  EXPECT_GT(before, 0);
  EXPECT_EQ(behind, 0);
  EXPECT_EQ(readGradientOf(workspace, network->logitsNode(), 0), std::vector<float>(10, 0.0f));
  EXPECT_EQ(readGradientOf(workspace, pool1, 0), std::vector<float>(1176, 1.0f));
}

TEST(Network, KeepsTheGradientAtANodesOutputWhenAsked) {
  const auto network = nn::Network::create(harleySpec());
  nn::Weights weights(network);
  weights.assign(network->initialParameters(1));
  nn::Workspace workspace(network, 1, true);
  workspace.setInput(0, randomValues(1024, 2));
  workspace.forward(weights);
  const int conv2 = network->find("conv2");
  const auto seed = randomValues(1600, 9);
  workspace.setGradient(conv2, 0, seed);
  std::vector<float> gradients(network->parameterCount(), 0.0f);
  workspace.backward(weights, {}, gradients, true);
  EXPECT_EQ(readGradientOf(workspace, conv2, 0), seed) << "not the gradient before the ReLU";
}

TEST(Network, KeepingGradientsChangesNoParameterGradient) {
  for (const auto& spec : {harleySpec(), lenet5Spec(), graphSpec()}) {
    const auto network = nn::Network::create(spec);
    nn::Weights weights(network);
    weights.assign(network->initialParameters(3));
    nn::Workspace workspace(network, nn::kLanes, true);
    std::vector<std::vector<float>> results;
    for (const bool keep : {true, false, true}) {
      workspace.poison();
      for (int lane = 0; lane < nn::kLanes; ++lane)
        workspace.setInput(lane, randomValues(network->inputShape().size(), std::uint64_t(lane)));
      workspace.forward(weights);
      for (int lane = 0; lane < nn::kLanes; ++lane)
        workspace.setGradient(network->logitsNode(), lane,
                              randomValues(network->node(network->logitsNode()).shape.size(), std::uint64_t(lane + 50)));
      results.emplace_back(network->parameterCount(), 0.0f);
      workspace.backward(weights, {}, results.back(), keep);
    }
    for (std::size_t i = 0; i < results[0].size(); ++i) {
      ASSERT_NEAR(results[1][i], results[0][i], 1e-4 * (1 + std::abs(results[0][i]))) << spec.name << " " << i;
      ASSERT_EQ(results[2][i], results[0][i]);
    }
  }
}

TEST(Network, DrawsInitialParametersFromTheSeed) {
  const auto network = nn::Network::create(harleySpec());
  const auto parameters = network->initialParameters(7);
  EXPECT_EQ(parameters, network->initialParameters(7));
  EXPECT_NE(parameters, network->initialParameters(8));
  // He before ReLU: the variance is 2 / fan-in; biases start at zero.
  const auto& conv2 = network->node(3);
  double squares = 0;
  for (std::size_t i = 0; i < 2400; ++i) squares += double(parameters[conv2.parameterOffset + i]) * parameters[conv2.parameterOffset + i];
  EXPECT_NEAR(squares / 2400, 2.0 / 150, 0.002);
  for (std::size_t i = 2400; i < 2416; ++i) EXPECT_EQ(parameters[conv2.parameterOffset + i], 0.0f);
  // Xavier where no ReLU follows: 2 / (fan-in + fan-out).
  const auto& dense3 = network->node(7);
  squares = 0;
  for (std::size_t i = 0; i < 1000; ++i) squares += double(parameters[dense3.parameterOffset + i]) * parameters[dense3.parameterOffset + i];
  EXPECT_NEAR(squares / 1000, 2.0 / 110, 0.003);
  const auto lenet = nn::Network::create(lenet5Spec());
  const auto scaled = lenet->initialParameters(7);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(scaled[lenet->node(2).parameterOffset + i], 1.0f);
}

TEST(Network, ServesSeveralThreadsAtOnce) {
  const auto network = nn::Network::create(harleySpec());
  nn::Weights weights(network);
  weights.assign(network->initialParameters(1));
  const auto compute = [&](std::vector<float>& gradients) {
    nn::Workspace workspace(network, nn::kLanes, true);
    for (int round = 0; round < 3; ++round) {
      for (int lane = 0; lane < nn::kLanes; ++lane) workspace.setInput(lane, randomValues(1024, std::uint64_t(lane)));
      workspace.forward(weights);
      for (int lane = 0; lane < nn::kLanes; ++lane)
        workspace.setGradient(network->logitsNode(), lane, randomValues(10, std::uint64_t(lane)));
      workspace.backward(weights, {}, gradients);
    }
  };
  std::vector<std::vector<float>> results(4, std::vector<float>(network->parameterCount(), 0.0f));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < results.size(); ++i) threads.emplace_back([&, i] { compute(results[i]); });
    compute(results[0]);
  }
  for (std::size_t i = 1; i < results.size(); ++i) EXPECT_EQ(results[i], results[0]);
}

TEST(Network, ManyInputsTakeTheirOwnValues) {
  nn::NetworkSpec spec;
  spec.nodes = {inputNode({2, 1, 1}, "left"), inputNode({3, 1, 1}, "right"), {"both", "concat", {"right", "left"}, {}}};
  const auto network = nn::Network::create(spec);
  nn::Weights weights(network);
  nn::Workspace workspace(network, 1, false);
  workspace.setInput(0, std::vector<float>{1, 2}, 0);
  workspace.setInput(0, std::vector<float>{3, 4, 5}, 1);
  workspace.forward(weights);
  EXPECT_EQ(readNode(workspace, 2, 0), (std::vector<float>{3, 4, 5, 1, 2}));
}

}  // namespace
