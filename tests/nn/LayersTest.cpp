// Single layers where the general tests of the catalogue do not look.
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "support/LayerCases.h"

namespace {

using namespace nntest;

struct Bench {
  explicit Bench(const LayerCase& layerCase, int lanes = 1)
      : network(nn::Network::create(specOf(layerCase))),
        weights(network),
        workspace(network, lanes, true),
        parameters(network->parameterCount(), 0.0f) {}
  std::vector<float> backward(const std::vector<float>& gradient, const nn::Pass& pass = {}) {
    workspace.setGradient(1, 0, gradient);
    workspace.backward(weights, pass, parameters, true);
    return readGradientOf(workspace, 0, 0);
  }
  std::shared_ptr<const nn::Network> network;
  nn::Weights weights;
  nn::Workspace workspace;
  std::vector<float> parameters;
};

TEST(MaxPool, GivesTheGradientOfATieToTheFirstCell) {
  Bench bench({"Tie", {{1, 2, 4}}, "max-pool", {{"kernel", std::int64_t(2)}}});
  bench.workspace.setInput(0, std::vector<float>{3, 3, 1, 5, 3, 3, 5, 5});
  bench.workspace.forward(bench.weights);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{3, 5}));
  EXPECT_EQ(bench.backward({2, 7}), (std::vector<float>{2, 0, 0, 7, 0, 0, 0, 0}));
}

TEST(MaxPool, PaddingNeverWinsOverNegativeValues) {
  Bench bench(
      {"Negative", {{1, 2, 2}}, "max-pool", {{"kernel", std::int64_t(3)}, {"stride", std::int64_t(1)}, {"padding", std::string("same")}}});
  bench.workspace.setInput(0, std::vector<float>{-4, -3, -2, -5});
  bench.workspace.forward(bench.weights);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{-2, -2, -2, -2}));
}

TEST(MaxPool, LetsNanThrough) {
  for (const int lanes : {1, nn::kLanes}) {
    Bench bench({"Nan", {{1, 2, 2}}, "max-pool", {}}, lanes);
    for (int position = 0; position < 4; ++position) {
      std::vector<float> values(4, 1.0f);
      values[std::size_t(position)] = std::numeric_limits<float>::quiet_NaN();
      bench.workspace.setInput(0, values);
      bench.workspace.forward(bench.weights);
      EXPECT_TRUE(std::isnan(readNode(bench.workspace, 1, 0)[0])) << position;
    }
  }
}

TEST(AveragePool, CountsOnlyCellsInside) {
  Bench bench(
      {"Inside", {{1, 2, 2}}, "average-pool", {{"kernel", std::int64_t(3)}, {"stride", std::int64_t(1)}, {"padding", std::int64_t(1)}}});
  bench.workspace.setInput(0, std::vector<float>{1, 2, 3, 6});
  bench.workspace.forward(bench.weights);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{3, 3, 3, 3}));
}

TEST(Activations, LetNanThrough) {
  for (const std::string function : {"relu", "leaky-relu", "sigmoid", "tanh", "scaled-tanh", "binary-step", "elu", "gelu", "silu", "relu6",
                                     "hard-sigmoid", "hard-tanh", "hard-swish"})
    for (const int lanes : {1, nn::kLanes}) {
      Bench bench({"Nan", {{3, 1, 1}}, "activation", {{"activation", function}}}, lanes);
      bench.workspace.setInput(0, std::vector<float>{0.5f, std::numeric_limits<float>::quiet_NaN(), -1});
      bench.workspace.forward(bench.weights);
      const auto values = readNode(bench.workspace, 1, 0);
      EXPECT_TRUE(std::isfinite(values[0]) && std::isnan(values[1]) && std::isfinite(values[2])) << function;
    }
}

TEST(Activations, StayFiniteForHugeValues) {
  for (const std::string function : {"sigmoid", "tanh", "scaled-tanh", "hard-sigmoid", "hard-tanh"})
    for (const int lanes : {1, nn::kLanes}) {
      Bench bench({"Huge", {{4, 1, 1}}, "activation", {{"activation", function}}}, lanes);
      bench.workspace.setInput(
          0, std::vector<float>{1e30f, -1e30f, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()});
      bench.workspace.forward(bench.weights);
      const float top = function == "scaled-tanh" ? 1.7159f : 1.0f, bottom = function.ends_with("sigmoid") ? 0.0f : -top;
      const auto values = readNode(bench.workspace, 1, 0);
      const std::vector<float> expected{top, bottom, top, bottom};
      for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(values[i], expected[i], 1e-6) << function << " " << i;
    }
}

