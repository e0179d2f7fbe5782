// What exporters leave in a graph, one small graph each, with the numbers that it must give.
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <string_view>

#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using graphtest::Ints;

Floats results(const io::Model& model, const Floats& input) {
  return modeltest::outputOf(model, input);
}

TEST(OnnxGraphs, ShapesThatAreComputedFlatten) {
  // x.view(x.size(0), -1), and the same with the size of the maps multiplied in the graph.
  for (const bool multiplied : {false, true}) {
    GraphBuilder builder({2, 2, 3});
    builder.add("shape", "Shape", {"x"});
    builder.wholes("zero", {0});
    builder.wholes("one", {1});
    builder.wholes("two", {2});
    builder.wholes("three", {3});
    builder.wholes("rest", {-1});
    builder.add("batch", "Gather", {"shape", "zero"});
    builder.add("channels", "Gather", {"shape", "one"});
    builder.add("rows", "Gather", {"shape", "two"});
    builder.add("columns", "Gather", {"shape", "three"});
    builder.add("area", "Mul", {"rows", "columns"});
    builder.add("cells", "Mul", {"area", "channels"});
    builder.add("images", "Squeeze", {"batch"});
    builder.add("batch1", "Unsqueeze", {"images", "zero"});
    GraphBuilder::integer(builder.add("to", "Concat", {"batch1", multiplied ? "cells" : "rest"}), "axis", 0);
    builder.add("flat", "Reshape", {"x", "to"});
    builder.floats("w", {12, 1}, Floats(12, 2.0f));
    builder.add("y", "MatMul", {"flat", "w"});
    expectNear(results(builder.read({"y"}), Floats(12, 0.5f)), {12.0f});
  }
}

