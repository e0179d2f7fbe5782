// Graphs in which tensors meet that are all computed from the picture: attention, quotients, norms written out; and what they need:
// dimensions that take the batch in, constants beside computed values, functions that are no activations, whole numbers of few bits.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using graphtest::Ints;
using modeltest::wholeOutputOf;
using testing::Contains;
using testing::HasSubstr;

std::vector<std::string> typesOf(const io::Model& model) {
  std::vector<std::string> types;
  for (const nn::Network::Node& node : model.network->nodes()) types.emplace_back(node.layer->type());
  return types;
}

constexpr int kTokens = 4, kHeads = 2, kWidth = 3;
Floats tokens() {
  Floats values(kTokens * kHeads * kWidth);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.1f * float(i * 7 % 11) - 0.4f;
  return values;
}

// softmax(X Xᵀ) X of each head, where the values of a token are those of its heads in a row.
Floats attended(const Floats& x) {
  Floats result(x.size());
  const auto at = [&](int token, int head, int i) { return x[std::size_t((token * kHeads + head) * kWidth + i)]; };
  for (int head = 0; head < kHeads; ++head)
    for (int token = 0; token < kTokens; ++token) {
      float scores[kTokens] = {}, sum = 0;
      for (int other = 0; other < kTokens; ++other) {
        for (int i = 0; i < kWidth; ++i) scores[other] += at(token, head, i) * at(other, head, i);
        sum += scores[other] = std::exp(scores[other]);
      }
      for (int i = 0; i < kWidth; ++i)
        for (int other = 0; other < kTokens; ++other)
          result[std::size_t((token * kHeads + head) * kWidth + i)] += scores[other] / sum * at(other, head, i);
    }
  return result;
}

// "heads" is [..., tokens, width]; adds "mixed" of the same dimensions.
void addAttention(GraphBuilder& builder, const Ints& swapped) {
  GraphBuilder::ints(builder.add("turned", "Transpose", {"heads"}), "perm", swapped);
  builder.add("scores", "MatMul", {"heads", "turned"});
  GraphBuilder::integer(builder.add("shares", "Softmax", {"scores"}), "axis", -1);
  builder.add("mixed", "MatMul", {"shares", "heads"});
}

TEST(OnnxJoins, AttentionWithTheBatchFirst) {
  GraphBuilder builder({kTokens, kHeads * kWidth});
  builder.wholes("split", {0, kTokens, kHeads, kWidth});
  builder.wholes("joined", {0, kTokens, kHeads * kWidth});
  builder.add("parts", "Reshape", {"x", "split"});
  GraphBuilder::ints(builder.add("heads", "Transpose", {"parts"}), "perm", {0, 2, 1, 3});
  addAttention(builder, {0, 1, 3, 2});
  GraphBuilder::ints(builder.add("back", "Transpose", {"mixed"}), "perm", {0, 2, 1, 3});
  builder.add("y", "Reshape", {"back", "joined"});
  const io::Model model = builder.read({"y"});
  expectNear(wholeOutputOf(model, tokens()), attended(tokens()));
  EXPECT_THAT(typesOf(model), Contains("matmul").Times(2));
}

// As PyTorch's MultiheadAttention is exported: tokens come first, and the heads of all images lie in one dimension.
TEST(OnnxJoins, AttentionWithTheBatchAmongOtherDimensions) {
  GraphBuilder builder({kTokens, kHeads * kWidth});
  builder.wholes("split", {kTokens, kHeads, kWidth});
  builder.wholes("joined", {kTokens, 1, kHeads * kWidth});
  GraphBuilder::ints(builder.add("first", "Transpose", {"x"}), "perm", {1, 0, 2});
  builder.add("parts", "Reshape", {"first", "split"});
  GraphBuilder::ints(builder.add("heads", "Transpose", {"parts"}), "perm", {1, 0, 2});
  addAttention(builder, {0, 2, 1});
  GraphBuilder::ints(builder.add("back", "Transpose", {"mixed"}), "perm", {1, 0, 2});
  builder.add("rows", "Reshape", {"back", "joined"});
  GraphBuilder::ints(builder.add("y", "Transpose", {"rows"}), "perm", {1, 0, 2});
  expectNear(wholeOutputOf(builder.read({"y"}), tokens()), attended(tokens()));
}

