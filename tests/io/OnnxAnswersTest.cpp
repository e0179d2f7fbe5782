// What the outputs of models of other programs say: scores, probabilities, one decision, or a comparison with labels.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/Answer.h"
#include "analysis/Assumptions.h"
#include "io/GraphBuilder.h"
#include "io/ModelTools.h"
#include "tasks/Task.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using testing::Contains;
using testing::HasSubstr;

const Floats kInput{1, 2, 3};

// Three numbers times `classes` rows of weights, as "l".
GraphBuilder scored(int classes) {
  GraphBuilder builder({3});
  builder.weights("w", {3, classes});
  builder.add("l", "MatMul", {"x", "w"});
  return builder;
}

Floats probabilitiesOf(const io::Model& model) {
  return analysis::classProbabilities(*model.network, modeltest::outputOf(model, kInput));
}

Floats softmaxOf(Floats values) {
  float sum = 0;
  for (float& value : values) sum += value = std::exp(value);
  for (float& value : values) value /= sum;
  return values;
}

std::string assumed(const io::Model& model) {
  std::string all;
  for (const std::string& note : analysis::answerAssumptions(*model.network)) all += note;
  return all;
}

TEST(OnnxAnswers, AreProbabilitiesWhateverTheGraphEndsIn) {
  const Floats logits = modeltest::outputOf(scored(3).read({"l"}), kInput), wanted = softmaxOf(logits);
  const io::Model scores = scored(3).read({"l"});
  expectNear(probabilitiesOf(scores), wanted);
  EXPECT_THAT(assumed(scores), HasSubstr("softmax of them"));
  for (const bool shared : {false, true}) {
    GraphBuilder builder = scored(3);
    builder.add("s", "Softmax", {"l"});
    expectNear(probabilitiesOf(builder.read({"s"})), wanted);
    EXPECT_EQ(assumed(builder.read({"s"})), "");
    builder.add("log", "Log", {"s"});
    const io::Model logarithms = builder.read(shared ? std::vector<std::string>{"log", "s"} : std::vector<std::string>{"log"});
    expectNear(probabilitiesOf(logarithms), wanted);
    EXPECT_TRUE(logarithms.unread.empty());
    expectNear(Floats{std::exp(modeltest::outputOf(logarithms, kInput)[0])}, {wanted[0]});
  }
  GraphBuilder direct = scored(3);
  direct.add("y", "LogSoftmax", {"l"});
  expectNear(probabilitiesOf(direct.read({"y"})), wanted);
}

// A damaged graph may lead from a decision back to itself.
TEST(OnnxAnswers, AreNotLookedForInACircle) {
  GraphBuilder builder = scored(3);
  builder.add("a", "Identity", {"b"});
  builder.add("b", "Identity", {"a"});
  EXPECT_THAT(modeltest::refusalText([&] { builder.read({"a"}); }), testing::Not(testing::IsEmpty()));
}

TEST(OnnxAnswers, AnAxisThatIsNamedTwiceIsRefused) {
  GraphBuilder builder = scored(3);
  GraphBuilder::ints(builder.add("a", "Squeeze", {"l"}), "axes", {0, 0});
  const io::Model model = builder.read({"a"});
  ASSERT_FALSE(model.unread.empty());
  EXPECT_THAT(model.unread.front().what, HasSubstr("it names an axis twice"));
}

TEST(OnnxAnswers, HaveTheNamesThatTheFileSays) {
  const auto read = [](const std::string& names) {
    GraphBuilder builder = scored(3);
    auto& entry = *builder.model().add_metadata_props();
    entry.set_key("names");
    entry.set_value(names);
    return builder.read({"l"});
  };
  const io::Model named = read("{0: 'cat', 1: 'dog', 2: 'fish'}");
  EXPECT_EQ(named.network->className(1), "dog");
  EXPECT_THAT(named.notes, Contains(HasSubstr("as the file says under 'names': cat, dog, fish")));
  const io::Model few = read("['cat', 'dog']");
  EXPECT_EQ(few.network->className(1), "1");
  EXPECT_THAT(few.notes, Contains(HasSubstr("there are 2 names for 3 classes")));
}

TEST(OnnxAnswers, OfSigmoidsStandEachByItself) {
  GraphBuilder builder = scored(3);
  builder.add("y", "Sigmoid", {"l"});
  const io::Model model = builder.read({"y"});
  const Floats logits = modeltest::outputOf(scored(3).read({"l"}), kInput), found = probabilitiesOf(model);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], 1 / (1 + std::exp(-logits[i])), 1e-6);
  EXPECT_THAT(assumed(model), HasSubstr("do not add up"));
}

