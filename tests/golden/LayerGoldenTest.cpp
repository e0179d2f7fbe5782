#include <gtest/gtest.h>
#include <limits>

#include "golden/GoldenFile.h"
#include "nn/Workspace.h"

namespace {

constexpr double kTolerance = 1e-5;

struct Results {
  std::vector<float> outputs, inputGradients, parameterGradients;
};

// Forward and backward of `samples` samples, in blocks of `lanes`.
Results compute(const std::shared_ptr<const nn::Network>& network, int samples, int lanes) {
  const std::size_t inputs = network->inputShape().size(), outputs = network->outputShape().size();
  const std::vector<float> x = golden::formula(1, std::size_t(samples) * inputs), y = golden::formula(3, std::size_t(samples) * outputs);
  nn::Weights weights(network);
  weights.assign(golden::formula(2, network->parameterCount(), 0.5f));
  nn::Workspace workspace(network, lanes, true);
  Results results;
  results.parameterGradients.resize(network->parameterCount());
  for (int first = 0; first < samples; first += lanes) {
    const int count = std::min(lanes, samples - first);
    const nn::Pass pass{true, 0, count};
    const auto part = [&](const std::vector<float>& values, int lane, std::size_t size) {
      return std::span(values).subspan(std::size_t(first + lane) * size, size);
    };
    // What lies in unused lanes must not matter.
    const std::vector<float> poison(inputs, std::numeric_limits<float>::quiet_NaN());
    for (int lane = 0; lane < lanes; ++lane)
      workspace.setInput(lane, lane < count ? part(x, lane, inputs) : std::span<const float>(poison));
    workspace.forward(weights, pass);
    workspace.clearGradients();
    for (int lane = 0; lane < count; ++lane) workspace.setGradient(network->outputs()[0], lane, part(y, lane, outputs));
    workspace.backward(weights, pass, results.parameterGradients, true);
    std::vector<float> output(outputs), gradient(inputs);
    for (int lane = 0; lane < count; ++lane) {
      workspace.read(network->outputs()[0], lane, output);
      workspace.readGradient(network->inputs()[0], lane, gradient);
      results.outputs.insert(results.outputs.end(), output.begin(), output.end());
      results.inputGradients.insert(results.inputGradients.end(), gradient.begin(), gradient.end());
    }
  }
  return results;
}

class LayerGolden : public testing::TestWithParam<std::string> {};

TEST_P(LayerGolden, MatchesPyTorch) {
  const auto lines = golden::readFile(GetParam());
  const auto network = nn::Network::create(golden::networkOf(lines));
  const int samples = std::stoi(golden::lineOf(lines, "samples").words.at(1));
  for (const int lanes : {1, nn::kLanes}) {
    SCOPED_TRACE("lanes " + std::to_string(lanes));
    const Results results = compute(network, samples, lanes);
    EXPECT_LE(golden::largestRelativeError(results.outputs, golden::lineOf(lines, "output").values), kTolerance);
    EXPECT_LE(golden::largestRelativeError(results.inputGradients, golden::lineOf(lines, "input-gradient").values), kTolerance);
    if (network->parameterCount() > 0) {
      EXPECT_LE(golden::largestRelativeError(results.parameterGradients, golden::lineOf(lines, "parameter-gradient").values), kTolerance);
    }
  }
}

std::string caseName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(PyTorch, LayerGolden, testing::ValuesIn(golden::filesStartingWith("layer-")), caseName);

}  // namespace
