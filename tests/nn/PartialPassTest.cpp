// Passes through parts of a network: what they compute, what they learn, an input that another node feeds, and noise.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <tuple>

#include "support/LayerCases.h"

namespace {

using namespace nntest;

nn::FieldValue whole(std::int64_t value) {
  return value;
}

// A maker of pictures, a judge of pictures; `joined`: the judge reads what is made, in one graph. The picture comes first all the same.
std::shared_ptr<const nn::Network> makerAndJudge(bool joined, bool normalized = false) {
  nn::NetworkSpec spec;
  spec.name = "parts";
  const auto add = [&](std::string name, std::string type, std::vector<std::string> inputs, nn::Fields fields, std::string group) {
    spec.nodes.push_back({std::move(name), std::move(type), std::move(inputs), std::move(fields), std::move(group)});
  };
  const nn::FieldValue tanh = std::string("tanh");
  add("picture", "input", {}, {{"channels", whole(1)}, {"height", whole(6)}, {"width", whole(6)}}, "");
  add("seed", "input", {}, {{"channels", whole(5)}}, "");
  add("make", "dense", {"seed"}, {{"units", whole(36)}}, "maker");
  if (normalized) add("norm", "batch-norm", {}, {}, "maker");
  add("made", "reshape", {}, {{"shape", std::vector<std::int64_t>{1, 6, 6}}}, "maker");
  add("look", "conv2d", {joined ? "made" : "picture"}, {{"filters", whole(3)}, {"kernel", whole(3)}, {"activation", tanh}}, "judge");
  if (normalized) add("norm2", "batch-norm", {}, {}, "judge");
  add("say", "dense", {}, {{"units", whole(1)}}, "judge");
  return nn::Network::create(spec);
}

struct Gradients {
  std::vector<float> values;  // of the loss node, of all lanes
  std::vector<float> parameters;
};

// The sum of the judge's outputs for 16 seeds, on a way through all blocks of memory that were never written.
Gradients compute(const nn::Network& described, const nn::PartialPass* part, float before) {
  const auto network = nn::Network::create(described.spec());
  nn::Workspace workspace(network, nn::kLanes, true);
  nn::Weights weights(network);
  weights.assign(randomParameters(*network, 5));
  workspace.poison();
  for (int lane = 0; lane < nn::kLanes; ++lane) workspace.setInput(lane, randomValues(5, std::uint64_t(lane)), 1);
  if (!part || part->feed().from < 0)
    for (int lane = 0; lane < nn::kLanes; ++lane) workspace.setInput(lane, randomValues(36, std::uint64_t(lane + 50)), 0);
  nn::Pass pass;
  pass.training = true;
  pass.replaceGradients = true;
  pass.part = part;
  workspace.forward(weights, pass);
  const int say = network->find("say");
  Gradients result{{}, std::vector<float>(network->parameterCount(), before)};
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    result.values.push_back(readNode(workspace, say, lane)[0]);
    workspace.setGradient(say, lane, std::vector<float>{0.1f * float(lane + 1)});
  }
  workspace.backward(weights, pass, result.parameters);
  return result;
}

class PartialPass : public testing::TestWithParam<bool> {};

TEST_P(PartialPass, TheGradientGoesThroughWhatRestsToWhatFeedsIt) {
  const auto apart = makerAndJudge(false, GetParam()), joined = makerAndJudge(true, GetParam());
  const std::vector<int> ends{apart->find("say")};
  const nn::Feed feed{apart->find("made"), apart->find("picture")};
  ASSERT_TRUE(nn::canFeed(*apart, feed));
  const Gradients whole = compute(*joined, nullptr, 0);
  for (const std::string learned : {"maker", "judge", ""}) {
    const nn::PartialPass part(*apart, ends, learned, feed);
    const Gradients own = compute(*apart, &part, 77);
    EXPECT_EQ(own.values, whole.values) << learned;
    for (const nn::Network::Node& node : apart->nodes())
      for (std::size_t i = node.parameterOffset; i < node.parameterOffset + node.parameterCount; ++i)
        ASSERT_EQ(own.parameters[i], learned.empty() || node.group == learned ? whole.parameters[i] : 77.0f) << learned << ' ' << node.name;
  }
}

TEST_P(PartialPass, ComputesNothingButWhatLeadsToItsEnds) {
  const auto network = makerAndJudge(false, GetParam());
  const std::vector<int> ends{network->find("say")};
  const nn::PartialPass part(*network, ends, "judge");
  EXPECT_FALSE(part.computes(network->find("make")));
  EXPECT_TRUE(part.computes(network->find("look")));
  EXPECT_FALSE(part.wantsGradient(network->find("picture"))) << "nothing is learned before it";
  const Gradients own = compute(*network, &part, 77);
  for (const float value : own.values) EXPECT_TRUE(std::isfinite(value));
  const nn::Network::Node& make = network->node(network->find("make"));
  EXPECT_EQ(own.parameters[make.parameterOffset], 77);
  for (std::size_t i = network->node(network->find("look")).parameterOffset; i < own.parameters.size(); ++i)
    EXPECT_NE(own.parameters[i], 77) << i;
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutBatchNorm, PartialPass, testing::Bool());

