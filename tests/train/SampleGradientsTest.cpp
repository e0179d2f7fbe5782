// The gradients of one sample against differences of the loss, and against each other.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "train/SampleGradients.h"
#include "train/TestProblem.h"

namespace {

struct SampleGradientsTest : testing::Test {
  SampleGradientsTest() {
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = 0.5f + 0.5f * std::sin(0.37f * float(i));
    weights.assign(parameters);
  }
  double lossOf(std::span<const float> values, const std::vector<float>& at) {
    nn::Weights moved(network);
    moved.assign(at);
    return train::SampleGradients(network, {}).compute(moved, values, kLabel);
  }

  static constexpr int kLabel = 2;
  std::shared_ptr<const nn::Network> network = testproblem::harley();
  std::vector<float> parameters = network->initialParameters(7);
  std::vector<float> input = std::vector<float>(network->inputShape().size());
  nn::Weights weights{network};
  train::SampleGradients gradients{network, {}};
};

TEST_F(SampleGradientsTest, AreTheSlopesOfTheLoss) {
  const double loss = gradients.compute(weights, input, kLabel);
  EXPECT_NEAR(loss, lossOf(input, parameters), 1e-6);
  const std::vector<float>& byInput = gradients.units()[std::size_t(network->inputs().front())];
  ASSERT_EQ(byInput.size(), input.size());
  const std::size_t steepest = std::size_t(std::max_element(byInput.begin(), byInput.end()) - byInput.begin());
  for (const std::size_t i : {steepest, std::size_t(400), std::size_t(700)}) {
    std::vector<float> more = input, less = input;
    more[i] += 0.001f, less[i] -= 0.001f;
    EXPECT_NEAR((lossOf(more, parameters) - lossOf(less, parameters)) / (double(more[i]) - less[i]), byInput[i],
                2e-4 + 0.02 * std::abs(double(byInput[i])))
        << i;
  }
  const std::vector<float>& byWeight = gradients.parameters();
  const std::size_t largest = std::size_t(std::max_element(byWeight.begin(), byWeight.end()) - byWeight.begin());
  for (const std::size_t i : {largest, std::size_t(3), byWeight.size() / 2, byWeight.size() - 1}) {
    std::vector<float> more = parameters, less = parameters;
    more[i] += 0.001f, less[i] -= 0.001f;
    EXPECT_NEAR((lossOf(input, more) - lossOf(input, less)) / (double(more[i]) - less[i]), byWeight[i],
                1e-3 + 0.02 * std::abs(double(byWeight[i])))
        << i;
  }
}

TEST_F(SampleGradientsTest, AreThereForEveryUnitUpToTheLoss) {
  gradients.compute(weights, input, kLabel);
  const int logits = network->logitsNode();
  for (int i = 0; i < int(network->nodes().size()); ++i)
    EXPECT_EQ(gradients.units()[std::size_t(i)].size(), i <= logits ? network->node(i).shape.size() : 0u) << network->node(i).name;
  // The loss moves with a score by what its class gets less what it should get: all of them add up to nothing.
  double sum = 0;
  for (const float slope : gradients.units()[std::size_t(logits)]) sum += slope;
  EXPECT_NEAR(sum, 0, 1e-5);
  EXPECT_LT(gradients.units()[std::size_t(logits)][kLabel], 0);
  // A bias moves its unit one to one.
  const nn::Network::Node& node = network->node(logits);
  const std::vector<float>& byUnit = gradients.units()[std::size_t(logits)];
  const std::span<const float> byBias =
      std::span(gradients.parameters()).subspan(node.parameterOffset + node.parameterCount - byUnit.size(), byUnit.size());
  for (std::size_t i = 0; i < byUnit.size(); ++i) EXPECT_NEAR(byUnit[i], byBias[i], 1e-6) << i;
}

TEST_F(SampleGradientsTest, TheSecondSampleOwesNothingToTheFirst) {
  std::vector<float> other = input;
  std::reverse(other.begin(), other.end());
  gradients.compute(weights, other, 5);
  gradients.compute(weights, input, kLabel);
  train::SampleGradients fresh(network, {});
  fresh.compute(weights, input, kLabel);
  EXPECT_EQ(gradients.units(), fresh.units());
  EXPECT_EQ(gradients.parameters(), fresh.parameters());
}

}  // namespace
