// A network for other classes: a new last layer, the rest kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nn/Error.h"
#include "tasks/NewHead.h"

namespace {

using V = std::int64_t;

nn::NetworkSpec digits() {
  nn::NetworkSpec spec;
  spec.name = "digits";
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"conv", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(3)}, {"activation", std::string("relu")}}},
                {"dense", "dense", {}, {{"units", V(10)}}},
                {"softmax", "softmax", {}, {}}};
  return spec;
}

std::vector<float> partOf(const nn::Network& network, const std::vector<float>& parameters, const char* name) {
  const nn::Network::Node& node = network.node(network.find(name));
  const auto begin = parameters.begin() + std::ptrdiff_t(node.parameterOffset);
  return {begin, begin + std::ptrdiff_t(node.parameterCount)};
}

TEST(NewHead, HasOneUnitForEachClassAndKeepsTheRest) {
  const auto network = nn::Network::create(digits());
  const std::vector<float> parameters = network->initialParameters(7);
  const tasks::NewHead made = tasks::withNewHead(*network, parameters, {"cat", "dog", "fish"}, 1);
  EXPECT_EQ(made.layer, "dense");
  EXPECT_EQ(made.network->outputShape().channels, 3);
  EXPECT_EQ(made.network->className(1), "dog");
  EXPECT_EQ(partOf(*made.network, made.parameters, "conv"), partOf(*network, parameters, "conv"));
  EXPECT_EQ(partOf(*made.network, made.parameters, "dense"), partOf(*made.network, made.network->initialParameters(1), "dense"));
}

TEST(NewHead, OfAConvolutionAndAnAverageIsTheConvolution) {
  nn::NetworkSpec spec = digits();
  spec.nodes.resize(2);
  spec.nodes.push_back({"score", "conv2d", {}, {{"filters", V(10)}, {"kernel", V(1)}, {"activation", std::string("relu")}}});
  spec.nodes.push_back({"average", "global-average-pool", {}, {}});
  spec.nodes.push_back({"softmax", "softmax", {}, {}});
  const tasks::NewHead made = tasks::withNewHead(*nn::Network::create(spec), {}, {"a", "b"}, 1);
  EXPECT_EQ(made.layer, "score");
  EXPECT_EQ(made.network->outputShape().channels, 2);
  EXPECT_TRUE(made.parameters.empty());
}

TEST(NewHead, OfAYesOrNoAsksForEachClass) {
  nn::NetworkSpec spec = digits();
  spec.nodes.pop_back();
  spec.nodes.back().fields = {{"units", V(1)}, {"activation", std::string("sigmoid")}};
  const tasks::NewHead made = tasks::withNewHead(*nn::Network::create(spec), {}, {"a", "b", "c"}, 1);
  EXPECT_EQ(made.network->node(made.network->find("dense")).layer->activation(), nn::Activation::None);
  EXPECT_EQ(made.network->outputShape().channels, 3);
}

TEST(NewHead, IsRefusedWhereTheOutputsAreNoUnitsOfOneLayer) {
  nn::NetworkSpec spec = digits();
  spec.nodes.resize(2);
  spec.nodes.push_back({"flat", "flatten", {}, {}});
  try {
    tasks::withNewHead(*nn::Network::create(spec), {}, {"a", "b"}, 1);
    ADD_FAILURE() << "it has no head";
  } catch (const nn::Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr("its last layer cannot be made anew"));
  }
}

}  // namespace
