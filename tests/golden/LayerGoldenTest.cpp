#include <gtest/gtest.h>
#include <limits>

#include "golden/GoldenFile.h"
#include "nn/Workspace.h"

namespace {

constexpr double kTolerance = 1e-5;

struct Results {
  std::vector<float> outputs, inputGradients, parameterGradients;
};

// Forward and backward of `samples` samples, in blocks of `lanes` that meet where layers need the whole mini-batch.
Results compute(const std::shared_ptr<const nn::Network>& network, int samples, int lanes) {
  const std::size_t inputs = network->inputShape().size(), outputs = network->outputShape().size();
  const std::vector<float> x = golden::formula(1, std::size_t(samples) * inputs), y = golden::formula(3, std::size_t(samples) * outputs);
  nn::Weights weights(network);
  weights.assign(golden::formula(2, network->parameterCount(), 0.5f));
  const auto part = [](const std::vector<float>& values, int sample, std::size_t size) {
    return std::span(values).subspan(std::size_t(sample) * size, size);
  };
  std::vector<nn::Workspace> blocks;
  std::vector<nn::Pass> passes;
  // What lies in unused lanes must not matter.
  const std::vector<float> poison(inputs, std::numeric_limits<float>::quiet_NaN());
  for (int first = 0; first < samples; first += lanes) {
    blocks.emplace_back(network, lanes, true);
    passes.push_back({true, 0, std::min(lanes, samples - first)});
    for (int lane = 0; lane < lanes; ++lane)
      blocks.back().setInput(lane, lane < passes.back().samples ? part(x, first + lane, inputs) : std::span<const float>(poison));
  }
  std::vector<nn::Workspace*> meeting;
  for (nn::Workspace& block : blocks) meeting.push_back(&block);
  const int stages = blocks.front().stages();
  for (int stage = 0; stage < stages; ++stage) {
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].forwardStage(stage, weights, passes[i]);
    if (stage + 1 < stages) nn::Workspace::combineForward(meeting, stage);
  }
  Results results;
  results.parameterGradients.resize(network->parameterCount());
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (int lane = 0; lane < passes[i].samples; ++lane)
      blocks[i].setGradient(network->outputs()[0], lane, part(y, int(i) * lanes + lane, outputs));
  for (int stage = stages - 1; stage >= 0; --stage) {
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].backwardStage(stage, weights, passes[i], results.parameterGradients, true);
    if (stage > 0) nn::Workspace::combineBackward(meeting, stage);
  }
  std::vector<float> output(outputs), gradient(inputs);
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (int lane = 0; lane < passes[i].samples; ++lane) {
      blocks[i].read(network->outputs()[0], lane, output);
      blocks[i].readGradient(network->inputs()[0], lane, gradient);
      results.outputs.insert(results.outputs.end(), output.begin(), output.end());
      results.inputGradients.insert(results.inputGradients.end(), gradient.begin(), gradient.end());
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
