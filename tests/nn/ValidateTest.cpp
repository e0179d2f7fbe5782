#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "nn/Network.h"
#include "nn/ShippedNetworks.h"
#include "support/LayerCases.h"

namespace {

using namespace nntest;
using ::testing::HasSubstr;
using V = std::int64_t;

nn::NetworkSpec chain(std::vector<nn::NodeSpec> nodes) {
  nn::NetworkSpec spec;
  spec.name = "chain";
  spec.nodes = {inputNode({1, 8, 8})};
  for (nn::NodeSpec& node : nodes) spec.nodes.push_back(std::move(node));
  return spec;
}

// One issue, at the node, with these words, and with a hint.
void expectIssue(const nn::NetworkSpec& spec, const std::string& where, const std::string& words) {
  const auto issues = nn::validate(spec);
  ASSERT_FALSE(issues.empty()) << "nothing reported; expected: " << words;
  EXPECT_EQ(issues.size(), 1u) << issues.back().what;
  EXPECT_EQ(issues[0].where, where);
  EXPECT_THAT(issues[0].what, HasSubstr(words));
  EXPECT_FALSE(issues[0].hint.empty());
  EXPECT_THROW(nn::Network::create(spec), nn::Error);
}

TEST(Validate, FindsNothingInSoundNetworks) {
  EXPECT_TRUE(nn::validate(harleySpec()).empty());
  EXPECT_TRUE(nn::validate(lenet5Spec()).empty());
  for (const LayerCase& layerCase : layerCases()) EXPECT_TRUE(nn::validate(specOf(layerCase)).empty()) << layerCase.name;
}

TEST(Validate, AsManyNamesAsClasses) {
  nn::NetworkSpec spec = harleySpec();
  spec.classNames = {"one", "two", "three"};
  const auto issues = nn::validate(spec);
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_THAT(issues[0].what, HasSubstr("names 3 classes"));
  EXPECT_THAT(issues[0].what, HasSubstr("has 10"));
  spec.classNames.resize(10, "name");
  EXPECT_TRUE(nn::validate(spec).empty());
  spec.classNames.resize(11, "name");
  EXPECT_EQ(nn::validate(spec).size(), 1u);
  // A picture: its first channel is the ground.
  nn::NetworkSpec picture = chain({{"scores", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(1)}}}, {"softmax", "softmax", {}, {}}});
  picture.classNames = {"a", "b", "c"};
  EXPECT_TRUE(nn::validate(picture).empty());
  picture.classNames.push_back("d");
  EXPECT_EQ(nn::validate(picture).size(), 1u);
  // Of several outputs, those of any.
  picture.nodes.push_back({"value", "dense", {"flat"}, {{"units", V(1)}}});
  picture.nodes.insert(picture.nodes.end() - 1, {"flat", "flatten", {"scores"}, {}});
  picture.outputs = {"value", "softmax"};
  EXPECT_THAT(nn::validate(picture).at(0).what, HasSubstr("its output \"value\" has 1, \"softmax\" has 3 beside the ground"));
  picture.classNames.pop_back();
  EXPECT_TRUE(nn::validate(picture).empty());
}

