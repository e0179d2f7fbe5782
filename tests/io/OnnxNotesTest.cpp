// What the import of a graph says: of what could not be read, and of what was taken for granted.
#include <gtest/gtest.h>
#include <stdexcept>

#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using graphtest::Ints;

// A stem, a branch that can be read with its own output, and one that cannot, with a layer behind it.
GraphBuilder branched() {
  GraphBuilder builder({1, 4, 4});
  builder.weights("stem.weight", {2, 1, 3, 3});
  builder.add("stem", "Conv", {"x", "stem.weight"});
  builder.add("odd", "NonZero", {"stem"});
  builder.weights("behind.weight", {1, 2, 1, 1});
  builder.add("behind", "Conv", {"odd", "behind.weight"});
  builder.add("flat", "Flatten", {"stem"});
  builder.weights("head.weight", {8, 3});
  builder.add("head", "MatMul", {"flat", "head.weight"});
  return builder;
}

TEST(OnnxInPart, WhatCannotBeReadIsNamedAndTheRestIsComputed) {
  GraphBuilder builder = branched();
  const io::Model part = builder.read({"behind", "head"});
  EXPECT_EQ(part.network->nodes().size(), 3u);
  EXPECT_EQ(part.network->outputs().size(), 1u);
  EXPECT_EQ(part.network->outputShape(), (nn::Shape{3, 1, 1}));
  ASSERT_EQ(part.notes.size(), 2u);
  EXPECT_NE(part.notes[0].find("NonZero"), std::string::npos);
  EXPECT_NE(part.notes[0].find("'odd'"), std::string::npos);
  EXPECT_NE(part.notes[0].find("export the model"), std::string::npos) << "what could be done: " << part.notes[0];
  EXPECT_NE(part.notes[1].find("2 of 5"), std::string::npos) << part.notes[1];
  const io::Model whole = builder.read({"head"});
  expectNear(modeltest::outputOf(part), modeltest::outputOf(whole));
}

TEST(OnnxInPart, TheBorderIsTheOutputWhereNoneIsLeft) {
  const io::Model part = branched().read({"behind"});
  EXPECT_EQ(part.network->outputs().size(), 1u);
  EXPECT_EQ(part.network->node(part.network->outputs()[0]).layer->type(), "dense") << "what nothing reads any more";
  GraphBuilder chain({1, 3, 3});
  chain.weights("w", {2, 1, 2, 2});
  chain.add("conv", "Conv", {"x", "w"});
  chain.add("odd", "NonZero", {"conv"});
  chain.add("y", "Relu", {"odd"});
  const io::Model stem = chain.read({"y"});
  EXPECT_EQ(stem.network->outputShape(), (nn::Shape{2, 2, 2}));
}

TEST(OnnxInPart, OperatorsThatKeepTheShapeArePassedOver) {
  GraphBuilder builder = branched();
  builder.graph().mutable_node(1)->set_op_type("Sinh");
  const io::Model part = builder.read({"behind", "head"});
  EXPECT_EQ(part.network->outputs().size(), 2u);
  EXPECT_EQ(part.network->outputShape(), (nn::Shape{1, 2, 2})) << "what lies behind is drawn";
  EXPECT_GE(part.network->find("unread-Sinh"), 0);
  ASSERT_EQ(part.notes.size(), 2u);
  EXPECT_NE(part.notes[0].find("'odd' (Sinh)"), std::string::npos) << part.notes[0];
  EXPECT_NE(part.notes[0].find("ConvScope reads"), std::string::npos) << "what could be done: " << part.notes[0];
  EXPECT_NE(part.notes[1].find("1 of 5"), std::string::npos) << part.notes[1];
  EXPECT_NE(part.notes[1].find("not the model's"), std::string::npos) << part.notes[1];
}