TEST(OnnxGraphs, ConstantsAreComputed) {
  // The weights are transposed, cut, joined and scaled in the graph: rows 1 and 0 of w, times 10, and a column of ones.
  GraphBuilder builder({2});
  builder.floats("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  builder.wholes("rows", {1, 0});
  builder.add("chosen", "Gather", {"w", "rows"});  // 3 4 / 1 2
  builder.floats("ten", {}, {10});
  builder.add("scaled", "Mul", {"chosen", "ten"});  // 30 40 / 10 20
  builder.floats("ones", {2, 1}, {1, 1});
  GraphBuilder::integer(builder.add("joined", "Concat", {"scaled", "ones"}), "axis", 1);  // 30 40 1 / 10 20 1
  builder.add("turned", "Transpose", {"joined"});                                         // 30 10 / 40 20 / 1 1
  builder.wholes("from", {-1});
  builder.wholes("to", {-100});
  builder.wholes("axis", {0});
  builder.wholes("back", {-1});
  builder.add("reversed", "Slice", {"turned", "from", "to", "axis", "back"});           // 1 1 / 40 20 / 30 10
  GraphBuilder::ints(builder.add("again", "Transpose", {"reversed"}), "perm", {1, 0});  // 1 40 30 / 1 20 10
  builder.floats("square", {}, {4});
  builder.add("root", "Sqrt", {"square"});
  builder.add("w2", "Div", {"again", "root"});
  builder.add("w3", "Identity", {"w2"});
  builder.add("y", "MatMul", {"x", "w3"});
  expectNear(results(builder.read({"y"}), {1, 2}), {1.5f, 40, 25});
}

TEST(OnnxGraphs, PaddingListsAreComputed) {
  // As PyTorch writes F.pad without folding: zeros are appended to (left, right, top, bottom), and the pairs turned round.
  GraphBuilder builder({1, 2, 2}, 11);
  builder.wholes("given", {1, 0, 0, 1});
  builder.wholes("missing", {4});
  builder.add("zeros", "ConstantOfShape", {"missing"});
  GraphBuilder::integer(builder.add("wholeZeros", "Cast", {"zeros"}), "to", onnx::TensorProto::INT64);
  GraphBuilder::integer(builder.add("all", "Concat", {"given", "wholeZeros"}), "axis", 0);
  builder.wholes("pairs", {-1, 2});
  builder.add("rows", "Reshape", {"all", "pairs"});
  builder.wholes("last", {-1});
  builder.wholes("before", {-9223372036854775807});
  builder.wholes("axis", {0});
  builder.add("turned", "Slice", {"rows", "last", "before", "axis", "last"});
  GraphBuilder::ints(builder.add("columns", "Transpose", {"turned"}), "perm", {1, 0});
  builder.add("list", "Reshape", {"columns", "last"});
  builder.add("padded", "Pad", {"x", "list"});
  builder.floats("w", {1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  builder.add("y", "Conv", {"padded", "w"});
  // Left 1, bottom 1.
  expectNear(results(builder.read({"y"}), {1, 10, 100, 1000}), {6532});
  builder.graph().mutable_initializer(0)->mutable_int64_data()->Set(1, 1);
  builder.graph().mutable_initializer(0)->mutable_int64_data()->Set(2, 1);
  expectNear(results(builder.read({"y"}), {1, 10, 100, 1000}), {9865, 8754, 6532, 5421});
}

TEST(OnnxGraphs, BatchNormalizationStandsAloneWhereNoWeightsComeBefore) {
  GraphBuilder builder({2, 1, 2});
  builder.floats("gamma", {2}, {2, 3});
  builder.floats("beta", {2}, {1, -1});
  builder.floats("mean", {2}, {0.5f, 0.25f});
  builder.floats("variance", {2}, {4, 1});
  onnx::AttributeProto& epsilon = *builder.add("y", "BatchNormalization", {"x", "gamma", "beta", "mean", "variance"}).add_attribute();
  epsilon.set_name("epsilon");
  epsilon.set_type(onnx::AttributeProto::FLOAT);
  epsilon.set_f(0);
  const io::Model model = builder.read({"y"});
  expectNear(results(model, {0.5f, 2.5f, 0.25f, 1.25f}), {1, 3, -1, 2});
  EXPECT_EQ(model.network->node(model.network->outputs()[0]).layer->type(), "batch-norm");
  EXPECT_TRUE(model.notes.empty());
}

TEST(OnnxGraphs, ConstantsBelongToTheChannelThatBroadcastingSays) {
  // Channels last, as the transposition says: the constant's last dimension. Behind it: the second.
  GraphBuilder builder({1, 2, 3});  // one row, two columns, three channels
  builder.floats("c", {3}, {1, 10, 100});
  GraphBuilder::ints(builder.add("first", "Transpose", {"x"}), "perm", {0, 3, 1, 2});
  builder.floats("d", {3, 1, 1}, {0.5f, 0.25f, 0.125f});
  builder.add("sum", "Add", {"d", "first"});
  GraphBuilder::ints(builder.add("last", "Transpose", {"sum"}), "perm", {0, 2, 3, 1});
  builder.add("y", "Mul", {"last", "c"});
  // In our order: channel by channel.
  expectNear(results(builder.read({"y"}), {1, 2, 3, 4, 5, 6}), {1.5f, 2.5f, 32.5f, 42.5f, 512.5f, 612.5f});
  builder.graph().mutable_initializer(0)->add_dims(1);  // one for each column
  builder.graph().mutable_initializer(0)->mutable_dims()->Set(0, 3);
  const io::Model part = builder.read({"y"});
  EXPECT_NE(part.notes.at(0).find("does not fit"), std::string::npos) << part.notes[0];
}

TEST(OnnxGraphs, AMeanOfRowsAndColumnsIsPooling) {
  for (const bool keeps : {false, true}) {
    for (const Ints& axes : {Ints{2, 3}, Ints{-1, -2}}) {
      GraphBuilder builder({2, 2, 2});
      onnx::NodeProto& mean = builder.add("mean", "ReduceMean", {"x"});
      GraphBuilder::ints(mean, "axes", axes);
      GraphBuilder::integer(mean, "keepdims", keeps ? 1 : 0);
      builder.floats("w", {2, 1}, {1, 10});
      if (keeps) builder.add("flat", "Flatten", {"mean"});
      builder.add("y", "MatMul", {keeps ? "flat" : "mean", "w"});
      expectNear(results(builder.read({"y"}), {1, 2, 3, 6, 10, 20, 30, 60}), {303});
    }
  }
}

TEST(OnnxGraphs, SqueezedAndUnsqueezedValuesStayInOrder) {
  GraphBuilder builder({2, 3, 1});
  GraphBuilder::integer(builder.add("pool", "GlobalAveragePool", {"x"}), "unused", 0);
  builder.wholes("axes", {2, 3});
  builder.add("row", "Squeeze", {"pool", "axes"});
  builder.floats("w", {2, 2}, {1, 2, 3, 4});
  builder.add("mixed", "Gemm", {"row", "w"});
  builder.add("maps", "Unsqueeze", {"mixed", "axes"});
  builder.floats("k", {1, 2, 1, 1}, {1, 100});
  builder.add("y", "Conv", {"maps", "k"});
  expectNear(results(builder.read({"y"}), {1, 2, 3, 0, 1, 2}), {2 + 3 + 100 * (4 + 4)});
}

TEST(OnnxGraphs, ZerosInAReshapeKeepTheDimension) {
  GraphBuilder builder({2, 2, 2});
  builder.wholes("same", {0, 0, -1, 2});
  builder.wholes("flat", {0, -1});
  builder.add("maps", "Reshape", {"x", "same"});
  builder.add("row", "Reshape", {"maps", "flat"});
  builder.floats("w", {8, 1}, {1, 2, 3, 4, 5, 6, 7, 8});
  builder.add("y", "MatMul", {"row", "w"});
  expectNear(results(builder.read({"y"}), {1, 0, 1, 0, 0, 1, 0, 1}), {1 + 3 + 6 + 8});
}

TEST(OnnxGraphs, DifferencesAndOppositesOfConstants) {
  GraphBuilder builder({3});
  builder.floats("one", {}, {1});
  builder.floats("c", {3}, {1, 2, 3});
  builder.add("a", "Sub", {"one", "x"});
  builder.add("b", "Neg", {"a"});
  builder.add("y", "Sub", {"b", "c"});
  expectNear(results(builder.read({"y"}), {5, 6, 7}), {3, 3, 3});
}

TEST(OnnxGraphs, ImagesOfBytesAreTakenAsTheyAreHere) {
  // Keras: Rescaling(1 / 127.5, offset = -1).
  GraphBuilder builder({1, 1, 2});
  builder.floats("factor", {}, {1 / 127.5f});
  builder.floats("offset", {}, {-1});
  builder.add("scaled", "Mul", {"x", "factor"});
  builder.add("y", "Add", {"scaled", "offset"});
  const io::Model model = builder.read({"y"});
  expectNear(results(model, {0, 255}), {-1, 1});
  EXPECT_EQ(model.network->spec().input.high, 255);
  ASSERT_EQ(model.notes.size(), 1u);
  EXPECT_NE(model.notes[0].find("255"), std::string::npos) << model.notes[0];
}

TEST(OnnxGraphs, ClippingIsExactOnBothSides) {
  GraphBuilder builder({5});
  builder.floats("low", {}, {-0.5f});
  builder.floats("high", {}, {6});
  builder.add("y", "Clip", {"x", "low", "high"});
  expectNear(results(builder.read({"y"}), {-3, -0.5f, 0.25f, 6, 9}), {-0.5f, -0.5f, 0.25f, 6, 6});
  builder.graph().mutable_node(0)->set_input(1, "");
  expectNear(results(builder.read({"y"}), {-3, -0.5f, 0.25f, 6, 9}), {-3, -0.5f, 0.25f, 6, 6});
  builder.graph().mutable_node(0)->mutable_input()->RemoveLast();
  builder.graph().mutable_node(0)->set_input(1, "low");
  expectNear(results(builder.read({"y"}), {-3, -0.5f, 0.25f, 6, 9}), {-0.5f, -0.5f, 0.25f, 6, 9});
}

TEST(OnnxGraphs, TheSmallerAndTheLargerOfANumber) {
  GraphBuilder builder({4});
  builder.floats("six", {}, {6});
  builder.floats("two", {1}, {2});
  builder.add("below", "Min", {"six", "x"});
  builder.add("y", "Max", {"below", "two"});
  expectNear(results(builder.read({"y"}), {-3, 2.5f, 6, 9}), {2, 2.5f, 6, 6});
}

TEST(OnnxGraphs, PaddingNeverWinsAMaximumThoughItDiffersFromSideToSide) {
  GraphBuilder builder({1, 2, 2});
  builder.floats("w", {1, 1, 1, 1}, {-1});
  builder.add("conv", "Conv", {"x", "w"});
  onnx::NodeProto& pool = builder.add("y", "MaxPool", {"conv"});
  GraphBuilder::ints(pool, "kernel_shape", {2, 2});
  GraphBuilder::ints(pool, "pads", {1, 0, 0, 0});
  expectNear(results(builder.read({"y"}), {4, 1, 2, 0.5f}), {-1, -0.5f});
}

TEST(OnnxGraphs, SameLowerPutsTheOddZeroFirst) {
  GraphBuilder builder({1, 1, 4});
  builder.floats("w", {1, 1, 1, 2}, {1, 10});
  onnx::NodeProto& conv = builder.add("y", "Conv", {"x", "w"});
  onnx::AttributeProto& automatic = *conv.add_attribute();
  automatic.set_name("auto_pad");
  automatic.set_type(onnx::AttributeProto::STRING);
  automatic.set_s("SAME_LOWER");
  expectNear(results(builder.read({"y"}), {1, 2, 3, 4}), {10, 21, 32, 43});
  automatic.set_s("SAME_UPPER");
  expectNear(results(builder.read({"y"}), {1, 2, 3, 4}), {21, 32, 43, 4});
}

TEST(OnnxGraphs, ZerosThatAutomaticPaddingAddsCountInAMeanThatCountsThem) {
  for (const bool counts : {true, false}) {
    for (const char* padding : {"SAME_UPPER", "SAME_LOWER"}) {
      SCOPED_TRACE(padding);
      GraphBuilder builder({1, 1, 3});
      onnx::NodeProto& mean = builder.add("mean", "AveragePool", {"x"});
      GraphBuilder::ints(mean, "kernel_shape", {1, 2});
      GraphBuilder::text(mean, "auto_pad", padding);
      GraphBuilder::integer(mean, "count_include_pad", counts);
      const bool upper = std::string_view(padding) == "SAME_UPPER";
      const float edge = counts ? (upper ? 4.5f : 1.5f) : (upper ? 9.0f : 3.0f);
      const Floats wanted = upper ? Floats{4.5f, 7.5f, edge} : Floats{edge, 4.5f, 7.5f};
      expectNear(results(builder.read({"mean"}), {3, 6, 9}), wanted);
    }
  }
}

TEST(OnnxGraphs, NumbersBeyondAllSizesAreNoHarm) {
  GraphBuilder builder({1, 4, 4});
  builder.weights("w", {1, 1, 3, 3});
  GraphBuilder::ints(builder.add("y", "Conv", {"x", "w"}), "strides", {std::numeric_limits<std::int64_t>::max(), 1});
  EXPECT_NE(modeltest::refusalOf([&] { builder.read({"y"}); }).what.find("out of range"), std::string::npos);
  GraphBuilder reshaped({1, 4, 4});
  reshaped.wholes("to", {-1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()});
  reshaped.add("y", "Reshape", {"x", "to"});
  EXPECT_FALSE(modeltest::refusalOf([&] { reshaped.read({"y"}); }).what.empty());
}

TEST(OnnxGraphs, OperatorsWithoutTheirInputsAreNoHarm) {
  // Layer normalization as nine nodes, of which one after the other loses its inputs.
  const auto layerNorm = [] {
    GraphBuilder builder({1, 2, 2});
    builder.floats("two", {}, {2});
    builder.floats("epsilon", {}, {1e-5f});
    builder.weights("scale", {1, 2, 2});
    builder.weights("bias", {1, 2, 2});
    GraphBuilder::ints(builder.add("mean", "ReduceMean", {"x"}), "axes", {1, 2, 3});
    builder.add("centered", "Sub", {"x", "mean"});
    builder.add("square", "Pow", {"centered", "two"});
    GraphBuilder::ints(builder.add("variance", "ReduceMean", {"square"}), "axes", {1, 2, 3});
    builder.add("raised", "Add", {"variance", "epsilon"});
    builder.add("root", "Sqrt", {"raised"});
    builder.add("normal", "Div", {"centered", "root"});
    builder.add("scaled", "Mul", {"normal", "scale"});
    builder.add("y", "Add", {"scaled", "bias"});
    return builder;
  };
  EXPECT_GE(layerNorm().read({"y"}).network->nodes().size(), 2u);
  for (int node = 0; node < 9; ++node) {
    for (const int keeps : {0, 1}) {
      GraphBuilder builder = layerNorm();
      auto& inputs = *builder.graph().mutable_node(node)->mutable_input();
      if (inputs.size() <= keeps) continue;
      inputs.DeleteSubrange(keeps, inputs.size() - keeps);
      bool whole = true;
      const std::string refused = modeltest::refusalText([&] { whole = builder.read({"y"}).unread.empty(); });
      EXPECT_TRUE(!refused.empty() || !whole) << node;
    }
  }
}

TEST(OnnxGraphs, AnEluOfFlattenedMapsIsRead) {
  GraphBuilder builder({1, 2, 2});
  builder.add("flat", "Flatten", {"x"});
  GraphBuilder::number(builder.add("y", "Elu", {"flat"}), "alpha", 0.2f);
  const float below = 0.2f * (std::exp(-1.0f) - 1);
  expectNear(results(builder.read({"y"}), {1, -1, 0, 3}), {1, below, 0, 3});
}

// Spatial attention.
TEST(OnnxGraphs, OneMapMultipliesAllMaps) {
  for (const bool first : {false, true}) {
    GraphBuilder builder({2, 1, 2});
    builder.floats("w", {1, 2, 1, 1}, {1, 10});
    builder.add("gate", "Conv", {"x", "w"});
    builder.add("y", "Mul", first ? std::vector<std::string>{"gate", "x"} : std::vector<std::string>{"x", "gate"});
    expectNear(results(builder.read({"y"}), {1, 2, 3, 4}), {31, 84, 93, 168});
  }
}

TEST(OnnxGraphs, ItIsSaidTrulyWhyTheyAreNotRead) {
  GraphBuilder indices({1, 4, 4});
  onnx::NodeProto& pool = indices.add("pool", "MaxPool", {"x"});
  GraphBuilder::ints(pool, "kernel_shape", {2, 2});
  pool.add_output("places");
  indices.add("y", "Relu", {"places"});
  const std::string told = testing::PrintToString(indices.read({"y"}).notes);
  EXPECT_NE(told.find("its input 'places' is not the first output of node 'pool' (MaxPool), and only that is read"), std::string::npos)
      << told;
  GraphBuilder empty({4, 1, 1});
  empty.add("flat", "Flatten", {"x"});
  empty.floats("w", {0, 4}, {});
  GraphBuilder::integer(empty.add("y", "Gemm", {"flat", "w"}), "transB", 1);
  EXPECT_EQ(modeltest::refusalOf([&] { empty.read({"y"}); }).what, "it has no units: its weights are 0 × 4");
}

TEST(OnnxGraphs, TwoThingsOfOneNameAreRefused) {
  GraphBuilder twice({2});
  for (const float value : {1.0f, 2.0f}) twice.floats("w", {2, 1}, {value, value});
  twice.add("y", "MatMul", {"x", "w"});
  EXPECT_EQ(modeltest::refusalOf([&] { twice.read({"y"}); }).what, "two of its initializers are called 'w'");
  for (const char* op : {"Relu", "Identity"}) {
    GraphBuilder both({2});
    both.floats("w", {2, 2}, {1, 2, 3, 4});
    both.floats("v", {2, 2}, {1, 2, 3, 4});
    both.add("w", op, {std::string_view(op) == "Relu" ? "x" : "v"});
    both.add("y", "MatMul", {"x", "w"});
    EXPECT_EQ(modeltest::refusalOf([&] { both.read({"y"}); }).what, "its output 'w' is a constant of the file as well") << op;
  }
}

TEST(OnnxGraphs, AConvolutionThatContradictsItselfIsRefused) {
  const auto read = [](const char* name, const Ints& sizes, const char* automatic) {
    GraphBuilder builder({1, 5, 5});
    builder.weights("w", {2, 1, 3, 3});
    onnx::NodeProto& node = builder.add("y", "Conv", {"x", "w"});
    GraphBuilder::ints(node, name, sizes);
    node.add_attribute()->set_name("auto_pad");
    node.mutable_attribute(1)->set_s(automatic);
    return builder.read({"y"}).network->outputShape();
  };
  const auto refused = [&](const char* name, const Ints& sizes, const char* automatic) {
    return modeltest::refusalOf([&] { read(name, sizes, automatic); }).what;
  };
  EXPECT_EQ(refused("kernel_shape", {5, 5}, "NOTSET"), "its kernel_shape is 5 × 5, and its weights hold kernels of 3 × 3");
  EXPECT_NE(refused("kernel_shape", {3, 3}, "FOO").find("FOO"), std::string::npos);
  EXPECT_NE(refused("pads", {1, 1, 1, 1}, "VALID").find("contradict"), std::string::npos);
  EXPECT_NE(refused("pads", {2, 2, 2, 2}, "SAME_UPPER").find("contradict"), std::string::npos);
  EXPECT_EQ(read("pads", {1, 1, 1, 1}, "SAME_UPPER"), (nn::Shape{2, 5, 5})) << "they say the same";
}

// Label first, picture second: the drawing goes to the first input.
TEST(OnnxGraphs, TheFirstInputIsAPictureThatTheAnswerDependsOn) {
  const auto read = [](const std::function<void(GraphBuilder&)>& add) {
    GraphBuilder builder({10});
    builder.graph().mutable_input(0)->set_name("label");
    *builder.graph().add_input() = GraphBuilder({1, 4, 4}).graph().input(0);
    builder.weights("w", {16, 3});
    builder.add("flat", "Flatten", {"x"});
    builder.add("of-picture", "MatMul", {"flat", "w"});
    add(builder);
    return builder.read({"y"});
  };
  const auto first = [](const io::Model& model) { return model.network->node(model.network->inputs().front()).name; };
  EXPECT_EQ(first(read([](GraphBuilder& builder) { builder.add("y", "Relu", {"of-picture"}); })), "x") << "nothing reads the label";
  EXPECT_EQ(first(read([](GraphBuilder& builder) {
              builder.weights("v", {10, 3});
              builder.add("of-label", "MatMul", {"label", "v"});
              builder.add("y", "Add", {"of-picture", "of-label"});
            })),
            "x")
      << "a picture, and the label is none";
  EXPECT_EQ(first(read([](GraphBuilder& builder) {
              builder.weights("v", {10, 3});
              builder.add("y", "MatMul", {"label", "v"});
            })),
            "label")
      << "the answer does not depend on the picture";
}

}  // namespace
