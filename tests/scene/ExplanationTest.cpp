// What is explained is what is computed: for every kind of layer, every explained value equals the forward pass.

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

#include "scene/Explanation.h"

namespace {

using nn::FieldValue;

FieldValue whole(std::int64_t value) {
  return FieldValue(value);
}
FieldValue text(const char* value) {
  return FieldValue(std::string(value));
}

// Every layer type of the catalogue in one graph.
nn::NetworkSpec everything() {
  nn::NetworkSpec spec;
  spec.name = "everything";
  spec.nodes = {
      {"input", "input", {}, {{"channels", whole(2)}, {"height", whole(12)}, {"width", whole(11)}}},
      {"conv", "conv2d", {"input"}, {{"filters", whole(4)}, {"kernel", whole(3)}, {"padding", text("same")}, {"activation", text("relu")}}},
      {"table",
       "conv2d",
       {"conv"},
       {{"filters", whole(3)}, {"kernel", whole(3)}, {"stride", whole(2)}, {"connections", text("0 1; 2 3; 0 3")}}},
      {"side", "conv2d", {"conv"}, {{"filters", whole(3)}, {"kernel", whole(3)}, {"stride", whole(2)}, {"activation", text("tanh")}}},
      {"add", "add", {"table", "side"}, {}},
      {"concat", "concat", {"add", "table"}, {}},
      {"max", "max-pool", {"concat"}, {{"kernel", whole(2)}}},
      {"average",
       "average-pool",
       {"max"},
       {{"kernel", whole(2)}, {"stride", whole(1)}, {"scaled", FieldValue(true)}, {"activation", text("sigmoid")}}},
      {"flatten", "flatten", {"average"}, {}},
      {"dropout", "dropout", {"flatten"}, {}},
      {"dense", "dense", {"dropout"}, {{"units", whole(6)}, {"activation", text("leaky-relu")}}},
      {"activation", "activation", {"dense"}, {{"activation", text("scaled-tanh")}}},
      {"logits", "dense", {"activation"}, {{"units", whole(4)}}},
      {"softmax", "softmax", {"logits"}, {}},
  };
  return spec;
}

struct Computed {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::shared_ptr<const scene::Values> values;
};

Computed compute(const nn::NetworkSpec& spec) {
  Computed result{nn::Network::create(spec), {}, nullptr};
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0.0f, 0.5f);
  result.parameters.resize(result.network->parameterCount());
  for (float& value : result.parameters) value = normal(random);
  std::vector<float> input(result.network->inputShape().size());
  for (float& value : input) value = normal(random);
  nn::Weights weights(result.network);
  weights.assign(result.parameters);
  nn::Workspace workspace(result.network, 1, false);
  workspace.setInput(0, input);
  workspace.forward(weights);
  result.values = scene::collectValues(workspace, 1);
  return result;
}

float tolerance(float value) {
  return 1e-4f * std::max(1.0f, std::abs(value));
}

TEST(Explanation, OfEveryCellIsWhatTheForwardPassComputes) {
  const Computed computed = compute(everything());
  for (int node = 0; node < int(computed.network->nodes().size()); ++node) {
    const nn::Shape shape = computed.network->node(node).shape;
    for (std::size_t flat = 0; flat < shape.size(); ++flat) {
      const scene::UnitId unit{node, nn::cellAt(shape, flat)};
      const scene::Explanation explanation = scene::explain(*computed.network, computed.parameters, *computed.values, unit);
      const float forward = computed.values->at(unit);
      ASSERT_NEAR(explanation.value, forward, tolerance(forward)) << explanation.nodeName << " " << explanation.unitName;
      EXPECT_FALSE(explanation.formula.empty());
    }
  }
}

