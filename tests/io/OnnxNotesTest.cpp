// What the import of a graph says: of what could not be read, and of what was taken for granted.
#include <gtest/gtest.h>

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
  builder.graph().mutable_node(1)->set_op_type("Softsign");
  const io::Model part = builder.read({"behind", "head"});
  EXPECT_EQ(part.network->outputs().size(), 2u);
  EXPECT_EQ(part.network->outputShape(), (nn::Shape{1, 2, 2})) << "what lies behind is drawn";
  EXPECT_GE(part.network->find("unread-Softsign"), 0);
  ASSERT_EQ(part.notes.size(), 2u);
  EXPECT_NE(part.notes[0].find("'odd' (Softsign)"), std::string::npos) << part.notes[0];
  EXPECT_NE(part.notes[0].find("tanh"), std::string::npos) << "what could be done: " << part.notes[0];
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
  builder.graph().mutable_node(1)->set_op_type("Softsign");
  EXPECT_EQ(builder.read({"behind"}).unread.size(), 1u) << "passed over";
  builder.graph().mutable_node(1)->set_op_type("Cast");
  GraphBuilder::integer(*builder.graph().mutable_node(1), "to", onnx::TensorProto::INT64);
  EXPECT_EQ(builder.read({"behind"}).unread.size(), 1u) << "whole numbers";
}

TEST(OnnxInPart, NothingButTheInputIsNoNetwork) {
  for (const char* op : {"NonZero", "Softsign"}) {
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

}  // namespace
