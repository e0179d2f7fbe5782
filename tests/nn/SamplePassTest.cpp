// The gradient of a sample by every activation, by each derivative rule, and what a held unit changes.
#include <cmath>
#include <gtest/gtest.h>

#include "nn/SamplePass.h"
#include "nn/ShippedNetworks.h"
#include "support/LayerCases.h"

namespace {

using V = std::int64_t;
using nn::DerivativeRule;

// With shortcuts, batch normalization, gates, two kinds of pooling and activations that are no rectifiers.
nn::NetworkSpec residualSpec() {
  nn::NetworkSpec spec;
  const std::string same = "same", silu = "silu";
  spec.nodes = {{"input", "input", {}, {{"channels", V(2)}, {"height", V(10)}, {"width", V(10)}}},
                {"conv1", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(3)}, {"padding", same}, {"bias", false}}},
                {"norm1", "batch-norm", {}, {{"activation", std::string("relu")}}},
                {"conv2", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(3)}, {"padding", same}}},
                {"norm2", "batch-norm", {}, {}},
                {"sum", "add", {"norm2", "norm1"}, {}},
                {"on", "activation", {}, {{"activation", silu}}},
                {"gate", "global-average-pool", {}, {}},
                {"gate1", "dense", {}, {{"units", V(4)}, {"activation", std::string("sigmoid")}}},
                {"gated", "multiply", {"on", "gate1"}, {}},
                {"pool", "max-pool", {}, {{"kernel", V(2)}}},
                {"dense", "dense", {}, {{"units", V(5)}}},
                {"softmax", "softmax", {}, {}}};
  return spec;
}

struct Ready {
  explicit Ready(const nn::NetworkSpec& spec, std::uint64_t seed = 3)
      : network(nn::Network::create(spec)), weights(network), pass(network) {
    parameters = network->initialParameters(seed);
    weights.assign(parameters);
    input = nntest::randomValues(network->inputShape().size(), seed);
    pass.setInput(input);
  }
  std::vector<float> seedAt(int node, std::size_t unit) const {
    std::vector<float> seed(network->node(node).shape.size(), 0.0f);
    seed[unit] = 1;
    return seed;
  }
  // Of one unit while another one is held at a value.
  double valueWhile(int node, std::size_t unit, const nn::Intervention& held) {
    pass.setInput(input);
    pass.forward(weights, {held});
    return double(pass.values(node)[unit]);
  }

  std::shared_ptr<const nn::Network> network;
  nn::Weights weights;
  nn::SamplePass pass;
  std::vector<float> parameters, input;
};

class UnitGradients : public ::testing::TestWithParam<nn::NetworkSpec> {};

// Each unit is held a little above and a little below the value that it has: what is read from behind moves by the gradient.
TEST_P(UnitGradients, AreTheSlopesAtEveryActivation) {
  Ready ready(GetParam());
  const int target = ready.network->logitsNode();
  const std::size_t asked = 2;
  ready.pass.forward(ready.weights);
  const auto units = ready.pass.backward(ready.weights, target, ready.seedAt(target, asked));
  int checked = 0;
  for (int node = 0; node < target; ++node) {
    ready.pass.setInput(ready.input);
    ready.pass.forward(ready.weights);
    const std::vector<float> values = ready.pass.values(node);
    ASSERT_EQ(units[std::size_t(node)].size(), values.size());
    for (std::size_t i = 0; i < values.size(); i += values.size() / 7 + 1) {
      const float step = 0.002f;
      const auto at = [&](float value) { return ready.valueWhile(target, asked, {node, i, 1, value, value}); };
      const double up = at(values[i] + step), middle = at(values[i]), down = at(values[i] - step);
      if (std::abs(up - 2 * middle + down) > 1e-5) continue;  // a kink lies between them
      ++checked;
      const double gradient = double(units[std::size_t(node)][i]);
      EXPECT_NEAR((up - down) / (2.0 * step), gradient, 3e-3 + 0.02 * std::abs(gradient))
          << ready.network->node(node).name << " unit " << i;
    }
  }
  EXPECT_GT(checked, 4 * target);
}

INSTANTIATE_TEST_SUITE_P(OfNetworks, UnitGradients, ::testing::Values(nntest::harleySpec(), nntest::lenet5Spec(), residualSpec()),
                         [](const auto& test) { return test.param.name.empty() ? std::string("residual") : test.param.name; });

TEST(SamplePass, ReachesWhatLeadsToTheUnitAlone) {
  Ready ready(residualSpec());
  ready.pass.forward(ready.weights);
  const int from = ready.network->find("norm1");
  const auto& units = ready.pass.backward(ready.weights, from, ready.seedAt(from, 55));
  for (int i = 0; i < int(units.size()); ++i)
    EXPECT_EQ(units[std::size_t(i)].size(), i <= from ? ready.network->node(i).shape.size() : 0u) << i;
  EXPECT_EQ(units[std::size_t(from)], ready.seedAt(from, 55));
}

