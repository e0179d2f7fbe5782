// The methods against what they must give: numbers of the literature, networks whose answer is known, and each other.
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "analysis/Answer.h"
#include "analysis/Method.h"
#include "analysis/attribution/Maps.h"
#include "nn/Error.h"
#include "support/LayerCases.h"

namespace {

using V = std::int64_t;

nn::NodeSpec inputOf(int channels, int height, int width) {
  return nntest::inputNode({channels, height, width});
}
nn::NodeSpec convolution(const std::string& name, int filters, int kernel, const std::string& activation = "none", bool bias = true) {
  return {name,
          "conv2d",
          {},
          {{"filters", V(filters)}, {"kernel", V(kernel)}, {"activation", activation}, {"bias", bias}, {"padding", std::string("same")}}};
}
nn::NodeSpec denseLayer(const std::string& name, int units, bool bias = true) {
  return {name, "dense", {}, {{"units", V(units)}, {"bias", bias}}};
}

struct Case {
  explicit Case(std::vector<nn::NodeSpec> nodes, std::uint64_t seed = 9) {
    nn::NetworkSpec spec;
    spec.nodes = std::move(nodes);
    request.network = nn::Network::create(spec);
    parameters = nntest::randomParameters(*request.network, seed);
    for (const int input : request.network->inputs())
      request.inputs.push_back(nntest::distinctValues(request.network->node(input).shape.size(), seed + std::uint64_t(input)));
    assign();
  }
  void assign() {
    auto weights = std::make_shared<nn::Weights>(request.network);
    weights->assign(parameters);
    request.weights = weights;
  }
  analysis::Result explain(const char* method, nn::Fields fields = {}, std::optional<int> label = 1) {
    request.fields = std::move(fields);
    request.label = label;
    return *analysis::explain(*analysis::findMethod(method), request);
  }
  std::string refusal(const char* method, nn::Fields fields = {}, std::optional<int> label = 1) {
    try {
      explain(method, std::move(fields), label);
    } catch (const nn::Error& error) {
      return error.message();
    }
    return "";
  }

  analysis::Request request;
  std::vector<float> parameters;
};

// The class's own row of weights.
TEST(Saliency, OfALinearNetworkIsItsWeights) {
  Case linear({inputOf(2, 3, 4), denseLayer("scores", 3), {"softmax", "softmax", {}, {}}});
  const std::vector<float> row(linear.parameters.begin() + 24, linear.parameters.begin() + 48);
  const analysis::Result with = linear.explain("saliency", {{"show", std::string("signed")}});
  EXPECT_EQ(with.units[0], row);
  EXPECT_TRUE(with.isSigned);
  const analysis::Result absolute = linear.explain("saliency"), times = linear.explain("saliency", {{"show", std::string("times-input")}});
  ASSERT_EQ(absolute.map.width, 4);
  ASSERT_EQ(absolute.map.height, 3);
  double sum = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(absolute.map.values[i], std::max(std::abs(row[i]), std::abs(row[i + 12])));
    EXPECT_NEAR(with.map.values[i], row[i] + row[i + 12], 1e-6);
    sum += double(times.map.values[i]);
  }
  EXPECT_NEAR(sum + double(linear.parameters[72 + 1]), times.target.score, 1e-5);  // the bias is what is missing
  EXPECT_EQ(times.target.name, "class 1");
  EXPECT_FALSE(times.target.assumed);
}

// Ancona et al. 2018: without biases both are the same in a network of rectifiers, and add up to the score.
TEST(Saliency, TimesInputIsTheTraceOfARectifierNetworkWithoutBiases) {
  Case network({inputOf(1, 8, 8),
                convolution("conv1", 4, 3, "relu", false),
                {"pool", "max-pool", {}, {{"kernel", V(2)}}},
                convolution("conv2", 3, 3, "relu", false),
                {"flatten", "flatten", {}, {}},
                denseLayer("scores", 3, false)});
  const analysis::Result times = network.explain("saliency", {{"show", std::string("times-input")}}), trace = network.explain("trace");
  double sum = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_NEAR(times.map.values[i], trace.map.values[i], 1e-4);
    sum += double(trace.map.values[i]);
  }
  EXPECT_NEAR(sum, trace.target.score, 1e-3);
  EXPECT_NEAR(trace.figures.front().value, trace.target.score, 1e-4);
}