TEST(PartialPassOrder, WhatIsFedMustBeReadLater) {
  nn::NetworkSpec spec = makerAndJudge(false)->spec();
  std::rotate(spec.nodes.begin() + 2, spec.nodes.begin() + 4, spec.nodes.end());  // the judge first
  const auto turned = nn::Network::create(spec);
  EXPECT_FALSE(nn::canFeed(*turned, {turned->find("made"), turned->find("picture")}));
  const auto network = makerAndJudge(false);
  EXPECT_FALSE(nn::canFeed(*network, {network->find("make"), network->find("picture")})) << "another shape";
  EXPECT_FALSE(nn::canFeed(*network, {network->find("made"), network->find("look")})) << "no input";
  EXPECT_FALSE(nn::canFeed(*network, {}));
}

// Every layer of the catalogue: what is not learned costs nothing, and changes nothing of what goes on through it.
class FrozenCatalogue : public testing::TestWithParam<std::tuple<LayerCase, int>> {};

TEST_P(FrozenCatalogue, HandsTheGradientOnAndLeavesItsOwnAlone) {
  const auto network = nn::Network::create(specOf(std::get<0>(GetParam())));
  const int last = int(network->nodes().size()) - 1, lanes = std::get<1>(GetParam());
  const std::vector<int> ends{last};
  const nn::PartialPass resting(*network, ends, "nobody");
  nn::Weights weights(network);
  weights.assign(randomParameters(*network, 3));
  std::vector<std::vector<float>> gradients[2];
  for (const bool rests : {false, true}) {
    nn::Workspace workspace(network, lanes, true);
    for (std::size_t i = 0; i < network->inputs().size(); ++i)
      for (int lane = 0; lane < lanes; ++lane)
        workspace.setInput(lane, distinctValues(network->node(network->inputs()[i]).shape.size(), std::uint64_t(lane + 1) + 20 * i),
                           int(i));
    nn::Pass pass;
    pass.replaceGradients = true;
    if (rests) pass.part = &resting;
    workspace.forward(weights, pass);
    for (int lane = 0; lane < lanes; ++lane)
      workspace.setGradient(last, lane, randomValues(network->node(last).shape.size(), std::uint64_t(lane + 7)));
    std::vector<float> parameters(network->parameterCount(), 77.0f);
    workspace.backward(weights, pass, parameters, true);
    if (rests) {
      EXPECT_EQ(parameters, std::vector<float>(parameters.size(), 77.0f));
    }
    for (const int input : network->inputs())
      for (int lane = 0; lane < lanes; ++lane) gradients[rests].push_back(readGradientOf(workspace, input, lane));
  }
  EXPECT_EQ(gradients[true], gradients[false]);
}

std::vector<LayerCase> casesThatLearn() {
  std::vector<LayerCase> cases;
  for (const LayerCase& layerCase : layerCases())
    if (nn::Network::create(specOf(layerCase))->parameterCount() > 0) cases.push_back(layerCase);
  return cases;
}

INSTANTIATE_TEST_SUITE_P(AllLayers, FrozenCatalogue, testing::Combine(testing::ValuesIn(casesThatLearn()), testing::Values(1, nn::kLanes)));

TEST(Noise, IsDecidedByKeyAndSampleAloneAndIsNormal) {
  nn::NetworkSpec spec;
  spec.name = "noise";
  spec.nodes = {{"noise", "input", {}, {{"channels", whole(501)}, {"source", std::string("noise")}}}, {"copy", "flatten", {}, {}}};
  const auto network = nn::Network::create(spec);
  EXPECT_TRUE(nn::drawsNoise(*network->node(0).layer));
  spec.nodes.push_back({"picture", "input", {}, {}});
  const auto both = nn::Network::create(spec);
  EXPECT_EQ(both->inputs()[0], both->find("picture")) << "the noise comes last, wherever it is listed";
  nn::Weights weights(network);
  const auto drawn = [&](int lanes, std::uint64_t key, int lane, int samples) {
    nn::Workspace workspace(network, lanes, false);
    workspace.poison();
    nn::Pass pass;
    pass.randomKey = key;
    pass.samples = samples;
    workspace.forward(weights, pass);
    return readNode(workspace, 1, lane);
  };
  EXPECT_EQ(drawn(1, 9, 0, 1), drawn(nn::kLanes, 9, 0, nn::kLanes));
  EXPECT_NE(drawn(nn::kLanes, 9, 0, nn::kLanes), drawn(nn::kLanes, 9, 1, nn::kLanes)) << "another sample, other noise";
  EXPECT_NE(drawn(1, 9, 0, 1), drawn(1, 10, 0, 1));
  EXPECT_EQ(drawn(nn::kLanes, 9, 4, 5), drawn(nn::kLanes, 9, 4, nn::kLanes));
  EXPECT_EQ(drawn(nn::kLanes, 9, 5, 5), std::vector<float>(501, 0.0f)) << "a lane without a sample";
  double sum = 0, squares = 0, count = 0;
  for (int lane = 0; lane < nn::kLanes; ++lane)
    for (const float value : drawn(nn::kLanes, 1, lane, nn::kLanes))
      sum += double(value), squares += double(value) * double(value), ++count;
  EXPECT_NEAR(sum / count, 0, 4 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1, 4 * std::sqrt(2 / count));
}

}  // namespace
