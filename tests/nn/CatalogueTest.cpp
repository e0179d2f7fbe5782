// Every layer type through a grid of settings: gradients against differences, a block against single samples, links against forward.
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <tuple>

#include "nn/LayerCatalogue.h"
#include "support/LayerCases.h"

namespace {

using namespace nntest;

// Each case with each set of kernels that this machine can run.
class Catalogue : public ::testing::TestWithParam<std::tuple<LayerCase, const char*>> {
 protected:
  void SetUp() override {
    setenv("CONVSCOPE_ISA", std::get<1>(GetParam()), 1);
    if (nn::instructionSet() != std::get<1>(GetParam()) && std::string_view(std::get<1>(GetParam())) != "generic")
      GTEST_SKIP() << "this machine has no " << std::get<1>(GetParam());
    network = nn::Network::create(specOf(std::get<0>(GetParam())));
    weights = std::make_unique<nn::Weights>(network);
    parameters = randomParameters(*network, 11);
    weights->assign(parameters);
    layer = int(network->nodes().size()) - 1;
    for (int lane = 0; lane < nn::kLanes; ++lane) {
      inputs.emplace_back();
      for (const int node : network->inputs())
        inputs.back().push_back(distinctValues(network->node(node).shape.size(), std::uint64_t(lane * 10 + node + 1)));
      outputGradients.push_back(randomValues(network->node(layer).shape.size(), std::uint64_t(lane + 100)));
    }
    spareKinks();
  }

  static std::vector<float> kinksOf(nn::Activation activation) {
    switch (activation) {
      case nn::Activation::Relu:
      case nn::Activation::LeakyRelu:
      case nn::Activation::BinaryStep:
        return {0};
      case nn::Activation::Relu6:
        return {0, 6};
      case nn::Activation::HardTanh:
        return {-1, 1};
      case nn::Activation::HardSigmoid:
      case nn::Activation::HardSwish:
        return {-3, 3};
      default:
        return {};
    }
  }

  // A step must not carry a cell over the kink of an activation: those close to it take no part in the loss.
  void spareKinks() {
    const nn::Layer& tested = *network->node(layer).layer;
    const std::vector<float> kinks = kinksOf(tested.activation());
    if (kinks.empty()) return;
    nn::CellLinks links;
    for (int lane = 0; lane < nn::kLanes; ++lane)
      for (std::size_t i = 0; i < outputGradients[0].size(); ++i) {
        tested.linksInto(nn::cellAt(tested.outputShape(), i), links);
        std::vector<float> terms;
        for (const nn::Link& link : links.terms)
          terms.push_back(
              inputs[std::size_t(lane)][std::size_t(link.input)][nn::flatIndex(tested.inputShapes()[std::size_t(link.input)], link.cell)]);
        const float sum = tested.combine(nn::cellAt(tested.outputShape(), i), links, terms, parameters).preActivation;
        if (std::any_of(kinks.begin(), kinks.end(), [&](float kink) { return std::abs(sum - kink) < 0.05f; }))
          outputGradients[std::size_t(lane)][i] = 0;
      }
  }

  void TearDown() override { unsetenv("CONVSCOPE_ISA"); }

  void setInputs(nn::Workspace& workspace, int firstSample = 0) {
    for (int lane = 0; lane < workspace.lanes(); ++lane)
      for (std::size_t i = 0; i < network->inputs().size(); ++i)
        workspace.setInput(lane, inputs[std::size_t(firstSample + lane)][i], int(i));
  }
  // Sum over the samples of output times outputGradients: its derivatives are what backward computes.
  double loss(nn::Workspace& workspace) {
    setInputs(workspace);
    workspace.forward(*weights);
    double sum = 0;
    for (int lane = 0; lane < workspace.lanes(); ++lane) {
      const auto values = readNode(workspace, layer, lane);
      for (std::size_t i = 0; i < values.size(); ++i) sum += double(values[i]) * outputGradients[std::size_t(lane)][i];
    }
    return sum;
  }
  std::vector<float> gradientsOf(nn::Workspace& workspace, int firstSample = 0, int samples = 0) {
    setInputs(workspace, firstSample);
    nn::Pass pass;
    pass.samples = samples;
    workspace.forward(*weights, pass);
    for (int lane = 0; lane < workspace.lanes(); ++lane)
      workspace.setGradient(layer, lane, outputGradients[std::size_t(firstSample + lane)]);
    std::vector<float> gradients(network->parameterCount(), 0.0f);
    workspace.backward(*weights, pass, gradients, true);
    return gradients;
  }
  template <typename Change>
  void expectSlope(nn::Workspace& workspace, float gradient, Change change, const std::string& what) {
    constexpr float kStep = 1.0f / 256;
    change(kStep);
    const double right = loss(workspace);
    change(-2 * kStep);
    const double left = loss(workspace);
    change(kStep);
    const double tolerance = 2e-3 * (1 + std::abs(double(gradient))) + 1e-6 * std::abs(right) / kStep;
    EXPECT_NEAR(gradient, (right - left) / (2 * kStep), tolerance) << what;
  }

