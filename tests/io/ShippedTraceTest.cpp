// The traces of the networks that the program ships, with their trained weights where there are any: nothing is lost
// on the way down to the pixels.
#include <gtest/gtest.h>
#include <numeric>

#include <QDir>

#include "analysis/Trace.h"
#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "nn/Workspace.h"

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
