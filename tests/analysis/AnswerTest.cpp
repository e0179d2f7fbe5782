#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "analysis/Answer.h"

namespace {

std::shared_ptr<const nn::Network> network(int height, int width, int channels, bool softmax) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(height)}, {"width", std::int64_t(width)}}},
                {"scores", "conv2d", {}, {{"filters", std::int64_t(channels)}, {"kernel", std::vector<std::int64_t>{1}}}}};
  if (softmax) spec.nodes.push_back({"softmax", "softmax", {}, {}});
  return nn::Network::create(spec);
}

TEST(Answer, OfAVectorIsASoftmaxUnlessItIsOneAlready) {
  const auto logits = network(1, 1, 3, false), softmax = network(1, 1, 3, true);
  EXPECT_EQ(analysis::classCount(*logits), 3);
  const std::vector<float> values{0.1f, 0.7f, 0.2f};
  EXPECT_EQ(analysis::classProbabilities(*softmax, values), values);
  const auto found = analysis::classProbabilities(*logits, values);
  const float sum = std::exp(0.1f) + std::exp(0.7f) + std::exp(0.2f);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], std::exp(values[i]) / sum, 1e-6);
}

TEST(Answer, WhatToDrawIsSaidByInputAndClasses) {
  const auto invitation = [](int inputs, int classes, std::vector<std::string> names) {
    nn::NetworkSpec spec;
    spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(inputs)}, {"height", std::int64_t(8)}, {"width", std::int64_t(8)}}},
                  {"scores", "dense", {}, {{"units", std::int64_t(classes)}}}};
    spec.classNames = std::move(names);
    return analysis::invitation(*nn::Network::create(spec));
  };
  EXPECT_EQ(invitation(1, 10, {}), "Draw a digit");
  EXPECT_EQ(invitation(1, 10, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}), "Draw a digit");
  EXPECT_EQ(invitation(1, 10, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}), "Draw something");
  EXPECT_EQ(invitation(1, 2, {"circle", "square"}), "Draw: circle, square");
  EXPECT_EQ(invitation(1, 2, {"a circle with a dot", "a square"}), "Draw something") << "too long to be read on the pad";
  EXPECT_EQ(invitation(1, 3, {}), "Draw something");
  EXPECT_EQ(invitation(3, 10, {}), "Show it a picture");
}

// Two classes and the ground on 1 x 3 pixels: one all ground, one half class 0, one all class 1.
TEST(Answer, OfAPictureIsTheShareOfEachClassInTheInk) {
  const auto segmenter = network(1, 3, 3, true);
  EXPECT_EQ(analysis::classCount(*segmenter), 2);
  const std::vector<float> values{1, 0.5f, 0, /**/ 0, 0.5f, 0, /**/ 0, 0, 1};
  const auto shares = analysis::classProbabilities(*segmenter, values);
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_NEAR(shares[0], 1.0f / 3, 1e-6);
  EXPECT_NEAR(shares[1], 2.0f / 3, 1e-6);
  const std::vector<float> nothing{1, 1, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(analysis::classProbabilities(*segmenter, nothing), (std::vector<float>{0.5f, 0.5f}));
}

TEST(Answer, OfNumbersThatGrewOutOfRangeIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(analysis::classProbabilities(*network(1, 1, 3, true), std::vector<float>{nan, nan, nan}).empty());
  EXPECT_TRUE(analysis::classProbabilities(*network(1, 1, 3, false), std::vector<float>{0, infinite, 1}).empty());
  EXPECT_TRUE(analysis::classProbabilities(*network(1, 3, 3, true), std::vector<float>(9, nan)).empty());
}

// Of several that are equally large, none is said to be the answer.
TEST(Answer, OfEqualOutputsIsNone) {
  EXPECT_EQ(analysis::winnerOf(std::vector<float>{0.1f, 0.7f, 0.2f}), 1);
  EXPECT_EQ(analysis::whyNoWinner(std::vector<float>{0.1f, 0.7f, 0.2f}), "");
  EXPECT_EQ(analysis::winnerOf(std::vector<float>(10, 0.1f)), -1);
  EXPECT_EQ(analysis::whyNoWinner(std::vector<float>(10, 0.1f)), "10 outputs are equal");
  EXPECT_EQ(analysis::winnerOf(std::vector<float>{1, 0, 1}), -1);
  EXPECT_EQ(analysis::whyNoWinner(std::vector<float>{1, 0, 1}), "the 2 largest of 3 outputs are equal");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::vector<float>& none : {std::vector<float>(), std::vector<float>{nan, 1}, std::vector<float>{0, INFINITY}}) {
    EXPECT_EQ(analysis::winnerOf(none), -1);
    EXPECT_EQ(analysis::whyNoWinner(none), "its outputs are no finite numbers");
  }
}