  void checkGradients(int lanes) {
    nn::Workspace workspace(network, lanes, true);
    workspace.poison();
    const std::vector<float> gradients = gradientsOf(workspace);
    std::vector<std::vector<float>> inputGradients;
    for (const int node : network->inputs()) inputGradients.push_back(readGradientOf(workspace, node, lanes / 2));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      expectSlope(
          workspace, gradients[i],
          [&](float step) {
            parameters[i] += step;
            weights->assign(parameters);
          },
          "parameter " + std::to_string(i));
    }
    for (std::size_t node = 0; node < inputGradients.size(); ++node)
      for (std::size_t i = 0; i < inputGradients[node].size(); ++i)
        expectSlope(
            workspace, inputGradients[node][i], [&](float step) { inputs[std::size_t(lanes / 2)][node][i] += step; },
            "input " + std::to_string(node) + ", value " + std::to_string(i));
  }

  std::shared_ptr<const nn::Network> network;
  std::unique_ptr<nn::Weights> weights;
  std::vector<float> parameters;
  std::vector<std::vector<std::vector<float>>> inputs;  // of each sample, of each input node
  std::vector<std::vector<float>> outputGradients;
  int layer = 0;
};

INSTANTIATE_TEST_SUITE_P(Layers, Catalogue,
                         ::testing::Combine(::testing::ValuesIn(layerCases()), ::testing::Values("avx512", "avx2", "generic")),
                         [](const auto& test) { return std::get<0>(test.param).name + "_" + std::get<1>(test.param); });

TEST_P(Catalogue, GradientsOfABlockMatchDifferences) {
  checkGradients(nn::kLanes);
}
TEST_P(Catalogue, GradientsOfOneSampleMatchDifferences) {
  checkGradients(1);
}

TEST_P(Catalogue, ABlockIsSixteenSingles) {
  nn::Workspace block(network, nn::kLanes, true);
  block.poison();
  const std::vector<float> together = gradientsOf(block);
  std::vector<double> sum(together.size(), 0.0);
  nn::Workspace single(network, 1, true);
  single.poison();
  for (int sample = 0; sample < nn::kLanes; ++sample) {
    const std::vector<float> alone = gradientsOf(single, sample);
    for (std::size_t i = 0; i < alone.size(); ++i) sum[i] += alone[i];
    for (int node = 0; node <= layer; ++node) {
      const auto expected = readNode(single, node, 0), values = readNode(block, node, sample);
      const auto expectedGradient = readGradientOf(single, node, 0), gradient = readGradientOf(block, node, sample);
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(values[i], expected[i], 1e-5 * (1 + std::abs(expected[i])))
            << "node " << node << " sample " << sample << " value " << i;
        ASSERT_NEAR(gradient[i], expectedGradient[i], 2e-5 * (1 + std::abs(expectedGradient[i])))
            << "node " << node << " sample " << sample << " value " << i;
      }
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(together[i], sum[i], 2e-4 * (1 + std::abs(sum[i]))) << "parameter " << i;
}

TEST_P(Catalogue, LinksGiveWhatForwardComputes) {
  nn::Workspace workspace(network, 1, false);
  workspace.poison();
  setInputs(workspace, 3);
  workspace.forward(*weights);
  const nn::Network::Node& node = network->node(layer);
  const auto values = readNode(workspace, layer, 0);
  std::vector<std::vector<float>> sources;
  for (const int input : node.inputs) sources.push_back(readNode(workspace, input, 0));
  nn::CellLinks links;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const nn::Cell cell = nn::cellAt(node.shape, i);
    node.layer->linksInto(cell, links);
    std::vector<float> terms;
    for (const nn::Link& link : links.terms) {
      const nn::Shape& shape = node.layer->inputShapes()[std::size_t(link.input)];
      ASSERT_TRUE(link.cell.channel >= 0 && link.cell.channel < shape.channels && link.cell.row >= 0 && link.cell.row < shape.height &&
                  link.cell.column >= 0 && link.cell.column < shape.width);
      ASSERT_LT(link.parameter, std::ptrdiff_t(node.parameterCount));
      terms.push_back(sources[std::size_t(link.input)][nn::flatIndex(shape, link.cell)]);
    }
    const auto combined = node.layer->combine(cell, links, terms, std::span(parameters).subspan(node.parameterOffset, node.parameterCount));
    ASSERT_NEAR(combined.value, values[i], 1e-5 * (1 + std::abs(values[i]))) << "cell " << i;
    if (node.layer->combineKind() == nn::Combine::Softmax) continue;
    ASSERT_NEAR(combined.value, nn::activate(node.layer->activation(), combined.preActivation), 1e-6);
  }
}