TEST(Validate, UnknownType) {
  expectIssue(chain({{"a", "conv3d", {}, {}}}), "a", "Unknown layer type \"conv3d\"");
}
TEST(Validate, UnknownField) {
  expectIssue(chain({{"a", "dense", {}, {{"units", V(3)}, {"color", V(1)}}}}), "a", "no field \"color\"");
}
TEST(Validate, MissingField) {
  expectIssue(chain({{"a", "dense", {}, {}}}), "a", "\"units\" is missing");
}
TEST(Validate, WrongFieldType) {
  expectIssue(chain({{"a", "dense", {}, {{"units", std::string("many")}}}}), "a", "must be a whole number");
  expectIssue(chain({{"a", "dense", {}, {{"units", 1e18}}}}), "a", "is out of range");
  expectIssue(chain({{"a", "dense", {}, {{"units", 2.5}}}}), "a", "must be a whole number");
  expectIssue(chain({{"a", "dense", {}, {{"units", V(3)}, {"bias", V(1)}}}}), "a", "must be true or false");
  expectIssue(chain({{"a", "activation", {}, {{"activation", V(1)}}}}), "a", "must be a text");
  expectIssue(chain({{"a", "max-pool", {}, {{"kernel", std::string("2")}}}}), "a", "must be a number or a list");
  expectIssue(chain({{"a", "dropout", {}, {{"rate", true}}}}), "a", "must be a number");
}
TEST(Validate, ValueOutOfRange) {
  expectIssue(chain({{"a", "dense", {}, {{"units", V(0)}}}}), "a", "out of range: 0");
  expectIssue(chain({{"a", "dense", {}, {{"units", std::numeric_limits<V>::max()}}}}), "a", "out of range");
  expectIssue(chain({{"a", "dropout", {}, {{"rate", 1.0}}}}), "a", "out of range");
  expectIssue(chain({{"a", "dropout", {}, {{"rate", std::numeric_limits<double>::quiet_NaN()}}}}), "a", "out of range");
  expectIssue(chain({{"a", "max-pool", {}, {{"kernel", std::vector<V>{2, -1}}}}}), "a", "out of range: -1");
  expectIssue(chain({{"a", "max-pool", {}, {{"kernel", std::vector<V>{2, 2, 2}}}}}), "a", "has 3 numbers");
  expectIssue(chain({{"a", "conv2d", {}, {{"filters", V(2)}, {"kernel", std::vector<V>{}}}}}), "a", "has 0 numbers");
  expectIssue(chain({{"a", "activation", {}, {{"activation", std::string("step")}}}}), "a", "unknown value \"step\"");
  expectIssue(chain({{"a", "max-pool", {}, {{"padding", std::string("some")}}}}), "a", "unknown value \"some\"");
  expectIssue(chain({{"a", "max-pool", {}, {{"padding", std::string("-1")}}}}), "a", "out of range: -1");
}
TEST(Validate, TakesAWholeNumberInAnyWriting) {
  EXPECT_TRUE(nn::validate(chain({{"a", "dense", {}, {{"units", 3.0}}}})).empty());
  EXPECT_TRUE(nn::validate(chain({{"a", "max-pool", {}, {{"kernel", 3.0}, {"padding", V(1)}}}})).empty());
  EXPECT_TRUE(nn::validate(chain({{"a", "max-pool", {}, {{"kernel", V(3)}, {"padding", std::string("1")}}}})).empty());
  EXPECT_TRUE(nn::validate(chain({{"a", "dropout", {}, {{"rate", V(0)}}}})).empty());
}

TEST(Validate, ReadsAnUnknownNode) {
  expectIssue(chain({{"a", "flatten", {"ghost"}, {}}}), "a", "\"ghost\", and there is no such node");
}
TEST(Validate, InputThatReads) {
  nn::NetworkSpec spec = chain({{"a", "flatten", {}, {}}});
  spec.nodes[0].inputs = {"a"};
  expectIssue(spec, "input", "cannot read another node");
}
TEST(Validate, FirstNodeWithoutInput) {
  nn::NetworkSpec spec;
  spec.nodes = {{"a", "flatten", {}, {}}, inputNode({1, 2, 2})};
  expectIssue(spec, "a", "nothing to read");
}
TEST(Validate, TwoNodesOfOneName) {
  expectIssue(chain({{"a", "flatten", {}, {}}, {"a", "softmax", {}, {}}}), "a", "Two nodes");
}
TEST(Validate, NodeWithoutName) {
  expectIssue(chain({{"", "flatten", {}, {}}}), "node 2", "has no name");
}
TEST(Validate, Cycle) {
  expectIssue(
      chain({{"a", "add", {"input", "c"}, {}}, {"b", "activation", {"a"}, {}}, {"c", "activation", {"b"}, {}}, {"d", "flatten", {}, {}}}),
      "a", "cycle");
  expectIssue(chain({{"a", "flatten", {"a"}, {}}}), "a", "cycle");
}
TEST(Validate, NothingAtAll) {
  EXPECT_THAT(nn::validate({})[0].what, HasSubstr("no nodes"));
  nn::NetworkSpec spec;
  spec.nodes = {inputNode({1, 2, 2})};
  EXPECT_THAT(nn::validate(spec)[0].what, HasSubstr("no output"));
}
TEST(Validate, NoInput) {
  nn::NetworkSpec spec;
  spec.name = "n";
  spec.nodes = {{"a", "flatten", {"b"}, {}}, {"b", "flatten", {"a"}, {}}};
  EXPECT_THAT(nn::validate(spec)[0].what, HasSubstr("no input"));
}
TEST(Validate, UnknownOutput) {
  nn::NetworkSpec spec = chain({{"a", "flatten", {}, {}}});
  spec.outputs = {"b"};
  expectIssue(spec, "chain", "outputs name \"b\"");
}