// As timm writes it: queries, keys and values are one dimension of five, which comes first.
TEST(OnnxJoins, PartsOfATensorOfFiveDimensions) {
  GraphBuilder builder({2, 6});
  builder.wholes("split", {0, 2, 3, 1, 2});
  onnx::TensorProto& one = *builder.graph().add_initializer();
  one.set_name("one");
  one.set_data_type(onnx::TensorProto::INT64);
  one.add_int64_data(1);
  builder.add("parts", "Reshape", {"x", "split"});
  GraphBuilder::ints(builder.add("first", "Transpose", {"parts"}), "perm", {2, 0, 3, 1, 4});
  GraphBuilder::integer(builder.add("second", "Gather", {"first", "one"}), "axis", 0);
  onnx::TensorProto& none = *builder.graph().add_initializer() = one;
  none.set_name("none");
  none.set_int64_data(0, 0);
  GraphBuilder::integer(builder.add("queries", "Gather", {"first", "none"}), "axis", 0);
  builder.add("y", "Add", {"second", "queries"});
  const io::Model model = builder.read({"y"});
  expectNear(wholeOutputOf(model, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), {1 + 3, 2 + 4, 7 + 9, 8 + 10});
  EXPECT_THAT(typesOf(model), Contains("slice").Times(2));
  EXPECT_THAT(typesOf(model), Contains("reshape").Times(2));
}

// What a graph makes of two maps of 1 x 2.
struct Joint {
  const char* what;
  std::function<void(GraphBuilder&)> add;
  Floats wanted;
};

class OnnxJoint : public testing::TestWithParam<Joint> {};

TEST_P(OnnxJoint, IsComputedAsTheStandardSays) {
  GraphBuilder builder({2, 1, 2});
  builder.floats("half", {}, {0.5f});
  builder.floats("one", {}, {1});
  GetParam().add(builder);
  expectNear(wholeOutputOf(builder.read({"y"}), {1, 2, 4, 0.5f}), GetParam().wanted);
}