TEST(Trace, AddsUpToTheScoreWhateverTheNetwork) {
  Case network({inputOf(2, 6, 6),
                convolution("conv", 3, 3, "tanh"),
                {"norm", "batch-norm", {}, {{"activation", std::string("relu")}}},
                {"sum", "add", {"norm", "conv"}, {}},
                {"flatten", "flatten", {}, {}},
                denseLayer("scores", 3)});
  const analysis::Result trace = network.explain("trace");
  ASSERT_EQ(trace.figures.size(), 4u);
  EXPECT_NEAR(trace.figures[0].value, trace.figures[1].value + trace.figures[2].value + trace.figures[3].value, 1e-3);
  const analysis::Result other = network.explain("trace", {}, 0), difference = network.explain("trace", {{"against", V(0)}});
  EXPECT_NEAR(difference.figures[0].value, trace.target.score - other.target.score, 1e-3);
  EXPECT_NE(difference.notes.front().find("and not class 0"), std::string::npos) << difference.notes.front();
  EXPECT_NE(network.refusal("trace", {{"against", V(1)}}), "");
  EXPECT_NE(network.refusal("trace", {{"against", V(7)}}).find("0 to 2"), std::string::npos);
}

// The numbers of Captum's tests (its network "one conv"), worked out by hand again.
TEST(GradCam, GivesTheNumbersOfTheLiterature) {
  nn::NodeSpec valid = convolution("conv", 2, 3);
  valid.fields["padding"] = V(0);
  Case network(
      {inputOf(1, 4, 4), valid, {"relu", "activation", {}, {{"activation", std::string("relu")}}}, denseLayer("scores", 2, false)});
  network.parameters.assign(18, 1.0f);
  network.parameters.insert(network.parameters.end(), {-50.0f, -75.0f});
  for (int unit = 0; unit < 2; ++unit)
    for (int i = 0; i < 8; ++i) network.parameters.push_back(i < 5 ? 1.0f : -1.0f);
  network.assign();
  std::iota(network.request.inputs[0].begin(), network.request.inputs[0].end(), 0.0f);
  const auto mapAt = [&](const char* layer) {
    const analysis::Result result = network.explain("grad-cam", {{"layer", std::string(layer)}});
    EXPECT_EQ(result.target.score, 54);
    EXPECT_FALSE(result.units[std::size_t(network.request.network->find(layer))].empty());
    const std::vector<float>& map = result.map.values;
    const std::vector<float> sum = {map.front(), map[3], map[12], map.back()};  // enlarged, the corners are the four values
    return sum;
  };
  EXPECT_EQ(mapAt("conv"), (std::vector<float>{11.25f, 13.5f, 20.25f, 22.5f}));
  EXPECT_EQ(mapAt("relu"), (std::vector<float>{0, 4, 28, 32.5f}));
  // By default after the rectifier. What a map adds below zero is left out of its units too.
  const analysis::Result result = network.explain("grad-cam");
  EXPECT_EQ(result.map.values.back(), 32.5f);
  EXPECT_EQ(result.units[2], (std::vector<float>{0, 4, 31, 40, 0, 0, 0, 0}));
  EXPECT_NE(result.notes.front().find("relu"), std::string::npos) << result.notes.front();
}

// Zhou et al. 2016: behind a global average pooling the class's weights are those of the maps; Grad-CAM divides them by the cells.
TEST(GradCam, BehindAGlobalAveragePoolingIsTheClassActivationMap) {
  Case network({inputOf(1, 6, 6),
                convolution("conv1", 4, 3, "relu"),
                convolution("conv2", 5, 3, "relu"),
                {"mean", "global-average-pool", {}, {}},
                denseLayer("scores", 3),
                {"softmax", "softmax", {}, {}}});
  const analysis::Result result = network.explain("grad-cam");
  nn::SamplePass pass(network.request.network);
  pass.setInput(network.request.inputs[0]);
  pass.forward(*network.request.weights);
  const std::vector<float> maps = pass.values(network.request.network->find("conv2"));
  const std::size_t weights = network.request.network->node(network.request.network->find("scores")).parameterOffset + 5;
  for (std::size_t i = 0; i < 36; ++i) {
    double sum = 0;
    for (std::size_t map = 0; map < 5; ++map) sum += double(network.parameters[weights + map]) * double(maps[map * 36 + i]);
    EXPECT_NEAR(result.map.values[i], std::max(sum, 0.0) / 36, 1e-5);
  }
  ASSERT_EQ(result.figures.size(), 5u);
  EXPECT_NEAR(result.figures[2].value, network.parameters[weights + 2] / 36, 1e-6);
}