// Whoever must not go on with half a model learns it from the model itself.
TEST(OnnxInPart, AModelKnowsWhetherItIsWhole) {
  GraphBuilder builder = branched();
  const io::Model part = builder.read({"head", "behind"});
  ASSERT_EQ(part.unread.size(), 1u);
  EXPECT_EQ(io::unreadText(part), "1 of its operators is not read: node 'odd' (NonZero)");
  const io::Model whole = builder.read({"head"});
  EXPECT_TRUE(whole.unread.empty()) << "no output needs the operator";
  EXPECT_EQ(io::unreadText(whole), "");
  builder.graph().mutable_node(1)->set_op_type("Sinh");
  EXPECT_EQ(builder.read({"behind"}).unread.size(), 1u) << "passed over";
  builder.graph().mutable_node(1)->set_op_type("Cast");
  GraphBuilder::integer(*builder.graph().mutable_node(1), "to", onnx::TensorProto::INT64);
  EXPECT_EQ(builder.read({"behind"}).unread.size(), 1u) << "whole numbers";
}

TEST(OnnxInPart, NothingButTheInputIsNoNetwork) {
  for (const char* op : {"NonZero", "Sinh"}) {
    GraphBuilder builder({3});
    builder.add("y", op, {"x"});
    const nn::Issue issue = modeltest::refusalOf([&] { builder.read({"y"}); });
    EXPECT_NE(issue.what.find(op), std::string::npos);
    EXPECT_NE(issue.where.find("'y'"), std::string::npos);
    EXPECT_FALSE(issue.hint.empty());
  }
}

TEST(OnnxInPart, ManyOperatorsThatCannotBeReadMakeFewNotes) {
  GraphBuilder builder({1, 4, 4});
  builder.weights("w", {1, 1, 3, 3});
  builder.add("conv", "Conv", {"x", "w"});
  std::vector<std::string> outputs{"conv"};
  for (int i = 0; i < 100; ++i) {
    outputs.push_back("odd" + std::to_string(i));
    builder.add(outputs.back(), "NonZero", {"conv"});
  }
  const io::Model part = builder.read(outputs);
  ASSERT_EQ(part.notes.size(), 2u);
  EXPECT_NE(part.notes[0].find("'odd0' (NonZero) and 99 more"), std::string::npos) << part.notes[0];
  EXPECT_NE(part.notes[1].find("100 of 101"), std::string::npos) << part.notes[1];
  for (int i = 0; i < 20; ++i) builder.graph().mutable_node(1 + i)->set_op_type("Unknown" + std::to_string(i));
  EXPECT_LE(builder.read(outputs).notes.size(), 8u);
}

std::string notesOf(const io::Model& model) {
  std::string all;
  for (const std::string& note : model.notes) all += note + "\n";
  return all;
}

// A convolution, batch normalization, pooling, dropout and a reshape, which tests add words to.
GraphBuilder chain() {
  GraphBuilder builder({1, 4, 4});
  builder.weights("w", {2, 1, 3, 3});
  builder.add("conv", "Conv", {"x", "w"});
  for (const char* name : {"gamma", "beta", "mean", "variance"}) builder.floats(name, {2}, {0.5f, 0.25f});
  builder.add("norm", "BatchNormalization", {"conv", "gamma", "beta", "mean", "variance"});
  GraphBuilder::ints(builder.add("pool", "MaxPool", {"norm"}), "kernel_shape", {2, 2});
  builder.add("drop", "Dropout", {"pool"});
  builder.wholes("flat", {-1, 2});
  builder.add("y", "Reshape", {"drop", "flat"});
  return builder;
}

onnx::NodeProto& nodeOf(GraphBuilder& builder, const std::string& name) {
  for (onnx::NodeProto& node : *builder.graph().mutable_node())
    if (node.name() == name) return node;
  throw std::out_of_range(name);
}