const Joint kJoints[] = {
    {"Quotient",
     [](GraphBuilder& b) {
       b.add("s", "Add", {"x", "one"}), b.add("y", "Div", {"x", "s"});
     },
     {0.5f, 2.0f / 3, 0.8f, 1.0f / 3}},
    {"InverseOfOne",
     [](GraphBuilder& b) {
       b.add("y", "Div", {"one", "x"});
     },
     {1, 0.5f, 0.25f, 2}},
    {"LessTheMeanOfChannels",
     [](GraphBuilder& b) {
       GraphBuilder::ints(b.add("m", "ReduceMean", {"x"}), "axes", {1});
       b.add("y", "Sub", {"x", "m"});
     },
     {-1.5f, 0.75f, 1.5f, -0.75f}},
    {"ByTheRootOfSquares",
     [](GraphBuilder& b) {
       b.add("q", "Mul", {"x", "x"});
       GraphBuilder::ints(b.add("m", "ReduceSum", {"q"}), "axes", {3});
       b.add("r", "Sqrt", {"m"});
       b.add("y", "Div", {"x", "r"});
     },
     {1 / std::sqrt(5.0f), 2 / std::sqrt(5.0f), 4 / std::sqrt(16.25f), 0.5f / std::sqrt(16.25f)}},
    {"OfOtherRanks",
     [](GraphBuilder& b) {
       b.wholes("flat", {2});
       onnx::NodeProto& largest = b.add("m", "ReduceMax", {"x"});
       GraphBuilder::ints(largest, "axes", {1, 2});
       GraphBuilder::integer(largest, "keepdims", 0);
       b.add("v", "Reshape", {"m", "flat"});
       b.add("y", "Mul", {"x", "v"});
     },
     {4, 4, 16, 1}},
    {"Powers",
     [](GraphBuilder& b) {
       b.floats("p", {}, {1.5f}), b.add("y", "Pow", {"x", "p"});
     },
     {1, std::pow(2.0f, 1.5f), 8, std::pow(0.5f, 1.5f)}},
    {"Erf", [](GraphBuilder& b) { b.add("y", "Erf", {"x"}); }, {std::erf(1.0f), std::erf(2.0f), std::erf(4.0f), std::erf(0.5f)}},
    {"LogOfExp", [](GraphBuilder& b) { b.add("e", "Exp", {"x"}), b.add("y", "Log", {"e"}); }, {1, 2, 4, 0.5f}},
    {"Waves",
     [](GraphBuilder& b) {
       b.add("s", "Sin", {"x"}), b.add("c", "Cos", {"x"});
       b.add("p", "Mul", {"s", "s"}), b.add("q", "Mul", {"c", "c"});
       b.add("y", "Add", {"p", "q"});
     },
     {1, 1, 1, 1}},
    {"ConstantsInARow",
     [](GraphBuilder& b) {
       b.floats("before", {1, 1, 1, 2}, {7, 8});
       b.floats("behind", {1, 2, 1, 2}, {9, 10, 11, 12});
       GraphBuilder::integer(b.add("y", "Concat", {"before", "x", "behind", "x"}), "axis", 1);
     },
     {7, 8, 1, 2, 4, 0.5f, 9, 10, 11, 12, 1, 2, 4, 0.5f}},
    {"ConstantsBesideColumns",
     [](GraphBuilder& b) {
       b.floats("before", {1, 2, 1, 1}, {7, 8});
       GraphBuilder::integer(b.add("y", "Concat", {"before", "x"}), "axis", 3);
     },
     {7, 1, 2, 8, 4, 0.5f}},
    {"AMatrixForEachMap",
     [](GraphBuilder& b) {
       b.floats("w", {2, 2, 1}, {1, 10, 2, 4}), b.add("y", "MatMul", {"x", "w"});
     },
     {21, 10}},
    {"AMatrixFromTheLeft",
     [](GraphBuilder& b) {
       b.floats("w", {2, 1}, {1, 10}), b.add("y", "MatMul", {"w", "x"});
     },
     {1, 2, 10, 20, 4, 0.5f, 40, 5}},
    {"FlattenedFromTheThird",
     [](GraphBuilder& b) {
       GraphBuilder::integer(b.add("f", "Flatten", {"x"}), "axis", 2), b.floats("w", {2, 1}, {1, 10}), b.add("y", "MatMul", {"f", "w"});
     },
     {21, 9}},
    {"SlopesOfCells",
     [](GraphBuilder& b) {
       b.floats("two", {}, {2}), b.floats("slopes", {2, 1, 2}, {0.1f, 0.2f, 0.3f, 0.4f});
       b.add("q", "Mul", {"x", "x"});
       b.add("s", "Sub", {"q", "two"});
       b.add("y", "PRelu", {"s", "slopes"});
     },
     {-0.1f, 2, 14, -0.7f}},
    {"PlacesOfAGrid",
     [](GraphBuilder& b) {
       b.floats("g", {1, 1, 3, 2}, {-0.5f, 0, 0, 0, 1, 0});
       GraphBuilder::text(b.add("y", "GridSample", {"x", "g"}), "mode", "bilinear");
     },
     {1, 1.5f, 1, 4, 2.25f, 0.25f}},
    {"PlacesBeyondTheBorder",
     [](GraphBuilder& b) {
       b.floats("g", {1, 1, 2, 2}, {-3, 5, 1.75f, 0});
       onnx::NodeProto& node = b.add("y", "GridSample", {"x", "g"});
       GraphBuilder::text(node, "mode", "nearest"), GraphBuilder::text(node, "padding_mode", "border");
     },
     {1, 2, 4, 0.5f}},
    {"MeanAndVariance", [](GraphBuilder& b) { b.add("y", "MeanVarianceNormalization", {"x"}); }, {-1, 1, 1, -1}},
    {"NothingButTheInput", [](GraphBuilder& b) { b.add("y", "Identity", {"x"}); }, {1, 2, 4, 0.5f}},
};

INSTANTIATE_TEST_SUITE_P(Standard, OnnxJoint, testing::ValuesIn(kJoints), [](const auto& test) { return test.param.what; });