TEST(Explanation, TermsAndBiasAddUpToThePreActivation) {
  const Computed computed = compute(everything());
  int checked = 0;
  for (int node = 0; node < int(computed.network->nodes().size()); ++node) {
    if (computed.network->node(node).layer->combineKind() != nn::Combine::WeightedSum) continue;
    const nn::Shape shape = computed.network->node(node).shape;
    for (std::size_t flat = 0; flat < shape.size(); ++flat) {
      const auto e = scene::explain(*computed.network, computed.parameters, *computed.values, {node, nn::cellAt(shape, flat)});
      double sum = e.bias;
      for (const scene::Term& term : e.terms) sum += double(term.product);
      ASSERT_NEAR(sum, e.preActivation, tolerance(e.preActivation));
      double patches = 0;
      for (const scene::Patch& patch : e.patches) patches += double(patch.sum);
      if (!e.patches.empty()) {
        ASSERT_NEAR(patches, e.sum, tolerance(e.sum));
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(Explanation, LaysThePatchOutAsTheKernelSeesIt) {
  const Computed computed = compute(everything());
  const int conv = computed.network->find("conv");
  const auto corner = scene::explain(*computed.network, computed.parameters, *computed.values, {conv, {1, 0, 0}});
  ASSERT_EQ(corner.patches.size(), 2u);
  EXPECT_EQ(corner.patches[0].rows, 3);
  // Padding "same": the first row and column lie outside the input.
  for (int i = 0; i < 9; ++i) EXPECT_EQ(corner.patches[0].cells[std::size_t(i)].inside, i >= 3 && i % 3 != 0) << i;
  const scene::PatchCell& middle = corner.patches[1].cells[4];
  EXPECT_EQ(corner.terms[std::size_t(middle.term)].source, (scene::UnitId{computed.network->find("input"), {1, 0, 0}}));
}

TEST(Explanation, MarksTheOneWinnerOfMaxPooling) {
  const Computed computed = compute(everything());
  const auto e = scene::explain(*computed.network, computed.parameters, *computed.values, {computed.network->find("max"), {2, 0, 1}});
  EXPECT_EQ(std::count_if(e.terms.begin(), e.terms.end(), [](const scene::Term& term) { return term.winner; }), 1);
  for (const scene::Term& term : e.terms) {
    EXPECT_LE(term.input, e.value);
    if (term.winner) {
      EXPECT_EQ(term.input, e.value);
    }
  }
}

TEST(Explanation, GoesOnFromALogitToItsProbability) {
  const Computed computed = compute(everything());
  const int logits = computed.network->find("logits");
  float total = 0;
  for (int i = 0; i < 4; ++i) {
    const auto e = scene::explain(*computed.network, computed.parameters, *computed.values, {logits, {i, 0, 0}});
    ASSERT_EQ(e.then.size(), 1u);
    const scene::Explanation& softmax = e.then.front();
    EXPECT_EQ(softmax.kind, nn::Combine::Softmax);
    EXPECT_FLOAT_EQ(softmax.preActivation, e.value);
    EXPECT_NEAR(std::exp(e.value - softmax.largest) / softmax.denominator, softmax.value, 1e-5f);
    EXPECT_FLOAT_EQ(e.shownValue(), softmax.value);
    total += e.shownValue();
  }
  EXPECT_NEAR(total, 1.0f, 1e-5f);
}

// What a picture shows is what the layer computes with: weights times pixels and the bias are the score.
TEST(WeightPictures, OfADenseLayerAddUpToItsScores) {
  for (const int channels : {1, 3}) {
    nn::NetworkSpec spec;
    spec.nodes = {{"input", "input", {}, {{"channels", whole(channels)}, {"height", whole(6)}, {"width", whole(5)}}},
                  {"flatten", "flatten", {}, {}},
                  {"scores", "dense", {}, {{"units", whole(4)}}},
                  {"softmax", "softmax", {}, {}}};
    const Computed computed = compute(spec);
    const int scores = computed.network->find("scores");
    EXPECT_FALSE(scene::hasWeightPictures(*computed.network, computed.network->find("softmax")));
    EXPECT_EQ(scene::pictureNode(*computed.network, -1), scores);
    auto all = scene::weightPictures(*computed.network, computed.parameters, scores);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->pictures.size(), 4u);
    EXPECT_EQ(all->colored(), channels == 3);
    EXPECT_EQ(all->pictures[2].name, "2");
    const auto e = scene::explain(*computed.network, computed.parameters, *computed.values, {scores, {2, 0, 0}});
    const scene::Term& term = e.terms[std::size_t(channels) * 30 - 4];
    EXPECT_EQ(all->at(2, channels - 1, 5, 1), term.weight);
    EXPECT_EQ(term.source.cell, (nn::Cell{channels - 1, 5, 1}));
    scene::weighInput(*all, computed.values->of(all->sourceNode));
    for (int unit = 0; unit < 4; ++unit) {
      const auto one = scene::explain(*computed.network, computed.parameters, *computed.values, {scores, {unit, 0, 0}});
      double sum = one.bias;
      for (const float product : all->pictures[std::size_t(unit)].weights) sum += double(product);
      EXPECT_NEAR(sum, one.preActivation, tolerance(one.preActivation));
    }
  }
}

TEST(WeightPictures, OfEachOutputHaveTheNamesOfItsOwnClasses) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(8)}, {"width", std::int64_t(8)}}},
                {"pet", "dense", {"input"}, {{"units", std::int64_t(2)}}},
                {"size", "dense", {"input"}, {{"units", std::int64_t(4)}}}};
  spec.classNames = {"cat", "dog"};
  const auto network = nn::Network::create(spec);
  const std::vector<float> parameters(network->parameterCount(), 0.5f);
  EXPECT_EQ(scene::weightPictures(*network, parameters, network->find("pet"))->pictures[1].name, "dog");
  EXPECT_EQ(scene::weightPictures(*network, parameters, network->find("size"))->pictures[1].name, "unit 2")
      << "nothing says that it is classes";
}

TEST(WeightPictures, OfTheFirstKernelsOverColors) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", whole(3)}, {"height", whole(9)}, {"width", whole(9)}}},
                {"first", "conv2d", {}, {{"filters", whole(5)}, {"kernel", whole(3)}}},
                {"second", "conv2d", {}, {{"filters", whole(3)}, {"kernel", whole(3)}}},
                {"dense", "dense", {}, {{"units", whole(4)}}}};
  const Computed computed = compute(spec);
  const auto all = scene::weightPictures(*computed.network, computed.parameters, 1);
  ASSERT_TRUE(all && all->colored() && all->kernels);
  ASSERT_EQ(all->pictures.size(), 5u);
  const auto e = scene::explain(*computed.network, computed.parameters, *computed.values, {1, {4, 2, 2}});
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 9; ++i) EXPECT_EQ(all->at(4, c, i / 3, i % 3), e.patches[std::size_t(c)].cells[std::size_t(i)].weight);
  EXPECT_FALSE(scene::hasWeightPictures(*computed.network, 2)) << "it does not read the picture";
  EXPECT_FALSE(scene::weightPictures(*computed.network, {}, 1));
}

}  // namespace