TEST(OnnxOverlooked, AnAttributeThatNothingLooksAtIsTold) {
  GraphBuilder builder = chain();
  GraphBuilder::number(nodeOf(builder, "conv"), "sharpness", 3);
  GraphBuilder::integer(nodeOf(builder, "norm"), "training_mode", 1);
  nodeOf(builder, "norm").add_output("running_mean");
  nodeOf(builder, "pool").add_input("w");
  const io::Model model = builder.read({"y"});
  const std::string notes = notesOf(model);
  EXPECT_NE(notes.find("node 'conv' (Conv): its attribute 'sharpness' is not known here"), std::string::npos) << notes;
  EXPECT_NE(notes.find("'norm' (BatchNormalization): its training_mode is 1, and it is computed as if"), std::string::npos) << notes;
  EXPECT_EQ(notes.find("was exported for training"), std::string::npos) << "twice: " << notes;
  EXPECT_NE(notes.find("node 'pool' (MaxPool): it has more inputs than the 1"), std::string::npos) << notes;
  EXPECT_TRUE(model.unread.empty()) << "it is read, and assumed";
}

TEST(OnnxOverlooked, WhatChangesNothingIsNotToldOf) {
  GraphBuilder builder = chain();
  GraphBuilder::number(nodeOf(builder, "norm"), "momentum", 0.9f);
  GraphBuilder::integer(nodeOf(builder, "norm"), "training_mode", 0);
  GraphBuilder::integer(nodeOf(builder, "norm"), "spatial", 1);
  GraphBuilder::integer(nodeOf(builder, "pool"), "ceil_mode", 0);
  GraphBuilder::integer(nodeOf(builder, "pool"), "storage_order", 1);
  GraphBuilder::integer(nodeOf(builder, "drop"), "seed", 4);
  GraphBuilder::integer(nodeOf(builder, "y"), "allowzero", 1);
  const io::Model model = builder.read({"y"});
  ASSERT_EQ(model.notes.size(), 1u) << notesOf(model);
  EXPECT_NE(model.notes[0].find("became weights"), std::string::npos) << model.notes[0];
}

TEST(OnnxOverlooked, ManyAlikeMakeOneNote) {
  GraphBuilder builder({4});
  for (int i = 0; i < 12; ++i) {
    onnx::NodeProto& node = builder.add("n" + std::to_string(i), "Tanh", {i == 0 ? "x" : "n" + std::to_string(i - 1)});
    GraphBuilder::integer(node, "color", i);
    GraphBuilder::integer(node, ("own" + std::to_string(i)).c_str(), i);
  }
  const io::Model model = builder.read({"n11"});
  EXPECT_EQ(model.notes.size(), 7u) << notesOf(model);
  EXPECT_NE(model.notes[0].find("node 'n0' (Tanh) and 11 more: its attribute 'color'"), std::string::npos) << model.notes[0];
}

TEST(OnnxOverlooked, WhatIsExportedForTrainingIsTold) {
  GraphBuilder builder = chain();
  builder.wholes("half", {0});
  onnx::TensorProto& truth = *builder.graph().add_initializer();
  truth.set_name("on");
  truth.set_data_type(onnx::TensorProto::BOOL);
  truth.add_int32_data(0);
  nodeOf(builder, "drop").add_input("half");
  nodeOf(builder, "drop").add_input("on");
  EXPECT_EQ(notesOf(builder.read({"y"})).find("training"), std::string::npos);
  builder.graph().mutable_initializer(builder.graph().initializer_size() - 1)->set_int32_data(0, 1);
  EXPECT_NE(notesOf(builder.read({"y"})).find("node 'drop' (Dropout): it was exported for training"), std::string::npos);
  for (const char* output : {"", "means", "variances"}) nodeOf(builder, "norm").add_output(output);
  EXPECT_NE(notesOf(builder.read({"y"})).find("node 'norm' (BatchNormalization): it was exported for training"), std::string::npos);
}

TEST(OnnxOverlooked, AnAttributeOfAnotherTypeIsNotReadAsNothing) {
  GraphBuilder builder = chain();
  GraphBuilder::integer(nodeOf(builder, "conv"), "pads", 1);
  nn::Issue issue = modeltest::refusalOf([&] { builder.read({"y"}); });
  EXPECT_EQ(issue.what, "its attribute 'pads' holds INT, where the standard has INTS");
  builder = chain();
  GraphBuilder::ints(nodeOf(builder, "conv"), "pads", {1, 1, 1, 1});
  GraphBuilder::ints(nodeOf(builder, "conv"), "pads", {0, 0, 0, 0});
  issue = modeltest::refusalOf([&] { builder.read({"y"}); });
  EXPECT_EQ(issue.what, "its attribute 'pads' is given twice");
}

