// What a lesson names is looked up in the network and the window before it is played, and its values are those that the network computes.
#include <gtest/gtest.h>

#include "lessons/Checker.h"
#include "lessons/Parser.h"
#include "nn/Workspace.h"

namespace {

std::shared_ptr<const nn::Network> smallNetwork() {
  nn::NetworkSpec spec;
  spec.name = "small";
  spec.nodes = {
      {.name = "input",
       .type = "input",
       .fields = {{"channels", std::int64_t(1)}, {"height", std::int64_t(4)}, {"width", std::int64_t(5)}}},
      {.name = "conv1",
       .type = "conv2d",
       .inputs = {"input"},
       .fields =
           {{"filters", std::int64_t(2)}, {"kernel", std::int64_t(3)}, {"padding", std::int64_t(1)}, {"activation", std::string("relu")}}},
      {.name = "conv2", .type = "conv2d", .inputs = {"conv1"}, .fields = {{"filters", std::int64_t(3)}, {"kernel", std::int64_t(3)}}},
      {.name = "output", .type = "dense", .inputs = {"conv2"}, .fields = {{"units", std::int64_t(4)}}}};
  return nn::Network::create(spec);
}

class LessonValues : public ::testing::Test {
 protected:
  LessonValues() : network(smallNetwork()), parameters(network->parameterCount()) {
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] = 0.01f * float(i % 17) - 0.05f;
    std::vector<float> input(20);
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = float(i) / 20;
    activations.push_back(input);
    for (int node = 1; node < int(network->nodes().size()); ++node) {
      const nn::Network::Node& each = network->node(node);
      std::vector<float> values(each.shape.size());
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = combined(node, nn::cellAt(each.shape, i)).value;
      activations.push_back(values);
    }
  }
  nn::Layer::Combined combined(int node, const nn::Cell& cell) const {
    const nn::Network::Node& each = network->node(node);
    nn::CellLinks links;
    each.layer->linksInto(cell, links);
    std::vector<float> inputs;
    const int source = each.inputs.front();
    for (const nn::Link& link : links.terms)
      inputs.push_back(activations[std::size_t(source)][nn::flatIndex(network->node(source).shape, link.cell)]);
    return each.layer->combine(cell, links, inputs, std::span(parameters).subspan(each.parameterOffset, each.parameterCount));
  }
  lessons::Live live() const {
    return {*network, parameters, [this](int node) { return std::span<const float>(activations[std::size_t(node)]); }};
  }
  std::optional<lessons::Value> value(const std::string& text) const {
    return lessons::evaluate(lessons::parseExpression(text, 1), live());
  }
  double number(const std::string& text) const {
    const auto found = value(text);
    EXPECT_TRUE(found) << text;
    return found ? found->number : 0;
  }

  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::vector<std::vector<float>> activations;
};

TEST_F(LessonValues, AreThoseOfTheNetworkCountedFromOne) {
  const nn::Cell cell{1, 2, 3};
  EXPECT_FLOAT_EQ(float(number("value conv1 2 3 4")), combined(1, cell).value);
  EXPECT_FLOAT_EQ(float(number("sum conv1 2 3 4")), combined(1, cell).preActivation);
  EXPECT_FLOAT_EQ(float(number("bias conv1 2 3 4")), parameters[19]) << "behind two kernels of nine";
  EXPECT_FLOAT_EQ(float(number("weight conv1 2 1 3")), parameters[11]);
  EXPECT_FLOAT_EQ(float(number("input conv1 2 3 4 1 1")), activations[0][1 * 5 + 2]);
  EXPECT_FLOAT_EQ(float(number("product conv1 2 3 4 1 1")), activations[0][7] * parameters[9]);
  EXPECT_FLOAT_EQ(float(number("value output 2")), combined(3, {1, 0, 0}).value);
  EXPECT_EQ(number("maps conv1"), 2);
  EXPECT_EQ(number("units conv1"), 40);
  EXPECT_EQ(value("size conv1")->words, "4 × 5");
  EXPECT_EQ(number("kernel-weights conv1"), 9);
  EXPECT_EQ(number("parameters conv1"), 20);
  EXPECT_EQ(number("parameters"), double(network->parameterCount()));
  EXPECT_EQ(number("dense-parameters conv1"), 20 * 40 + 40);
  EXPECT_NE(number("brightest conv1"), number("darkest conv1"));
  EXPECT_GE(number("total conv1 " + std::to_string(int(number("brightest conv1")))), number("total conv1 1"));
}

