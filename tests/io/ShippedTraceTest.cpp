// The traces of the networks that the program ships, with their trained weights where there are any: nothing is lost
// on the way down to the pixels. And every other method on each of them.
#include <gtest/gtest.h>
#include <numeric>

#include <QDir>

#include "analysis/Method.h"
#include "analysis/Trace.h"
#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "nn/Error.h"
#include "nn/Workspace.h"
#include "tasks/Task.h"

namespace {

struct Shipped {
  explicit Shipped(const QString& name) {
    const QString trained = QStringLiteral(CONVSCOPE_SOURCE_DIR "/resources/models/%1.onnx").arg(name);
    if (QFile::exists(trained)) {
      const io::Model model = io::loadOnnx(trained);
      network = model.network;
      parameters = model.parameters;
    } else {
      network = nn::Network::create(io::loadNetworkSpec(name));
      parameters = network->initialParameters(3);
    }
    const auto digits = data::generateStrokeDigits(10, 4);
    std::vector<float> picture(network->inputShape().size());
    nn::Workspace workspace(network, 1, false);
    nn::Weights weights(network);
    weights.assign(parameters);
    data::InputPipeline(*network).write(digits->image(3), digits->shape, picture);
    workspace.setInput(0, picture);
    workspace.forward(weights);
    for (int node = 0; node < int(network->nodes().size()); ++node) {
      offset.push_back(values.size());
      values.resize(values.size() + network->node(node).shape.size());
      workspace.read(node, 0, std::span(values).subspan(offset.back()));
    }
  }
  analysis::Activations at() const { return {*network, parameters, offset, values}; }
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::vector<std::size_t> offset;
  std::vector<float> values;
};

class ShippedTrace : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedTrace, AddsUpToTheDifferenceOfTwoLogits) {
  const Shipped shipped(QString::fromStdString(GetParam()));
  if (tasks::taskOf(*shipped.network).firstClass < 0) return;  // it has no logits
  const int logits = shipped.network->logitsNode();
  const analysis::TraceTarget targets[] = {{logits, {1, 0, 0}, 1}, {logits, {0, 0, 0}, -1}};
  const analysis::Trace trace = traceOf(shipped.at(), targets);
  const std::vector<float>& pixels = trace.amounts[0];
  const double accounted =
      std::accumulate(pixels.begin(), pixels.end(), trace.rest) + std::accumulate(trace.bias.begin(), trace.bias.end(), 0.0);
  const float difference = shipped.at().at(logits, {1, 0, 0}) - shipped.at().at(logits, {0, 0, 0});
  EXPECT_NEAR(trace.total, difference, 1e-4 * std::max(1.0f, std::abs(difference)));
  EXPECT_NEAR(accounted, trace.total, 1e-4 * std::max(1.0, std::abs(trace.total)));
  EXPECT_TRUE(trace.complete);
}

// Every method of the table, on a digit: of the class that is the answer, or a clear refusal.
TEST_P(ShippedTrace, AndEveryOtherMethodExplainsTheAnswer) {
  const Shipped shipped(QString::fromStdString(GetParam()));
  const nn::Shape picture = nn::pictureShape(shipped.network->inputShape());
  auto weights = std::make_shared<nn::Weights>(shipped.network);
  weights->assign(shipped.parameters);
  const std::span<const float> input = shipped.at().of(shipped.network->inputs().front());
  const analysis::Request request{shipped.network, weights, {{input.begin(), input.end()}}, {}, {}, {}};
  for (const analysis::Method& method : analysis::methods()) {
    SCOPED_TRACE(method.id);
    if (!analysis::whyNot(method, *shipped.network).empty()) {
      EXPECT_THROW(analysis::explain(method, request), nn::Error);
      continue;
    }
    int asked = 0;
    const auto result = analysis::explain(method, request, [&](double) { return ++asked > 0; });
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->target.assumed);
    EXPECT_EQ(result->map.width, picture.width);
    EXPECT_EQ(result->map.height, picture.height);
    EXPECT_TRUE(std::any_of(result->map.values.begin(), result->map.values.end(), [](float value) { return value != 0; }));
    EXPECT_EQ(result->units, analysis::explain(method, request)->units);
    for (int last = 1; last <= std::min(asked, 2); ++last) {  // canceled at the beginning, and on the way
      int again = 0;
      EXPECT_FALSE(analysis::explain(method, request, [&](double) { return ++again < last; }));
    }
  }
}

std::vector<std::string> shippedNames() {
  std::vector<std::string> names;
  for (const QString& file : QDir(CONVSCOPE_SOURCE_DIR "/resources/networks").entryList({"*.json"}))
    names.push_back(file.chopped(5).toStdString());
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedTrace, ::testing::ValuesIn(shippedNames()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