TEST(OnnxJoins, GeluIsOneActivationHoweverItIsWritten) {
  for (const char* form : {"bracket", "whole", "first"}) {
    GraphBuilder builder({3});
    builder.weights("w", {3, 2});
    builder.floats("root", {}, {std::sqrt(2.0f)});
    builder.floats("one", {}, {1});
    builder.floats("half", {}, {0.5f});
    builder.add("m", "MatMul", {"x", "w"});
    const std::string which = form;
    if (which == "first") builder.add("h", "Mul", {"m", "half"});
    builder.add("d", "Div", {"m", "root"});
    builder.add("e", "Erf", {"d"});
    builder.add("b", "Add", {"e", "one"});
    if (which == "bracket") builder.add("h", "Mul", {"b", "half"}), builder.add("y", "Mul", {"m", "h"});
    if (which == "whole") builder.add("p", "Mul", {"m", "b"}), builder.add("y", "Mul", {"p", "half"});
    if (which == "first") builder.add("y", "Mul", {"h", "b"});
    const io::Model model = builder.read({"y"});
    EXPECT_EQ(model.network->nodes().size(), 2u) << form;
    EXPECT_EQ(model.network->nodes().back().layer->activation(), nn::Activation::Gelu) << form;
  }
}

class Quantized : public testing::Test {
 protected:
  void whole(const char* name, int type, const Ints& dims, const std::vector<int>& values) {
    onnx::TensorProto& tensor = *builder.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t dim : dims) tensor.add_dims(dim);
    for (const int value : values) tensor.add_int32_data(value);
  }
  void SetUp() override {
    builder.floats("xs", {}, {0.5f});
    builder.floats("ws", {2}, {0.25f, 0.5f});
    builder.floats("ys", {}, {0.1f});
    whole("xz", onnx::TensorProto::UINT8, {}, {10});
    whole("wz", onnx::TensorProto::INT8, {2}, {0, 2});
    whole("yz", onnx::TensorProto::UINT8, {}, {0});
    builder.add("q", "QuantizeLinear", {"x", "xs", "xz"});
  }
  GraphBuilder builder{{2, 1, 1}};
};

// Kernels 1, -2 and 3, 0; biases 1 and -1. What is below zero does not fit the whole numbers of the result.
TEST_F(Quantized, ConvolutionsOfWholeNumbersAreThoseOfFractions) {
  whole("w", onnx::TensorProto::INT8, {2, 2, 1, 1}, {4, -8, 8, 2});
  whole("b", onnx::TensorProto::INT32, {2}, {8, -4});
  builder.add("c", "QLinearConv", {"q", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"});
  builder.add("y", "DequantizeLinear", {"c", "ys", "yz"});
  const io::Model model = builder.read({"y"});
  expectNear(wholeOutputOf(model, {1, 3}), {0, 2});
  EXPECT_THAT(model.notes, Contains(HasSubstr("not rounded")));
}

TEST_F(Quantized, SumsOfOnnxRuntimeAreRead) {
  builder.add("s", "QLinearAdd", {"q", "xs", "xz", "q", "xs", "xz", "ys", "yz"}).set_domain("com.microsoft");
  builder.add("y", "DequantizeLinear", {"s", "ys", "yz"});
  expectNear(wholeOutputOf(builder.read({"y"}), {1, 3}), {2, 6});
}

TEST_F(Quantized, ScalesThatDependOnThePictureAreOfNoAccount) {
  whole("w", onnx::TensorProto::INT8, {2, 2, 1, 1}, {4, -8, 8, 2});
  onnx::NodeProto& node = builder.add("d", "DynamicQuantizeLinear", {"x"});
  node.add_output("scale"), node.add_output("zero");
  builder.add("c", "ConvInteger", {"d", "w", "zero"});
  GraphBuilder::integer(builder.add("f", "Cast", {"c"}), "to", onnx::TensorProto::FLOAT);
  builder.add("both", "Mul", {"scale", "xs"});
  builder.add("y", "Mul", {"f", "both"});
  expectNear(wholeOutputOf(builder.read({"y"}), {1, 3}), {-10, 7});
}

}  // namespace