TEST(Validate, KernelLargerThanItsInput) {
  expectIssue(chain({{"a", "conv2d", {}, {{"filters", V(2)}, {"kernel", V(9)}}}}), "a",
              "kernel of 9 × 9 is larger than its padded input of 8 × 8");
  expectIssue(chain({{"a", "max-pool", {}, {{"kernel", std::vector<V>{2, 11}}, {"padding", V(1)}}}}), "a",
              "larger than its padded input of 10 × 10");
}
TEST(Validate, PaddingAsLargeAsTheKernel) {
  expectIssue(chain({{"a", "conv2d", {}, {{"filters", V(2)}, {"kernel", V(3)}, {"padding", V(3)}}}}), "a", "not smaller than the kernel");
}
TEST(Validate, ShapesThatDoNotFit) {
  expectIssue(chain({{"a", "flatten", {}, {}}, {"b", "add", {"a", "input"}, {}}}), "b", "different shapes: 64 and 8 × 8");
  expectIssue(chain({{"a", "max-pool", {}, {}}, {"b", "concat", {"a", "input"}, {}}}), "b", "different sizes: 4 × 4 and 8 × 8");
}
TEST(Validate, SizesThatLayersWithoutWeightsCannotMake) {
  expectIssue(chain({{"a", "reshape", {}, {{"shape", std::vector<V>{2, 2}}}}}), "a", "has 2 numbers");
  expectIssue(chain({{"a", "reshape", {}, {{"shape", std::vector<V>{1, 1, 7}}}}}), "a", "has 7 cells");
  expectIssue(chain({{"a", "zero-pad", {}, {{"padding", std::vector<V>{1, 2, 3}}}}}), "a", "has 3 numbers");
  expectIssue(chain({{"a", "slice", {}, {{"axis", std::string("rows")}, {"first", V(1)}, {"count", V(1000)}}}}), "a", "rows 1 to 1001");
  expectIssue(chain({{"a", "upsample", {}, {{"factor", V(0)}}}}), "a", "out of range: 0");
}
TEST(Validate, TransposedConvolutionsThatDoNotFit) {
  const auto with = [](const char* field, V value) {
    return chain({{"a", "transposed-conv2d", {}, {{"filters", V(1)}, {"kernel", V(2)}, {field, value}}}});
  };
  expectIssue(with("output-padding", 2), "a", "output padding of 2 is not smaller than the stride of 2");
  expectIssue(with("padding", 2), "a", "padding of 2 is not smaller than the kernel of 2");
}
TEST(Validate, WrongNumberOfInputs) {
  expectIssue(chain({{"a", "flatten", {"input", "input"}, {}}}), "a", "reads 1 input, not 2");
  expectIssue(chain({{"a", "add", {}, {}}}), "a", "at least 2");
}
TEST(Validate, ConnectionTables) {
  const auto table = [](const std::string& text) {
    return chain({{"a", "conv2d", {}, {{"filters", V(3)}}}, {"b", "conv2d", {}, {{"filters", V(2)}, {"connections", text}}}});
  };
  EXPECT_TRUE(nn::validate(table("0 1; 2;")).empty());
  EXPECT_TRUE(nn::validate(table("  ")).empty());
  expectIssue(table("0 1"), "b", "has 1 rows for 2 filters");
  expectIssue(table("0; 3"), "b", "\"3\"");
  expectIssue(table("0; -1"), "b", "\"-1\"");
  expectIssue(table("0; 99999999999999999999"), "b", "\"99999999999999999999\"");
  expectIssue(table("0; ; 1"), "b", "Row 1");
  expectIssue(table("0; 1 1"), "b", "names a map twice");
}