TEST(OnnxOverlooked, APartOfAShapeIsAPart) {
  // As PyTorch writes x.view(x.size(0), -1) today: a shape of one dimension. The other one ends before the last.
  GraphBuilder builder({2, 2, 3});
  onnx::NodeProto& batch = builder.add("batch", "Shape", {"x"});
  GraphBuilder::integer(batch, "start", 0);
  GraphBuilder::integer(batch, "end", 1);
  onnx::NodeProto& rows = builder.add("rows", "Shape", {"x"});
  GraphBuilder::integer(rows, "start", -2);
  GraphBuilder::integer(rows, "end", -1);
  builder.wholes("six", {6});
  builder.add("cells", "Mul", {"rows", "six"});
  GraphBuilder::integer(builder.add("to", "Concat", {"batch", "cells"}), "axis", 0);
  builder.add("flat", "Reshape", {"x", "to"});
  builder.floats("w", {12, 1}, Floats(12, 2.0f));
  builder.add("y", "MatMul", {"flat", "w"});
  const io::Model model = builder.read({"y"});
  EXPECT_TRUE(model.notes.empty()) << notesOf(model);
  expectNear(modeltest::outputOf(model, Floats(12, 0.5f)), {12.0f});
}

TEST(OnnxOverlooked, DimensionsThatAreNamedArePadded) {
  GraphBuilder builder({1, 2, 2}, 18);
  builder.wholes("pads", {0, 1, 2, 0});
  builder.wholes("axes", {-1, 2});  // columns: two behind; rows: one before
  builder.add("padded", "Pad", {"x", "pads", "", "axes"});
  builder.floats("w", {1, 1, 1, 1}, {1});
  builder.add("y", "Conv", {"padded", "w"});
  expectNear(modeltest::outputOf(builder.read({"y"}), {1, 2, 3, 4}), {0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0});
  // Files of the first version call it otherwise.
  GraphBuilder old({1, 2, 2}, 1);
  GraphBuilder::ints(old.add("padded", "Pad", {"x"}), "paddings", {0, 0, 1, 0, 0, 0, 0, 2});
  old.floats("w", {1, 1, 1, 1}, {1});
  old.add("y", "Conv", {"padded", "w"});
  expectNear(modeltest::outputOf(old.read({"y"}), {1, 2, 3, 4}), {0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0});
}