// No answer where there is none.
TEST(Answer, OnlyScoresOfSeveralClassesNameOne) {
  EXPECT_EQ(analysis::whyNoClass(*network(1, 1, 3, false)), "");
  EXPECT_EQ(analysis::whyNoClass(*network(2, 3, 3, true)), "");
  for (const auto& none :
       {network(1, 1, 1, false), network(1, 1, 1, true), network(2, 3, 1, false), network(2, 3, 2, true), network(2, 3, 8, false)}) {
    EXPECT_NE(analysis::whyNoClass(*none), "") << none->outputShape().text();
    EXPECT_TRUE(analysis::classProbabilities(*none, std::vector<float>(none->outputShape().size(), 1.0f)).empty());
  }
  nn::NetworkSpec named = network(2, 3, 3, false)->spec();
  named.classNames = {"cat", "dog"};
  EXPECT_EQ(analysis::whyNoClass(*nn::Network::create(named)), "") << "somebody says that these are classes";
}

TEST(Answer, EveryUnitOfAnOutputHasTheNameThatItAnswersWith) {
  const auto node = [](const char* name, const char* type, const char* from, int units = 0) {
    nn::NodeSpec spec{name, type, {from}, {}};
    if (units > 0) spec.fields = {{"units", std::int64_t(units)}};
    return spec;
  };
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(4)}, {"height", std::int64_t(1)}, {"width", std::int64_t(1)}}},
                node("first", "dense", "input", 3),
                node("second", "dense", "input", 2),
                node("alone", "dense", "input", 1),
                node("third", "dense", "input", 2),
                node("softmax", "softmax", "first"),
                node("shares", "softmax", "third")};
  spec.outputs = {"softmax", "second", "alone", "shares"};
  spec.classNames = {"cat", "dog", "cow"};
  const auto heads = nn::Network::create(spec);
  const auto name = [&](const char* of, int channel) { return analysis::answerName(*heads, heads->find(of), channel); };
  EXPECT_EQ(name("first", 2), "cow") << "the softmax behind it is an output";
  EXPECT_EQ(name("softmax", 0), "cat");
  EXPECT_EQ(name("second", 1), "") << "nothing says that it is classes: it may be anything, such as the corners of a box";
  EXPECT_EQ(name("shares", 1), "1") << "the names are those of the first output";
  EXPECT_EQ(name("third", 1), "1") << "as the softmax behind it";
  EXPECT_EQ(name("alone", 0), "") << "there is nothing to choose from";
  EXPECT_EQ(name("input", 0), "");
  EXPECT_EQ(heads->logitsNode(heads->find("softmax")), heads->find("first"));
  EXPECT_EQ(heads->logitsNode(heads->find("second")), heads->find("second"));
}

TEST(Answer, TheMapsOfAPictureAreTheGroundAndTheClasses) {
  const auto segmenter = network(2, 3, 3, true), maps = network(2, 3, 3, false);
  EXPECT_EQ(analysis::answerWords(*segmenter, segmenter->find("scores"), 0), "background");
  EXPECT_EQ(analysis::answerWords(*segmenter, segmenter->find("softmax"), 2), "class 1");
  EXPECT_EQ(analysis::answerWords(*maps, maps->find("scores"), 2), "") << "nothing says that they are classes";
}

// Names are those of the outputs that have as many classes, whichever of them is the first.
TEST(Answer, NamesBelongToTheOutputWithAsManyClasses) {
  const auto dense = [](const char* name, int units) { return nn::NodeSpec{name, "dense", {"input"}, {{"units", std::int64_t(units)}}}; };
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(4)}, {"height", std::int64_t(1)}, {"width", std::int64_t(1)}}},
                dense("value", 1),
                dense("animal", 3),
                dense("size", 2)};
  for (const std::vector<std::string>& outputs : {std::vector<std::string>{"value", "animal", "size"}, {"size", "animal", "value"}}) {
    spec.outputs = outputs;
    spec.classNames = {"cat", "dog", "cow"};
    const auto named = nn::Network::create(spec);
    EXPECT_EQ(analysis::answerWords(*named, named->find("animal"), 2), "class cow");
    EXPECT_EQ(analysis::answerWords(*named, named->find("size"), 1), outputs.front() == "size" ? "class 1" : "");
    EXPECT_EQ(analysis::answerWords(*named, named->find("value"), 0), "");
    EXPECT_EQ(analysis::className(*named, 1), outputs.front() == "size" ? "1" : "");
    spec.classNames.clear();
    const auto unnamed = nn::Network::create(spec);
    EXPECT_EQ(analysis::answerWords(*unnamed, unnamed->find("animal"), 2), "");
  }
  const auto segmenter = network(2, 3, 3, true);
  EXPECT_EQ(analysis::className(*segmenter, 1), "1") << "the ground is no class";
}

}  // namespace