TEST(GradCam, AsksTheMapsBeforeAPoolingAndSaysWhichLayersThereAre) {
  Case network({inputOf(1, 8, 8),
                convolution("conv1", 4, 3, "relu"),
                {"pool", "max-pool", {}, {{"kernel", V(2)}}},
                {"flatten", "flatten", {}, {}},
                denseLayer("scores", 3)});
  EXPECT_EQ(analysis::lastMaps(*network.request.network, 4), 1);
  EXPECT_NE(network.refusal("grad-cam", {{"layer", std::string("conv9")}}).find("conv1, pool"), std::string::npos);
  EXPECT_NE(network.refusal("grad-cam", {{"layer", std::string("scores")}}).find("no maps"), std::string::npos);
  Case flat({inputOf(4, 1, 1), denseLayer("hidden", 5), denseLayer("scores", 3)});
  EXPECT_NE(flat.refusal("grad-cam").find("no layer with maps"), std::string::npos) << flat.refusal("grad-cam");
}

TEST(Occlusion, OfALinearNetworkIsWhatTheSquareAdds) {
  Case linear({inputOf(2, 6, 5), denseLayer("scores", 3)});
  linear.request.blank = std::vector<float>(60, 0.25f);
  const auto adds = [&](std::size_t pixel) {
    double sum = 0;
    for (const std::size_t cell : {pixel, pixel + 30})
      sum += double(linear.parameters[60 + cell]) * (double(linear.request.inputs[0][cell]) - 0.25);
    return sum;
  };
  const analysis::Result single = linear.explain("occlusion", {{"window", V(1)}, {"stride", V(1)}});
  for (std::size_t i = 0; i < 30; ++i) EXPECT_NEAR(single.map.values[i], adds(i), 2e-5) << i;
  // Squares of two side by side; the last column has squares of its own, which overlap those beside them.
  const analysis::Result squares = linear.explain("occlusion", {{"window", V(2)}, {"stride", V(2)}});
  const double corner = adds(0) + adds(1) + adds(5) + adds(6);
  EXPECT_NEAR(squares.map.values[0], corner, 2e-5);
  EXPECT_NEAR(squares.map.values[6], corner, 2e-5);
  const double edge = adds(3) + adds(4) + adds(8) + adds(9), beside = adds(2) + adds(3) + adds(7) + adds(8);
  EXPECT_NEAR(squares.map.values[4], edge, 2e-5);
  EXPECT_NEAR(squares.map.values[3], (edge + beside) / 2, 2e-5);
}

// Colors go by the largest number, so that what is left of rounding would shine like anything else.
TEST(Occlusion, WhatRoundingLeavesIsNothing) {
  Case linear({inputOf(1, 6, 6), denseLayer("hidden", 20), denseLayer("scores", 3)});
  linear.request.blank = linear.request.inputs[0];
  for (float& value : linear.request.blank) value *= 1.0000003f;
  const analysis::Result result = linear.explain("occlusion", {{"window", V(2)}, {"stride", V(2)}});
  EXPECT_EQ(result.map.values, std::vector<float>(36, 0.0f));
}

TEST(Explain, OfAPictureIsAboutTheSumOverItsPixels) {
  Case network({inputOf(1, 6, 6), convolution("conv", 4, 3, "relu"), convolution("scores", 3, 3), {"softmax", "softmax", {}, {}}});
  const analysis::Result result = network.explain("saliency", {{"show", std::string("signed")}}, 1);
  nn::SamplePass pass(network.request.network);
  pass.setInput(network.request.inputs[0]);
  pass.forward(*network.request.weights);
  const std::vector<float> scores = pass.values(2);
  EXPECT_NEAR(result.target.score, std::accumulate(scores.begin() + 72, scores.end(), 0.0), 1e-4);  // its class 1 is behind the ground
  EXPECT_NE(result.notes.front().find("sum of the scores of class 1 over all 6 × 6 pixels"), std::string::npos) << result.notes.front();
  EXPECT_EQ(result.map.values.size(), 36u);
}

TEST(Explain, TakesTheAnswerWhereNoClassIsNamedAndSaysSo) {
  Case network({inputOf(1, 4, 4), denseLayer("scores", 5), {"softmax", "softmax", {}, {}}});
  const analysis::Result result = network.explain("saliency", {}, std::nullopt);
  EXPECT_TRUE(result.target.assumed);
  nn::SamplePass pass(network.request.network);
  pass.setInput(network.request.inputs[0]);
  pass.forward(*network.request.weights);
  EXPECT_EQ(result.target.label, analysis::winnerOf(pass.values(2)));
  EXPECT_FALSE(network.explain("saliency", {}, 2).target.assumed);
}

