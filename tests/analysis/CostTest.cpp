#include <gtest/gtest.h>

#include "analysis/Cost.h"

namespace {

nn::NodeSpec node(const char* name, const char* type, nn::Fields fields = {}, std::vector<std::string> inputs = {}) {
  return {name, type, std::move(inputs), std::move(fields)};
}
nn::NodeSpec inputNode(std::int64_t side) {
  return node("input", "input", {{"channels", std::int64_t(1)}, {"height", side}, {"width", side}});
}
nn::NodeSpec conv(const char* name, std::int64_t filters, std::int64_t kernel, std::int64_t stride = 1, const char* padding = "valid") {
  return node(name, "conv2d", {{"filters", filters}, {"kernel", kernel}, {"stride", stride}, {"padding", std::string(padding)}});
}
nn::NodeSpec maxPool(const char* name) {
  return node(name, "max-pool", {{"kernel", std::int64_t(2)}});
}
nn::NodeSpec dense(const char* name, std::int64_t units) {
  return node(name, "dense", {{"units", units}});
}

std::shared_ptr<const nn::Network> build(std::vector<nn::NodeSpec> nodes) {
  nn::NetworkSpec spec;
  spec.nodes = std::move(nodes);
  return nn::Network::create(spec);
}

std::shared_ptr<const nn::Network> harley() {
  return build({inputNode(32), conv("conv1", 6, 5), maxPool("pool1"), conv("conv2", 16, 5), maxPool("pool2"), dense("dense1", 120),
                dense("dense2", 100), dense("output", 10), node("softmax", "softmax")});
}

TEST(Cost, HarleyIsWhatCountingByHandGives) {
  const analysis::NetworkCost cost = analysis::costOf(*harley());
  EXPECT_EQ(cost.parameters, 63802u);
  EXPECT_EQ(cost.multiplyAdds, 418600u);
  EXPECT_EQ(cost.activationBytes, 4u * (1024 + 4704 + 1176 + 1600 + 400 + 120 + 100 + 10 + 10));
  ASSERT_EQ(cost.nodes.size(), 9u);
  const std::uint64_t multiplyAdds[] = {0, 117600, 0, 240000, 0, 48000, 12000, 1000, 0};
  const double fields[] = {1, 5, 6, 14, 16, 32, 32, 32, 32};
  const double strides[] = {1, 1, 2, 2, 4, 0, 0, 0, 0};
  for (std::size_t i = 0; i < 9; ++i) {
    SCOPED_TRACE(cost.nodes[i].name);
    EXPECT_EQ(cost.nodes[i].multiplyAdds, multiplyAdds[i]);
    EXPECT_EQ(cost.nodes[i].receptiveField.height, fields[i]);
    EXPECT_EQ(cost.nodes[i].receptiveField.width, fields[i]);
    EXPECT_EQ(cost.nodes[i].receptiveField.strideY, strides[i]);
  }
}

TEST(Cost, PaddingMovesTheFieldOutwards) {
  const auto network = build({inputNode(16), conv("a", 2, 3, 1, "same"), conv("b", 2, 3, 2, "1"), conv("c", 2, 5, 1, "same")});
  const analysis::NetworkCost cost = analysis::costOf(*network);
  EXPECT_EQ(cost.nodes[1].receptiveField, (analysis::ReceptiveField{3, 3, 1, 1, -1, -1}));
  EXPECT_EQ(cost.nodes[2].receptiveField, (analysis::ReceptiveField{5, 5, 2, 2, -2, -2}));
  EXPECT_EQ(cost.nodes[3].receptiveField, (analysis::ReceptiveField{13, 13, 2, 2, -6, -6}));
}

TEST(Cost, BranchesAreUnited) {
  const auto network = build(
      {inputNode(16), node("narrow", "conv2d", {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(1)}}, {"input"}),
       node("wide", "conv2d", {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(5)}, {"padding", std::string("same")}}, {"input"}),
       node("sum", "add", {}, {"narrow", "wide"})});
  EXPECT_EQ(analysis::costOf(*network).nodes[3].receptiveField, (analysis::ReceptiveField{5, 5, 1, 1, -2, -2}));
}

// Another input, however small it is and wherever it stands, cuts nothing of what lies in this one.
TEST(Cost, AFieldIsCutByTheInputThatItReaches) {
  nn::NodeSpec side = inputNode(5), a = conv("a", 2, 9), b = conv("b", 2, 9), flat = node("flat", "flatten");
  side.name = "side";
  a.inputs = {"input"};
  const nn::NodeSpec out = node("out", "dense", {{"units", std::int64_t(2)}}),
                     small = node("small", "dense", {{"units", std::int64_t(2)}}, {"side"});
  const auto network = build({side, inputNode(28), a, b, flat, out, small});
  const analysis::NetworkCost cost = analysis::costOf(*network);
  EXPECT_EQ(cost.nodes[std::size_t(network->find("out"))].receptiveField.height, 28);
  EXPECT_EQ(cost.nodes[std::size_t(network->find("small"))].receptiveField.height, 5);
}

TEST(Cost, FlatteningKeepsTheFieldOfOneCell) {
  const auto network = build({inputNode(8), conv("a", 2, 3), node("flat", "flatten"), dense("out", 2)});
  const analysis::NetworkCost cost = analysis::costOf(*network);
  EXPECT_EQ(cost.nodes[2].receptiveField.height, 3);
  EXPECT_EQ(cost.nodes[3].receptiveField.height, 8);
}

}  // namespace