TEST_F(LessonValues, AWindowAddsUpAndSaysWhatLiesOutside) {
  const auto figure = value("window conv1 1 1 1")->figure;
  ASSERT_EQ(figure.inputs.size(), 9u);
  float sum = figure.bias;
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(figure.outside[i], i < 3 || i % 3 == 0) << i;
    EXPECT_TRUE(!figure.outside[i] || figure.inputs[i] == 0) << i;
    sum += figure.inputs[i] * figure.weights[i];
  }
  EXPECT_NEAR(sum, figure.sum, 1e-5);
  EXPECT_FLOAT_EQ(figure.value, std::max(0.0f, figure.sum));
  EXPECT_EQ(figure.activation, "relu");
  EXPECT_TRUE(value("kernel conv1 2")->figure.inputs.empty());
}

TEST_F(LessonValues, ExpectationsCompareThem) {
  const auto holds = [&](const std::string& left, const char* comparison, const std::string& right) {
    return lessons::holds({lessons::parseExpression(left, 1), lessons::parseExpression(right, 1), comparison, 1}, live());
  };
  EXPECT_EQ(holds("maps conv1", "=", "2"), true);
  EXPECT_EQ(holds("maps conv1", "<", "2"), false);
  EXPECT_EQ(holds("maps conv1", "<=", "2"), true);
  EXPECT_EQ(holds("units conv1", ">", "maps conv1"), true);
  EXPECT_EQ(holds("units conv1", ">=", "41"), false);
  EXPECT_EQ(holds("value nowhere 1 1 1", ">", "0"), std::nullopt);
}

TEST_F(LessonValues, WithoutValuesThereAreSizesAlone) {
  const lessons::Live resting{*network, parameters, [](int) { return std::span<const float>(); }};
  EXPECT_FALSE(lessons::evaluate(lessons::parseExpression("value conv1 1 1 1", 1), resting));
  EXPECT_FALSE(lessons::evaluate(lessons::parseExpression("window conv1 1 1 1", 1), resting));
  EXPECT_TRUE(lessons::evaluate(lessons::parseExpression("kernel conv1 1", 1), resting));
  EXPECT_TRUE(lessons::evaluate(lessons::parseExpression("parameters conv1", 1), resting));
}

std::string checked(const std::string& body) {
  static const auto network = smallNetwork();
  const lessons::Parsed parsed = lessons::parseLesson("# T\n\nS.\n\n```lesson\nnetwork small\n```\n## Step\n\n" + body, "x");
  EXPECT_TRUE(parsed.issues.empty()) << body;
  lessons::Known known{network.get(), {"small"}, {"view.flat", "view.reset"}, {"strokes"}, {"drawing"}, {"sliding-window"}, {}};
  known.whyNotSet = [](const std::string& field, const std::string&) { return field == "batch" ? "" : "there is no such field"; };
  std::string all;
  for (const nn::Issue& issue : lessons::checkLesson(parsed.lesson, known))
    all += issue.where + ": " + issue.what + ". " + issue.hint + "\n";
  return all;
}