TEST(Activations, MatchTheExactFunctionsEverywhere) {
  std::vector<float> values;
  for (float x = -100; x<100; x += x> - 4 && x < 4 ? 1.0f / 512 : 0.25f) values.push_back(x);
  for (float x = 1e-8f; x < 1; x *= 3) values.push_back(x), values.push_back(-x);
  for (const nn::Activation activation :
       {nn::Activation::Relu, nn::Activation::LeakyRelu, nn::Activation::Sigmoid, nn::Activation::Tanh, nn::Activation::ScaledTanh,
        nn::Activation::BinaryStep, nn::Activation::Elu, nn::Activation::Gelu, nn::Activation::Silu, nn::Activation::Relu6,
        nn::Activation::HardSigmoid, nn::Activation::HardTanh, nn::Activation::HardSwish, nn::Activation::Softplus,
        nn::Activation::Softsign, nn::Activation::Mish}) {
    for (const int lanes : {1, nn::kLanes}) {
      Bench bench({"Exact", {{int(values.size()), 1, 1}}, "activation", {{"activation", std::string(nn::activationName(activation))}}},
                  lanes);
      bench.workspace.setInput(0, values);
      bench.workspace.forward(bench.weights);
      const auto results = readNode(bench.workspace, 1, 0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const float exact = nn::activate(activation, values[i]);
        ASSERT_NEAR(results[i], exact, 4e-7 * (std::abs(exact) + (std::abs(values[i]) > 0.01 ? 0.5 : 0)))
            << nn::activationName(activation) << " of " << values[i];
      }
    }
  }
}

// Values and slopes between and beyond the corners, by hand.
TEST(Activations, OfStraightLinesHaveTheirValuesAndSlopes) {
  const std::vector<float> inputs{-100, -4, -2.4f, -0.6f, 0.6f, 2.4f, 4, 7, 100};
  struct Row {
    std::string function;
    std::vector<float> values, slopes;
  };
  const std::vector<Row> rows{
      {"relu6", {0, 0, 0, 0, 0.6f, 2.4f, 4, 6, 6}, {0, 0, 0, 0, 1, 1, 1, 0, 0}},
      {"hard-sigmoid", {0, 0, 0.1f, 0.4f, 0.6f, 0.9f, 1, 1, 1}, {0, 0, 1 / 6.0f, 1 / 6.0f, 1 / 6.0f, 1 / 6.0f, 0, 0, 0}},
      {"hard-tanh", {-1, -1, -1, -0.6f, 0.6f, 1, 1, 1, 1}, {0, 0, 0, 1, 1, 0, 0, 0, 0}},
      {"hard-swish", {0, 0, -0.24f, -0.24f, 0.36f, 2.16f, 4, 7, 100}, {0, 0, -0.3f, 0.3f, 0.7f, 1.3f, 1, 1, 1}}};
  for (const Row& row : rows)
    for (const int lanes : {1, nn::kLanes}) {
      Bench bench({"Lines", {{9, 1, 1}}, "activation", {{"activation", row.function}}}, lanes);
      bench.workspace.setInput(0, inputs);
      bench.workspace.forward(bench.weights);
      const auto values = readNode(bench.workspace, 1, 0);
      const auto slopes = bench.backward(std::vector<float>(9, 1.0f));
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        EXPECT_NEAR(values[i], row.values[i], 1e-6) << row.function << " of " << inputs[i];
        EXPECT_NEAR(slopes[i], row.slopes[i], 1e-6) << row.function << " at " << inputs[i];
      }
    }
}

TEST(Dropout, KeepsTheMeanAndUsesOneMaskForBothWays) {
  Bench bench({"Mask", {{4000, 1, 1}}, "dropout", {{"rate", 0.25}}}, nn::kLanes);
  bench.workspace.setInput(0, std::vector<float>(4000, 1.0f));
  bench.workspace.setInput(1, std::vector<float>(4000, 1.0f));
  nn::Pass pass;
  pass.training = true;
  pass.randomKey = 42;
  bench.workspace.forward(bench.weights, pass);
  const auto values = readNode(bench.workspace, 1, 0);
  double sum = 0;
  for (const float value : values) {
    ASSERT_TRUE(value == 0.0f || std::abs(value - 4.0f / 3) < 1e-6f);
    sum += value;
  }
  EXPECT_NEAR(sum / 4000, 1.0, 0.05);
  EXPECT_NE(values, readNode(bench.workspace, 1, 1)) << "samples of a block have masks of their own";
  EXPECT_EQ(bench.backward(std::vector<float>(4000, 1.0f), pass), values);
  bench.workspace.forward(bench.weights, pass);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), values) << "same key, same mask";
  pass.randomKey = 43;
  bench.workspace.forward(bench.weights, pass);
  EXPECT_NE(readNode(bench.workspace, 1, 0), values);
}