TEST(Explain, RefusesWhatHasNoAnswerAndSaysWhy) {
  Case network({inputOf(1, 4, 4), denseLayer("scores", 5)});
  EXPECT_NE(network.refusal("saliency", {}, 5).find("0 to 4"), std::string::npos);
  EXPECT_NE(network.refusal("saliency", {}, -1), "");
  EXPECT_NE(network.refusal("saliency", {{"show", std::string("loudly")}}).find("absolute, signed, times-input"), std::string::npos);
  EXPECT_NE(network.refusal("saliency", {{"layer", std::string("scores")}}), "");
  network.parameters.assign(network.parameters.size(), 0.0f);
  network.assign();
  EXPECT_NE(network.refusal("saliency", {}, std::nullopt).find("5 outputs are equal"), std::string::npos);
  EXPECT_EQ(network.refusal("saliency", {}, 3), "");
  network.parameters.assign(network.parameters.size(), INFINITY);
  network.assign();
  EXPECT_NE(network.refusal("saliency", {}, 3).find("no finite number"), std::string::npos);
  Case single({inputOf(1, 4, 4), denseLayer("score", 1)});
  EXPECT_NE(single.refusal("saliency").find("single number"), std::string::npos);
}

// Every method on every type of layer, with scores behind it.
class AnyMethod : public ::testing::TestWithParam<nntest::LayerCase> {};

TEST_P(AnyMethod, TellsEveryPixelAFiniteNumberTheSameEachTime) {
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  spec.nodes.push_back({"flat", "flatten", {}, {}});
  spec.nodes.push_back(denseLayer("scores", 3));
  Case network(spec.nodes);
  const auto nodes = network.request.network->nodes();
  for (const analysis::Method& method : analysis::methods()) {
    if (!analysis::whyNot(method, *network.request.network).empty()) continue;
    const analysis::Result result = network.explain(method.id.c_str()), again = network.explain(method.id.c_str());
    const nn::Shape pixels = analysis::pixelsOf(nodes[std::size_t(network.request.network->inputs().front())].shape);
    ASSERT_EQ(result.map.width, pixels.width) << method.id;
    ASSERT_EQ(result.map.height, pixels.height) << method.id;
    ASSERT_EQ(result.map.values.size(), std::size_t(pixels.width) * std::size_t(pixels.height)) << method.id;
    ASSERT_EQ(result.units.size(), nodes.size()) << method.id;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!result.units[i].empty()) {
        ASSERT_EQ(result.units[i].size(), nodes[i].shape.size()) << method.id;
      }
      for (const float value : result.units[i]) {
        ASSERT_TRUE(std::isfinite(value)) << method.id;
        ASSERT_TRUE(result.isSigned || value >= 0) << method.id;
      }
    }
    ASSERT_FALSE(result.units[std::size_t(network.request.network->inputs().front())].empty()) << method.id;
    EXPECT_EQ(result.map.values, again.map.values) << method.id;
    EXPECT_EQ(result.units, again.units) << method.id;
    int asked = 0;
    EXPECT_FALSE(analysis::explain(method, network.request, [&](double) { return ++asked < 1; })) << method.id;
    EXPECT_EQ(asked, 1) << method.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, AnyMethod, ::testing::ValuesIn(nntest::layerCases()), [](const auto& test) { return test.param.name; });

TEST(MethodCatalogue, EveryRowIsWhole) {
  for (const analysis::Method& method : analysis::methods()) {
    EXPECT_EQ(analysis::findMethod(method.id), &method);
    EXPECT_FALSE(method.title.empty() || method.source.empty()) << method.id;
    EXPECT_EQ(method.help.back(), '.') << method.id;
    EXPECT_NE(method.run, nullptr) << method.id;
    for (const nn::FieldInfo& field : method.fields) {
      EXPECT_FALSE(field.label.empty()) << method.id;
      EXPECT_EQ(field.tooltip.back(), '.') << method.id;
      // A field of the same name means the same in every method: the command line has one option for it.
      for (const analysis::Method& other : analysis::methods())
        for (const nn::FieldInfo& same : other.fields)
          EXPECT_TRUE(same.name != field.name || same.defaultValue.index() == field.defaultValue.index()) << field.name;
    }
  }
  ASSERT_NE(analysis::findMethod("echo"), nullptr) << "the one that only tests know";
  EXPECT_EQ(analysis::findMethod("ech"), nullptr);
}

}  // namespace