TEST(LessonChecker, TakesWhatIsThere) {
  EXPECT_EQ(
      checked("Text {value conv1 2 4 5}, {value output 4}.\n\n{window conv1 1 1 1}\n\n{kernel conv1 2}\n\n```do\ncamera all\ncamera conv1 "
              "kernels\n"
              "camera conv1 kernels 2\ncamera conv1 2 4 5\nspotlight drawing\nspotlight conv1 2\npin conv1 1 2 3\npin output 4\nplay "
              "sliding-window conv1 1 1 1\n"
              "draw 0,0 280,280 ; 3,4\ndraw nothing\nset batch 3\ndata strokes\nrun view.flat\nrun view.flat on\n```\n```expect\nmaps "
              "conv1 = 2\n```\n"),
      "");
}

TEST(LessonChecker, TellsWhatIsNot) {
  const std::pair<const char*, const char*> wrongs[] = {
      {"{value conv9 1 1 1}", "line 10: the network has no layer 'conv9'. Its layers are input, conv1, conv2, output"},
      {"{value conv1 3 1 1}", "line 10: '3' is no MAP of conv1. Write a whole number from 1 to 2"},
      {"{value conv1 0 1 1}", "line 10: '0' is no MAP of conv1"},
      {"{value conv1 1 1.5 1}", "line 10: '1.5' is no ROW of conv1"},
      {"{value conv1 1 1}", "line 10: 'value conv1 1 1' has 3 words behind its name. Write value LAYER MAP ROW COLUMN"},
      {"{worth conv1 1}", "line 10: there is no value 'worth'. Values are value, sum"},
      {"{weight conv1 1 4 1}", "line 10: '4' is no KERNEL-ROW of conv1. Write a whole number from 1 to 3"},
      {"{window conv2 1 1 1}", "line 10: conv2 slides no kernel over a single map"},
      {"{kernel output 1}", "line 10: output slides no kernel"},
      {"in a line {kernel conv1 1}", "line 10: 'kernel' is shown as tables"},
      {"t\n```do\ndance now\n```", "line 12: a step cannot 'dance'. It can camera, spotlight"},
      {"t\n```do\ncamera\n```", "line 12: 'camera' does not say what"},
      {"t\n```do\ncamera conv7\n```", "line 12: the network has no layer 'conv7'"},
      {"t\n```do\ncamera output kernels\n```", "line 12: output has no kernels"},
      {"t\n```do\ncamera conv1 kernels 3\n```", "line 12: '3' is no MAP of conv1"},
      {"t\n```do\ncamera conv1 kernels 1 1\n```", "line 12: a place has a layer"},
      {"t\n```do\ncamera conv1 1 2\n```", "line 12: a place has a layer"},
      {"t\n```do\npin conv1 1\n```", "line 12: this names no single unit"},
      {"t\n```do\nplay waltz\n```", "line 12: there is no animation 'waltz'. Animations are sliding-window"},
      {"t\n```do\ndraw 3,4 300,1\n```", "line 12: '300,1' is no place on the pad"},
      {"t\n```do\ndraw 3,4 ;\n```", "line 12: a stroke without a point"},
      {"t\n```do\nset colour red\n```", "line 12: 'colour' cannot be set like this: there is no such field"},
      {"t\n```do\ndata cats\n```", "line 12: there is no data set 'cats'. Data sets are strokes"},
      {"t\n```do\nrun view.flit\n```", "line 12: there is no command 'view.flit'. Did you mean view.flat?"},
      {"t\n```do\nrun view.flat twice\n```", "line 12: 'run' takes a command"},
      {"t\n```expect\nvalue conv1 9 1 1 > 0\n```", "line 12: '9' is no MAP of conv1"},
      {"t\n```expect\nmaps conv1 = two\n```", "line 12: there is no value 'two'"},
  };
  for (const auto& [body, told] : wrongs) EXPECT_NE(checked(body).find(told), std::string::npos) << body << "\n" << checked(body);
}

TEST(LessonChecker, WithoutItsNetworkItSaysWhichThereAre) {
  lessons::Lesson lesson;
  lesson.id = "x";
  lesson.network = "large";
  const auto issues = lessons::checkLesson(lesson, {nullptr, {"small"}, {}, {}, {}, {}, {}});
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].hint, "Name one of small");
}

}  // namespace
