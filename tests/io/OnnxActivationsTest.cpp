// Activations that exporters write in several nodes, one small graph for each way: they are one layer of their name, and compute what the
// nodes compute.
#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::Floats;
using graphtest::GraphBuilder;

const Floats kInputs{-9, -3.5f, -2, -0.5f, 0, 0.5f, 2, 3.5f, 5.5f, 8};

float clip(float x, float low, float high) {
  return std::min(high, std::max(low, x));
}
float hardSigmoid(float x) {
  return clip(x + 3, 0, 6) / 6;
}
float hardSwish(float x) {
  return x * hardSigmoid(x);
}
float relu6(float x) {
  return clip(x, 0, 6);
}

// Ten channels of one value each, read by a convolution that leaves them as they are ("c"), or directly.
struct Graph : GraphBuilder {
  explicit Graph(bool behindConvolution) : GraphBuilder({10, 1, 1}), before(behindConvolution ? "c" : "x") {
    if (!behindConvolution) return;
    Floats same(100, 0.0f);
    for (std::size_t i = 0; i < 10; ++i) same[11 * i] = 1;
    floats("w", {10, 10, 1, 1}, same);
    add("c", "Conv", {"x", "w"});
  }
  // A number as a constant of the graph.
  std::string number(float value) {
    const std::string name = "number" + std::to_string(m_numbers++);
    floats(name, {}, {value});
    return name;
  }
  void clipped(const std::string& name, const std::string& input, float low, float high) {
    add(name, "Clip", {input, number(low), number(high)});
  }
  static void real(onnx::NodeProto& node, const char* name, float value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }
  void gate(const std::string& name) {
    onnx::NodeProto& node = add(name, "HardSigmoid", {before});
    real(node, "alpha", 1.0f / 6);
    real(node, "beta", 0.5f);
  }

  std::string before;

 private:
  int m_numbers = 0;
};

struct Way {
  const char* name;
  std::function<void(Graph&)> write;  // the last node is "y"
  const char* activation;
  float (*function)(float);
};

std::vector<Way> ways() {
  const auto cut = [](Graph& g) {
    g.add("a", "Add", {g.before, g.number(3)});
    g.clipped("b", "a", 0, 6);
  };
  return {
      {"HardSwish", [](Graph& g) { g.add("y", "HardSwish", {g.before}); }, "hard-swish", hardSwish},
      {"HardSigmoidTimesX",
       [](Graph& g) {
         g.gate("g"), g.add("y", "Mul", {g.before, "g"});
       },
       "hard-swish", hardSwish},
      {"XTimesHardSigmoid",
       [](Graph& g) {
         g.gate("g"), g.add("y", "Mul", {"g", g.before});
       },
       "hard-swish", hardSwish},
      {"ClipDividedTimesX",
       [cut](Graph& g) {
         cut(g), g.add("d", "Div", {"b", g.number(6)}), g.add("y", "Mul", {g.before, "d"});
       },
       "hard-swish", hardSwish},
      {"ClipTimesXDivided",
       [cut](Graph& g) {
         cut(g), g.add("m", "Mul", {g.before, "b"}), g.add("y", "Div", {"m", g.number(6)});
       },
       "hard-swish", hardSwish},
      {"ClipTimesXTimesASixth",
       [cut](Graph& g) {
         cut(g), g.add("m", "Mul", {"b", g.before}), g.add("y", "Mul", {g.number(1.0f / 6), "m"});
       },
       "hard-swish", hardSwish},
      {"ReluMinTimesASixthTimesX",
       [](Graph& g) {
         g.add("a", "Add", {g.number(3), g.before});
         g.add("r", "Relu", {"a"});
         g.add("b", "Min", {"r", g.number(6)});
         g.add("d", "Mul", {"b", g.number(0.16666667f)});
         g.add("y", "Mul", {"d", g.before});
       },
       "hard-swish", hardSwish},
      {"ClipDivided",
       [cut](Graph& g) {
         cut(g), g.add("y", "Div", {"b", g.number(6)});
       },
       "hard-sigmoid", hardSigmoid},
      {"HardSigmoid", [](Graph& g) { g.gate("y"); }, "hard-sigmoid", hardSigmoid},
      {"Clip", [](Graph& g) { g.clipped("y", g.before, 0, 6); }, "relu6", relu6},
      {"ReluClip", [](Graph& g) { g.add("r", "Relu", {g.before}), g.clipped("y", "r", 0, 6); }, "relu6", relu6},
      {"ReluMin",
       [](Graph& g) {
         g.add("r", "Relu", {g.before}), g.add("y", "Min", {"r", g.number(6)});
       },
       "relu6", relu6},
      {"MaxMin",
       [](Graph& g) {
         g.add("r", "Max", {g.before, g.number(0)}), g.add("y", "Min", {g.number(6), "r"});
       },
       "relu6", relu6},
      {"MinRelu",
       [](Graph& g) {
         g.add("m", "Min", {g.before, g.number(6)}), g.add("y", "Relu", {"m"});
       },
       "relu6", relu6},
      {"MinMax",
       [](Graph& g) {
         g.add("m", "Min", {g.before, g.number(6)}), g.add("y", "Max", {g.number(0), "m"});
       },
       "relu6", relu6},
      {"HardTanh", [](Graph& g) { g.clipped("y", g.before, -1, 1); }, "hard-tanh", [](float x) { return clip(x, -1, 1); }},
  };
}

void expectFunction(const io::Model& model, float (*function)(float)) {
  const Floats found = modeltest::outputOf(model, kInputs);
  ASSERT_EQ(found.size(), kInputs.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], function(kInputs[i]), 2e-6f) << kInputs[i];
}