TEST(SpatialDropout, DropsWholeMapsBothWays) {
  Bench bench({"Maps", {{400, 2, 2}}, "spatial-dropout", {{"rate", 0.5}}}, nn::kLanes);
  const std::vector<float> ones(1600, 1.0f);
  for (const int lane : {0, 1}) bench.workspace.setInput(lane, ones);
  const nn::Pass pass{true, 42, 0};
  bench.workspace.forward(bench.weights, pass);
  const auto values = readNode(bench.workspace, 1, 0);
  int kept = 0;
  for (std::size_t map = 0; map < 400; ++map) {
    ASSERT_TRUE(values[4 * map] == 0.0f || values[4 * map] == 2.0f);
    for (std::size_t i = 1; i < 4; ++i) ASSERT_EQ(values[4 * map + i], values[4 * map]) << "map " << map;
    kept += values[4 * map] > 0;
  }
  EXPECT_NEAR(kept, 200, 40);
  EXPECT_NE(values, readNode(bench.workspace, 1, 1)) << "samples of a block have masks of their own";
  EXPECT_EQ(bench.backward(ones, pass), values);
}

TEST(AdaptiveMaxPool, GivesTheGradientOfATieToTheFirstCellAndLetsNanThrough) {
  for (const int lanes : {1, nn::kLanes}) {
    Bench bench({"Tie", {{1, 3, 2}}, "adaptive-max-pool", {{"size", std::vector<std::int64_t>{2, 1}}}}, lanes);
    bench.workspace.setInput(0, std::vector<float>{1, 1, 4, 4, 2, 4});
    bench.workspace.forward(bench.weights);
    EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{4, 4}));
    EXPECT_EQ(bench.backward({2, 7}), (std::vector<float>{0, 0, 9, 0, 0, 0}));
    bench.workspace.setInput(0, std::vector<float>{1, 1, 4, std::numeric_limits<float>::quiet_NaN(), 2, 4});
    bench.workspace.forward(bench.weights);
    EXPECT_TRUE(std::isnan(readNode(bench.workspace, 1, 0)[0]));
  }
}

TEST(LogSoftmax, OfHugeLogitsStaysFinite) {
  Bench bench({"Huge", {{3, 1, 1}}, "log-softmax", {}});
  bench.workspace.setInput(0, std::vector<float>{1000, 1000, -1000});
  bench.workspace.forward(bench.weights);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{-std::log(2.0f), -std::log(2.0f), -2000 - std::log(2.0f)}));
}

TEST(Softmax, OfHugeLogitsStaysFinite) {
  Bench bench({"Huge", {{3, 1, 1}}, "softmax", {}});
  bench.workspace.setInput(0, std::vector<float>{1000, 1000, -1000});
  bench.workspace.forward(bench.weights);
  EXPECT_EQ(readNode(bench.workspace, 1, 0), (std::vector<float>{0.5f, 0.5f, 0}));
}

// A convolution over the whole input, or a dense layer, hands one number for each map to a convolution that puts a border around them.
TEST(Layers, OneCellMayHaveABorder) {
  for (const std::string first : {"conv2d", "dense"})
    for (const int lanes : {1, nn::kLanes}) {
      nn::NetworkSpec spec;
      spec.nodes = {
          nntest::inputNode({2, 2, 2}, "input"),
          {"first", first, {}, {{first == "dense" ? "units" : "filters", std::int64_t(3)}}},
          {"behind", "conv2d", {}, {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(3)}, {"padding", std::string("same")}}}};
      if (first == "conv2d") spec.nodes[1].fields["kernel"] = std::int64_t(2);
      const auto network = nn::Network::create(spec);
      const std::vector<float> parameters = nntest::randomParameters(*network, 7);
      nn::Weights weights(network);
      weights.assign(parameters);
      nn::Workspace workspace(network, lanes, false);
      for (int lane = 0; lane < lanes; ++lane) workspace.setInput(lane, nntest::randomValues(8, 3));
      workspace.forward(weights);
      const std::vector<float> between = nntest::readNode(workspace, 1, 0), found = nntest::readNode(workspace, 2, 0);
      const float* kernel = parameters.data() + network->node(2).parameterOffset;
      for (std::size_t f = 0; f < 2; ++f) {
        float wanted = kernel[2 * 3 * 9 + f];
        for (std::size_t c = 0; c < 3; ++c) wanted += kernel[(f * 3 + c) * 9 + 4] * between[c];
        EXPECT_NEAR(found[f], wanted, 1e-5) << first << " of " << lanes;
      }
    }
}

}  // namespace