TEST(SamplePass, AHeldUnitIsReadAsItIsHeldAndPassesNothingOn) {
  Ready ready(nntest::harleySpec());
  const int conv = ready.network->find("conv1"), logits = ready.network->logitsNode();
  const std::size_t area = ready.network->node(conv).shape.size() / 6;
  ready.pass.forward(ready.weights);
  const std::vector<float> free = ready.pass.values(logits);
  ready.pass.setInput(ready.input);
  ready.pass.forward(ready.weights, {{conv, 2 * area, area}});  // the third map is silent
  const std::vector<float> silent = ready.pass.values(conv);
  for (std::size_t i = 0; i < area; ++i) EXPECT_EQ(silent[2 * area + i], 0);
  EXPECT_NE(ready.pass.values(logits), free);
  const auto& units = ready.pass.backward(ready.weights, logits, ready.seedAt(logits, 0));
  double inSilent = 0, beside = 0;
  for (std::size_t i = 0; i < area; ++i) {
    inSilent += std::abs(double(units[std::size_t(conv)][2 * area + i]));
    beside += std::abs(double(units[std::size_t(conv)][3 * area + i]));
  }
  EXPECT_EQ(inSilent, 0);
  EXPECT_GT(beside, 0);
  // Without the interventions it is as it was.
  ready.pass.forward(ready.weights);
  EXPECT_EQ(ready.pass.values(logits), free);
}

// The third map silenced is the network without the third filter.
TEST(SamplePass, ASilentMapIsAMapWithoutWeights) {
  Ready ready(nntest::harleySpec());
  const int conv = ready.network->find("conv1"), logits = ready.network->logitsNode();
  const std::size_t area = ready.network->node(conv).shape.size() / 6;
  ready.pass.forward(ready.weights, {{conv, 2 * area, area}});
  const std::vector<float> silenced = ready.pass.values(logits);
  std::vector<float> pruned = ready.parameters;
  const std::size_t kernel = 25, first = ready.network->node(conv).parameterOffset;
  std::fill_n(pruned.begin() + std::ptrdiff_t(first + 2 * kernel), kernel, 0.0f);
  pruned[first + 6 * kernel + 2] = 0;
  nn::Weights weights(ready.network);
  weights.assign(pruned);
  ready.pass.forward(weights);
  EXPECT_EQ(ready.pass.values(logits), silenced);
}

// The numbers of Captum's tests of guided backpropagation and deconvolution (its network "one conv"), worked out by hand again.
TEST(SamplePass, TheRulesGiveTheNumbersOfTheLiterature) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(4)}, {"width", V(4)}}},
                {"conv", "conv2d", {}, {{"filters", V(2)}, {"kernel", V(3)}, {"activation", std::string("relu")}}},
                {"dense", "dense", {}, {{"units", V(2)}, {"bias", false}, {"activation", std::string("relu")}}}};
  Ready ready(spec);
  std::vector<float> parameters(18, 1.0f);
  parameters.insert(parameters.end(), {-50.0f, -75.0f});
  for (int unit = 0; unit < 2; ++unit)
    for (int i = 0; i < 8; ++i) parameters.push_back(i < 5 ? 1.0f : -1.0f);
  ASSERT_EQ(parameters.size(), ready.network->parameterCount());
  ready.weights.assign(parameters);
  for (std::size_t i = 0; i < 16; ++i) ready.input[i] = float(i);
  ready.pass.setInput(ready.input);
  ready.pass.forward(ready.weights);
  EXPECT_EQ(ready.pass.values(2)[0], 54);
  const auto mapOf = [&](DerivativeRule rule) { return ready.pass.backward(ready.weights, 2, ready.seedAt(2, 0), rule)[0]; };
  EXPECT_EQ(mapOf(DerivativeRule::Gradient), (std::vector<float>{0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(mapOf(DerivativeRule::Guided), (std::vector<float>{0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1}));
  EXPECT_EQ(mapOf(DerivativeRule::Deconvolution), (std::vector<float>{2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1}));
}

// What is no rectifier has its own derivative by every rule.
TEST(SamplePass, TheRulesAreAboutRectifiersAlone) {
  Ready ready(nntest::lenet5Spec());
  ready.pass.forward(ready.weights);
  const int logits = ready.network->logitsNode();
  const std::vector<float> gradient = ready.pass.backward(ready.weights, logits, ready.seedAt(logits, 4))[0];
  for (const DerivativeRule rule : {DerivativeRule::Guided, DerivativeRule::Deconvolution})
    EXPECT_EQ(ready.pass.backward(ready.weights, logits, ready.seedAt(logits, 4), rule)[0], gradient);
}

}  // namespace