TEST_P(Catalogue, LanesWithoutASampleChangeNoGradient) {
  for (const int samples : {1, 5, 15}) {
    nn::Workspace block(network, nn::kLanes, true);
    block.poison();
    const std::vector<float> partial = gradientsOf(block, 0, samples);
    nn::Workspace single(network, 1, true);
    std::vector<double> sum(partial.size(), 0.0);
    for (int sample = 0; sample < samples; ++sample) {
      const std::vector<float> alone = gradientsOf(single, sample);
      for (std::size_t i = 0; i < alone.size(); ++i) sum[i] += alone[i];
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
      ASSERT_NEAR(partial[i], sum[i], 2e-4 * (1 + std::abs(sum[i]))) << samples << " samples, parameter " << i;
  }
}

TEST_P(Catalogue, GradientsAreAddedToWhatIsThere) {
  nn::Workspace workspace(network, nn::kLanes, true);
  const std::vector<float> once = gradientsOf(workspace);
  const auto backwardInto = [&](std::vector<float> gradients, bool replace) {
    for (int lane = 0; lane < nn::kLanes; ++lane) workspace.setGradient(layer, lane, outputGradients[std::size_t(lane)]);
    nn::Pass pass;
    pass.replaceGradients = replace;
    workspace.backward(*weights, pass, gradients);
    return gradients;
  };
  const std::vector<float> start = randomValues(once.size(), 5), sum = backwardInto(start, false);
  // Where the layer promises one addition, to the bit: the trainer adds the gradients of two blocks in this way or in its own.
  const double tolerance = network->node(layer).layer->addsGradientsOnce() ? 0 : 1e-4;
  for (std::size_t i = 0; i < once.size(); ++i) ASSERT_NEAR(sum[i], start[i] + once[i], tolerance * (1 + std::abs(once[i]))) << i;
  EXPECT_EQ(backwardInto(std::vector<float>(once.size(), std::numeric_limits<float>::quiet_NaN()), true), once);
}

TEST(LayerCatalogue, HasACaseForEveryType) {
  std::set<std::string> tested{"input"};
  for (const LayerCase& layerCase : layerCases()) tested.insert(layerCase.type);
  for (const nn::LayerType& type : nn::layerTypes()) {
    EXPECT_TRUE(tested.count(type.name)) << type.name;
    EXPECT_EQ(nn::findLayerType(type.name), &type);
  }
  EXPECT_EQ(nn::findLayerType("no-such-layer"), nullptr);
}

TEST(LayerCatalogue, SaysInWordsWhatEachTypeAndFieldIs) {
  std::set<std::string> names;
  for (const nn::LayerType& type : nn::layerTypes()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_FALSE(type.title.empty()) << type.name;
    EXPECT_EQ(type.description.back(), '.') << type.name;
    for (const nn::FieldInfo& field : type.fields) {
      EXPECT_FALSE(field.label.empty()) << type.name << " " << field.name;
      EXPECT_EQ(field.tooltip.back(), '.') << type.name << " " << field.name;
      EXPECT_LE(field.minimum, field.maximum);
    }
  }
}

TEST(LayerCatalogue, MakesEachLayerUnderItsOwnTypeName) {
  for (const LayerCase& layerCase : layerCases()) {
    std::vector<nn::Issue> issues;
    const auto layer = nn::createLayer(*nn::findLayerType(layerCase.type), "layer", layerCase.fields, layerCase.inputs, issues);
    ASSERT_TRUE(layer) << layerCase.name;
    EXPECT_TRUE(issues.empty());
    EXPECT_EQ(layer->type(), layerCase.type);
    std::size_t next = 0;
    for (const nn::ParameterBlock& block : layer->parameterBlocks()) {
      EXPECT_EQ(block.offset, next) << layerCase.name << " " << block.name;
      next += block.count;
    }
  }
}

}  // namespace