TEST(Validate, TooLarge) {
  nn::NetworkSpec spec = chain({{"a", "flatten", {}, {}}});
  spec.nodes[0] = inputNode({65536, 65536, 65536});
  EXPECT_THAT(nn::validate(spec)[0].what, HasSubstr("more than 2^31 values"));
  expectIssue(chain({{"a", "dense", {}, {{"units", V(1 << 20)}}}, {"b", "dense", {}, {{"units", V(1 << 20)}}}}), "b", "2^31 parameters");
  expectIssue(chain({{"a", "dense", {}, {{"units", V(1 << 24)}}}, {"b", "conv2d", {}, {{"filters", V(65536)}, {"kernel", V(1)}}}}), "b",
              "2^31 parameters");
  spec = chain({});
  for (int i = 0; i < 30; ++i) spec.nodes.push_back({"wide" + std::to_string(i), "dense", {"input"}, {{"units", V(1 << 24)}}});
  EXPECT_THAT(nn::validate(spec)[0].what, HasSubstr("2^31 parameters"));
  spec = chain({});
  for (int i = 0; i < 40; ++i)
    spec.nodes.push_back({"twice" + std::to_string(i), "concat", {spec.nodes.back().name, spec.nodes.back().name}, {}});
  EXPECT_THAT(nn::validate(spec)[0].what, HasSubstr("2^31"));
}

TEST(Validate, ReportsEveryNodeThatIsWrong) {
  const auto issues =
      nn::validate(chain({{"a", "dense", {}, {{"units", V(-1)}}}, {"b", "dense", {}, {{"unit", V(1)}}}, {"c", "what", {}, {}}}));
  ASSERT_EQ(issues.size(), 4u);
  EXPECT_EQ(issues[0].where, "c");
  EXPECT_EQ(issues[1].where, "a");
  EXPECT_EQ(issues[2].where, "b");
}

TEST(Validate, HostileSpecificationsTakeNoTime) {
  const auto start = std::chrono::steady_clock::now();
  nn::NetworkSpec deep = chain({});
  for (int i = 0; i < 9000; ++i) deep.nodes.push_back({"n" + std::to_string(i), "activation", {}, {}});
  EXPECT_TRUE(nn::validate(deep).empty());
  deep.nodes[1].inputs = {"n8999"};
  EXPECT_EQ(nn::validate(deep).size(), 1u);
  for (int i = 0; i < 9000; ++i) deep.nodes.push_back({"m" + std::to_string(i), "activation", {}, {}});
  EXPECT_THAT(nn::validate(deep)[0].what, HasSubstr("18001 nodes"));
  nn::NetworkSpec crowded = chain({{"a", "add", std::vector<std::string>(2000000, "input"), {}}});
  EXPECT_THAT(nn::validate(crowded)[0].what, HasSubstr("2000000 inputs"));
  nn::NetworkSpec longWords = chain({{std::string(1 << 20, 'x'), std::string(1 << 20, 'y'), {}, {{std::string(1 << 20, 'z'), V(1)}}}});
  for (const nn::Issue& issue : nn::validate(longWords)) EXPECT_LT(issue.what.size() + issue.where.size() + issue.hint.size(), 600u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