TEST(OnnxOverlooked, AFillingThatIsComputedIsNotTakenForZero) {
  GraphBuilder builder({1, 2, 2});
  builder.wholes("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  builder.add("mean", "GlobalAveragePool", {"x"});
  builder.add("y", "Pad", {"x", "pads", "mean"});
  EXPECT_EQ(builder.read({"y"}).unread.size(), 1u);
}

TEST(OnnxOverlooked, WhatCannotBeReadIsCalledWhatItIs) {
  GraphBuilder builder({1, 2, 2});
  builder.add("kept", "Relu", {"x"});
  builder.floats("w", {1, 1, 3, 3}, Floats(9, 1));
  builder.add("product", "MatMul", {"w", "kept"});
  onnx::NodeProto& up = builder.add("up", "ConvTranspose", {"kept", "w"});
  GraphBuilder::ints(up, "strides", {2, 2});
  GraphBuilder::ints(up, "output_padding", {1, 1});
  GraphBuilder::ints(up, "pads", {1, 1, 0, 0});
  const std::string notes = notesOf(builder.read({"product", "up"}));
  for (const char* words : {"its first input is a constant", "differs from side to side"})
    EXPECT_NE(notes.find(words), std::string::npos) << notes;
}

TEST(OnnxOverlooked, AConstantBeginsWhereTheFileSays) {
  GraphBuilder builder({2, 1, 2}, 6);
  builder.floats("c", {2}, {1, 10});
  onnx::NodeProto& sum = builder.add("y", "Add", {"x", "c"});
  GraphBuilder::integer(sum, "axis", 1);
  GraphBuilder::integer(sum, "broadcast", 1);
  expectNear(modeltest::outputOf(builder.read({"y"}), {1, 2, 3, 4}), {2, 3, 13, 14});
}

TEST(OnnxOverlooked, DimensionsThatAreNamedAreResized) {
  GraphBuilder builder({1, 1, 2}, 18);
  builder.floats("scales", {2}, {2, 1});
  onnx::NodeProto& node = builder.add("y", "Resize", {"x", "", "scales"});
  GraphBuilder::text(node, "coordinate_transformation_mode", "asymmetric");
  GraphBuilder::text(node, "nearest_mode", "floor");
  GraphBuilder::ints(node, "axes", {2, 3});
  const io::Model model = builder.read({"y"});
  EXPECT_TRUE(model.notes.empty()) << notesOf(model);
  expectNear(modeltest::outputOf(model, {1, 2}), {1, 2, 1, 2});
  GraphBuilder::text(node, "keep_aspect_ratio_policy", "not_larger");
  EXPECT_NE(notesOf(builder.read({"y"})).find("not_larger"), std::string::npos);
}

TEST(OnnxVersions, WhatIsNewerThanThisReaderIsTold) {
  GraphBuilder builder = chain();
  const std::size_t usual = builder.read({"y"}).notes.size();
  builder.model().set_ir_version(99);
  builder.model().mutable_opset_import(0)->set_version(99);
  std::string notes = notesOf(builder.read({"y"}));
  EXPECT_NE(notes.find("version 99 of ONNX's operators"), std::string::npos) << notes;
  EXPECT_NE(notes.find("version 99 of ONNX's format"), std::string::npos) << notes;
  builder = chain();
  builder.model().clear_opset_import();
  notes = notesOf(builder.read({"y"}));
  EXPECT_NE(notes.find("does not say which version of ONNX's operators"), std::string::npos) << notes;
  builder.model().add_opset_import()->set_version(17);
  builder.model().mutable_opset_import(0)->set_domain("com.example");
  EXPECT_EQ(notesOf(builder.read({"y"})), notes) << "not the standard's";
  builder.model().add_opset_import()->set_version(23);
  EXPECT_EQ(builder.read({"y"}).notes.size(), usual) << "known, and a domain that no node uses";
}

TEST(OnnxVersions, AnOperatorOfAnotherDomainIsNotTheStandardsOfThatName) {
  GraphBuilder builder = chain();
  nodeOf(builder, "pool").set_domain("com.example");
  const io::Model model = builder.read({"y"});
  ASSERT_EQ(model.unread.size(), 1u);
  EXPECT_EQ(model.unread[0].what, "the operator MaxPool of the domain com.example is not supported");
  EXPECT_NE(model.unread[0].hint.find("as the standard defines it"), std::string::npos) << model.unread[0].hint;
  // Neither is one that constants alone go into, nor one that a pattern would hold.
  GraphBuilder folded({2});
  folded.floats("a", {2}, {1, 2});
  folded.add("b", "Neg", {"a"}).set_domain("com.example");
  folded.add("y", "Add", {"x", "b"});
  EXPECT_NE(modeltest::refusalOf([&] { folded.read({"y"}); }).what.find("com.example"), std::string::npos);
  GraphBuilder silu({2});
  silu.add("s", "Sigmoid", {"x"});
  silu.add("y", "Mul", {"x", "s"}).set_domain("com.example");
  EXPECT_EQ(silu.read({"y"}).unread.size(), 1u);
  nodeOf(silu, "y").set_domain("ai.onnx");
  EXPECT_TRUE(silu.read({"y"}).unread.empty()) << "the standard's long name";
}

TEST(OnnxInputs, WhatTheyTakeBesideFloatsIsTold) {
  GraphBuilder builder({2});
  builder.add("y", "Tanh", {"x"});
  EXPECT_TRUE(builder.read({"y"}).notes.empty());
  auto& type = *builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type();
  const auto noteOf = [&](int number) {
    type.set_elem_type(number);
    const io::Model model = builder.read({"y"});
    EXPECT_EQ(model.notes.size(), 1u) << number;
    return model.notes.empty() ? "" : model.notes[0];
  };
  for (const int number : {onnx::TensorProto::DOUBLE, onnx::TensorProto::FLOAT16, onnx::TensorProto::BFLOAT16})
    EXPECT_NE(noteOf(number).find("32-bit floats"), std::string::npos) << number;
  for (const int number : {onnx::TensorProto::UINT8, onnx::TensorProto::INT8, onnx::TensorProto::INT32, onnx::TensorProto::INT64})
    EXPECT_NE(noteOf(number).find("whole numbers"), std::string::npos) << number;
  EXPECT_EQ(noteOf(onnx::TensorProto::UINT8), "its input 'x' takes whole numbers (UINT8): black is taken for 0 and white for 255");
  EXPECT_NE(noteOf(onnx::TensorProto::BOOL).find("true and false"), std::string::npos);
  EXPECT_NE(noteOf(onnx::TensorProto::UNDEFINED).find("does not say"), std::string::npos);
  for (const int number : {int(onnx::TensorProto::STRING), int(onnx::TensorProto::COMPLEX64), 21}) {
    type.set_elem_type(number);
    EXPECT_NE(modeltest::refusalOf([&] { builder.read({"y"}); }).what.find("plain numbers"), std::string::npos) << number;
  }
}

TEST(OnnxInputs, WhatTheirDimensionsAreTakenForIsTold) {
  const auto read = [](const std::vector<std::int64_t>& dims, int batch) {
    GraphBuilder builder(dims);
    if (batch > 0)
      builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_value(batch);
    builder.add("y", "Tanh", {"x"});
    return notesOf(builder.read({"y"}));
  };
  EXPECT_EQ(read({1, 8, 6}, 1), "");
  EXPECT_NE(read({1, 8, 6}, 32).find("the first dimension of its input 'x', 32, is taken for the number of images"), std::string::npos);
  EXPECT_NE(read({8, 6}, 0).find("gray images of 6 × 8"), std::string::npos);
  EXPECT_NE(read({8, 6, 3}, 0).find("channels last"), std::string::npos);
  GraphBuilder builder({2});
  builder.add("y", "Tanh", {"x"});
  builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
  EXPECT_NE(modeltest::refusalOf([&] { builder.read({"y"}); }).what.find("how large its images are"), std::string::npos);
  builder.graph().mutable_input(0)->mutable_type()->mutable_sequence_type();
  EXPECT_NE(modeltest::refusalOf([&] { builder.read({"y"}); }).what.find("no tensor"), std::string::npos);
}

TEST(OnnxOutputs, WhatIsTakenForThemIsTold) {
  GraphBuilder none = chain();
  const io::Model taken = none.read({});
  EXPECT_NE(notesOf(taken).find("the file names no output: taken is what nothing in it reads, drop"), std::string::npos) << notesOf(taken);
  const io::Model cut = branched().read({"behind"});
  EXPECT_NE(notesOf(cut).find("none of its outputs can be computed"), std::string::npos) << notesOf(cut);
  GraphBuilder builder({2});
  builder.add("y", "Tanh", {"x"});
  builder.read({"y"});
  auto& shape = *builder.graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.add_dim()->set_dim_param("batch");
  shape.add_dim()->set_dim_value(2);
  EXPECT_EQ(notesOf(builder.readAsItIs()), "");
  shape.mutable_dim(1)->set_dim_value(10);
  EXPECT_NE(notesOf(builder.readAsItIs()).find("output 'y' has 10 values; as it is read here, it has 2"), std::string::npos);
}

TEST(OnnxOutputs, ZerosAroundTheLastMapsAreNotLost) {
  GraphBuilder builder({1, 1, 2});
  builder.wholes("pads", {0, 0, 0, 1, 0, 0, 1, 0});
  builder.add("y", "Pad", {"x", "pads"});
  expectNear(modeltest::outputOf(builder.read({"y"}), {1, 2}), {0, 1, 2, 0, 0, 0});
}

}  // namespace