class OnnxActivations : public ::testing::TestWithParam<Way> {};

TEST_P(OnnxActivations, AreOneLayer) {
  Graph graph(false);
  GetParam().write(graph);
  const io::Model model = graph.read({"y"});
  ASSERT_EQ(model.network->nodes().size(), 2u);
  EXPECT_EQ(nn::activationName(model.network->node(1).layer->activation()), GetParam().activation);
  EXPECT_TRUE(model.network->node(1).name.starts_with(GetParam().activation)) << model.network->node(1).name;
  EXPECT_TRUE(model.notes.empty()) << model.notes[0];
  expectFunction(model, GetParam().function);
}

TEST_P(OnnxActivations, BelongToTheConvolutionBeforeThem) {
  Graph graph(true);
  GetParam().write(graph);
  const io::Model model = graph.read({"y"});
  ASSERT_EQ(model.network->nodes().size(), 2u);
  EXPECT_EQ(model.network->node(1).layer->type(), "conv2d");
  EXPECT_EQ(nn::activationName(model.network->node(1).layer->activation()), GetParam().activation);
  expectFunction(model, GetParam().function);
}

TEST_P(OnnxActivations, LeaveWhatOthersReadAsWell) {
  Graph graph(true);
  GetParam().write(graph);
  graph.add("sum", "Add", {"y", graph.before});
  const Floats found = modeltest::outputOf(graph.read({"sum"}), kInputs);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], kInputs[i] + GetParam().function(kInputs[i]), 4e-6f) << kInputs[i];
}

INSTANTIATE_TEST_SUITE_P(Ways, OnnxActivations, ::testing::ValuesIn(ways()), [](const auto& test) { return test.param.name; });

TEST(OnnxActivationScales, OtherEndsAndSlopesAreScaled) {
  struct Row {
    float low, high;
  };
  for (const Row row : {Row{0, 4}, Row{-2, 2}, Row{-1, 3}, Row{0.5f, 0.75f}, Row{1, 1}})
    for (const bool behindConvolution : {false, true}) {
      Graph graph(behindConvolution);
      graph.clipped("y", graph.before, row.low, row.high);
      const io::Model model = graph.read({"y"});
      EXPECT_TRUE(model.unread.empty());
      const Floats found = modeltest::outputOf(model, kInputs);
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], clip(kInputs[i], row.low, row.high), 2e-6f) << kInputs[i];
    }
  Graph graph(true);
  graph.add("y", "HardSigmoid", {graph.before});  // the standard's own slope, 0.2
  const io::Model model = graph.read({"y"});
  EXPECT_EQ(model.network->nodes().size(), 2u);
  EXPECT_EQ(model.notes.size(), 1u);
  expectFunction(model, [](float x) { return clip(0.2f * x + 0.5f, 0, 1); });
}

// What looks like a hard swish at first, and is none, is read node by node.
TEST(OnnxActivationScales, WhatIsNoHardSwishIsComputedAsItStands) {
  for (const int way : {0, 1, 2, 3}) {
    Graph graph(true);
    graph.add("a", "Add", {"c", graph.number(3)});
    graph.clipped("b", "a", 0, 6);
    graph.add("d", "Div", {"b", graph.number(way == 0 ? 5.0f : 6.0f)});
    graph.add("y", "Mul", {way == 1 ? "x" : way == 2 ? "a" : "c", "d"});
    const Floats found =
        modeltest::outputOf(graph.read(way == 3 ? std::vector<std::string>{"y", "b"} : std::vector<std::string>{"y"}), kInputs);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const float x = kInputs[i], wanted = clip(x + 3, 0, 6) / (way == 0 ? 5 : 6) * (way == 2 ? x + 3 : x);
      EXPECT_NEAR(found[i], wanted, 1e-5f) << way << " of " << x;
    }
  }
}

TEST(OnnxNotes, WhatIsMissingStandsBeforeWhatIsHarmless) {
  Graph graph(true);
  graph.clipped("k", "c", 0, 4);
  graph.add("y", "Sinh", {"k"});
  const io::Model model = graph.read({"y"});
  ASSERT_EQ(model.notes.size(), 3u);
  EXPECT_EQ(model.unread.size(), 1u);
  EXPECT_NE(model.notes[0].find("Sinh"), std::string::npos) << model.notes[0];
  EXPECT_NE(model.notes[2].find("clipping"), std::string::npos) << model.notes[2];
}

// What is wrong is the number that the node holds, not the weights that would come of it.
TEST(OnnxActivations, AttributesThatAreNoNumbersAreNamed) {
  for (const auto& [op, attribute, value] : {std::tuple("LeakyRelu", "alpha", NAN), std::tuple("LeakyRelu", "alpha", INFINITY),
                                             std::tuple("Elu", "alpha", NAN), std::tuple("HardSigmoid", "beta", NAN)}) {
    Graph graph(true);
    Graph::real(graph.add("y", op, {"c"}), attribute, value);
    const io::Model part = graph.read({"y"});
    ASSERT_EQ(part.unread.size(), 1u) << op;
    EXPECT_EQ(part.unread[0].what, std::string("its attribute '") + attribute + "' is not a finite number");
    EXPECT_NE(part.unread[0].where.find(op), std::string::npos) << part.unread[0].where;
  }
  Graph graph(true);
  onnx::NodeProto& clip = graph.add("y", "Clip", {"c"});
  Graph::real(clip, "min", 0);
  Graph::real(clip, "max", INFINITY);
  EXPECT_TRUE(graph.read({"y"}).unread.empty()) << "no limit";
}

}  // namespace