TEST(OnnxAnswers, OfOneSigmoidAreNoAndYes) {
  for (const bool both : {false, true}) {
    GraphBuilder builder = scored(1);
    builder.add("p", "Sigmoid", {"l"});
    if (both) {
      builder.floats("one", {}, {1});
      builder.add("no", "Sub", {"one", "p"});
      GraphBuilder::integer(builder.add("y", "Concat", {"no", "p"}), "axis", 1);
    }
    const io::Model model = builder.read({both ? "y" : "p"});
    const Floats found = probabilitiesOf(model);
    const float logit = modeltest::outputOf(scored(1).read({"l"}), kInput)[0];
    expectNear(found, {1 - 1 / (1 + std::exp(-logit)), 1 / (1 + std::exp(-logit))});
    EXPECT_EQ(analysis::className(*model.network, 0) + analysis::className(*model.network, 1), "noyes");
    EXPECT_EQ(tasks::taskOf(*model.network).id, "yes-no");
  }
  EXPECT_NE(analysis::whyNoClass(*scored(1).read({"l"}).network), "") << "a number of which nothing is said";
}

TEST(OnnxAnswers, AreReadBeforeTheyAreDecided) {
  for (const std::string op : {"ArgMax", "TopK", "Cast", "probabilities"}) {
    GraphBuilder builder = scored(3);
    builder.add("s", "Softmax", {"l"});
    builder.wholes("k", {1});
    if (op == "TopK")
      builder.add("a", "TopK", {"s", "k"}).add_output("which");
    else
      GraphBuilder::integer(builder.add("a", "ArgMax", {"s"}), "keepdims", 0);
    if (op == "Cast") GraphBuilder::integer(builder.add("y", "Cast", {"a"}), "to", onnx::TensorProto::INT32);
    std::vector<std::string> outputs{op == "TopK" ? "which" : op == "Cast" ? "y" : "a"};
    if (op == "probabilities") outputs.emplace_back("s");
    const io::Model model = builder.read(outputs);
    EXPECT_TRUE(model.unread.empty());
    EXPECT_EQ(model.network->outputs().size(), 1u);
    expectNear(probabilitiesOf(model), softmaxOf(modeltest::outputOf(scored(3).read({"l"}), kInput)));
    EXPECT_THAT(model.notes, Contains(HasSubstr("decide"))) << op;
  }
}

// An accuracy, a loss of one operator and one that is written out.
TEST(OnnxAnswers, AreReadBeforeTheyAreComparedWithLabels) {
  for (const std::string kind : {"accuracy", "loss", "written"}) {
    GraphBuilder builder = scored(3);
    onnx::ValueInfoProto& labels = *builder.graph().add_input();
    labels = builder.graph().input(0);
    labels.set_name("t");
    builder.graph().mutable_input()->SwapElements(0, 1);
    builder.add("s", "Softmax", {"l"});
    if (kind == "accuracy") {
      GraphBuilder::integer(builder.add("a", "ArgMax", {"s"}), "keepdims", 0);
      GraphBuilder::integer(builder.add("b", "ArgMax", {"t"}), "keepdims", 0);
      builder.add("e", "Equal", {"a", "b"});
      GraphBuilder::integer(builder.add("y", "Cast", {"e"}), "to", onnx::TensorProto::FLOAT);
    } else if (kind == "loss") {
      builder.add("y", "SoftmaxCrossEntropyLoss", {"l", "t"});
    } else {
      builder.add("log", "Log", {"s"});
      builder.add("product", "Mul", {"t", "log"});
      builder.add("y", "ReduceSum", {"product"});
    }
    const io::Model model = builder.read({"y"});
    EXPECT_TRUE(model.unread.empty()) << kind;
    EXPECT_EQ(model.network->inputs().size(), 1u) << "the labels are no input of the network";
    expectNear(probabilitiesOf(model), softmaxOf(modeltest::outputOf(scored(3).read({"l"}), kInput)));
    EXPECT_THAT(model.notes, Contains(HasSubstr("compares the answer with its input 't'"))) << kind;
  }
}

// What is cut off before its classes has no answer, and neither has a picture.
TEST(OnnxAnswers, AreNoneOfWhatIsNotReadToItsEnd) {
  GraphBuilder builder({1, 4, 4});
  builder.weights("w", {2, 1, 3, 3});
  builder.add("c", "Conv", {"x", "w"});
  EXPECT_NE(analysis::whyNoClass(*builder.read({"c"}).network), "");
  builder.add("y", "NonZero", {"c"});
  EXPECT_FALSE(builder.read({"y"}).unread.empty());
}

// A file of the person's own says it, and it stays over files.
TEST(OnnxAnswers, WhatNumbersAreIsKept) {
  nn::NetworkSpec spec = scored(3).read({"l"}).network->spec();
  spec.scores = nn::Scores::SigmoidLogits;
  const nn::NetworkSpec again = io::readNetworkJson(io::writeNetworkJson(spec), "scores.json");
  EXPECT_EQ(again, spec);
  const auto network = nn::Network::create(again);
  const Floats found = analysis::classProbabilities(*network, Floats{0, 2, -2});
  expectNear(found, {0.5f, 1 / (1 + std::exp(-2.0f)), 1 / (1 + std::exp(2.0f))});
  EXPECT_THROW(io::readNetworkJson(io::writeNetworkJson(spec).replace("sigmoid-logits", "votes"), "scores.json"), nn::Error);
}

}  // namespace
