#include <cmath>
#include <gtest/gtest.h>
#include <sstream>

#include "golden/GoldenFile.h"
#include "nn/Loss.h"
#include "nn/Optimizer.h"
#include "train/Trainer.h"

namespace {

TEST(LossGolden, ValuesAndGradientsMatchPyTorch) {
  const auto lines = golden::readFile("losses");
  int found = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].words[0] != "loss") continue;
    ++found;
    const nn::LossSettings settings(nn::lossKindOf(lines[i].words.at(1)).value(), std::stof(lines[i].words.at(4)));
    const std::size_t classes = std::stoull(lines[i].words.at(2));
    std::istringstream labels(lines[i].words.at(3));
    std::vector<float> losses, withoutGradient, gradients;
    const std::vector<float> x = golden::formula(4, lines[i + 2].values.size(), 6.0f);
    for (std::string label; std::getline(labels, label, ',');) {
      const auto outputs = std::span(x).subspan(losses.size() * classes, classes);
      std::vector<float> gradient(classes);
      losses.push_back(nn::lossAndGradient(settings, outputs, std::stoi(label), gradient));
      withoutGradient.push_back(nn::lossOf(settings, outputs, std::stoi(label)));
      gradients.insert(gradients.end(), gradient.begin(), gradient.end());
    }
    EXPECT_LE(golden::largestRelativeError(losses, lines[i + 1].values), 1e-5) << lines[i].words[1];
    EXPECT_LE(golden::largestRelativeError(withoutGradient, lines[i + 1].values), 1e-5) << lines[i].words[1];
    EXPECT_LE(golden::largestRelativeError(gradients, lines[i + 2].values), 1e-5) << lines[i].words[1];
  }
  EXPECT_EQ(found, 6);
}

TEST(OptimizerGolden, TenStepsMatchPyTorch) {
  const auto lines = golden::readFile("optimizers");
  int found = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].words[0] != "optimizer") continue;
    ++found;
    const std::size_t count = std::stoull(lines[i].words.at(2));
    nn::Optimizer optimizer(golden::optimizerOf(lines[i], 3), count);
    std::vector<float> parameters = golden::formula(5, count);
    const std::vector<float> curvature = golden::formula(6, count);
    for (std::size_t step = 0; step < 10; ++step) {
      std::vector<float> gradients = golden::formula(100 + step, count);
      for (std::size_t p = 0; p < count; ++p) gradients[p] += curvature[p] * parameters[p];
      // Every other step in ranges, as threads share it.
      if (step % 2 == 0) {
        optimizer.stepRange(parameters, gradients, 0, count, optimizer.beginStep());
      } else {
        const std::uint64_t number = optimizer.beginStep();
        optimizer.stepRange(parameters, gradients, 7, count, number);
        optimizer.stepRange(parameters, gradients, 0, 7, number);
      }
      EXPECT_LE(golden::largestRelativeError(parameters, lines.at(i + 1 + step).values), 1e-5)
          << lines[i].words[1] << ", step " << step + 1;
    }
  }
  EXPECT_EQ(found, 10);
}

class CurveGolden : public testing::TestWithParam<std::string> {};

// The whole way of a training: bytes, blocks (the last one partial), loss, backward, reduction, optimizer.
TEST_P(CurveGolden, HundredStepsFollowPyTorch) {
  const auto lines = golden::readFile(GetParam());
  const auto network = nn::Network::create(golden::networkOf(lines));
  const std::size_t samples = std::stoull(golden::lineOf(lines, "samples").words.at(1));
  auto dataset = std::make_shared<data::Dataset>();
  dataset->name = "golden";
  dataset->shape = network->inputShape();
  dataset->classNames = {"a", "b", "c"};
  const std::vector<std::uint8_t> pixels = golden::byteFormula(7, samples * dataset->shape.size());
  dataset->pixels.assign(pixels.begin(), pixels.end());
  for (const std::uint8_t byte : golden::byteFormula(8, samples)) dataset->labels.push_back(byte % 3);

  train::TrainingOptions options;
  options.optimizer = golden::optimizerOf(golden::lineOf(lines, "optimizer"), 2);
  options.loss = nn::lossKindOf(golden::lineOf(lines, "loss").words.at(1)).value();
  options.batchSize = int(samples);
  options.threads = 2;
  train::Trainer trainer(network, dataset, options);
  trainer.setParameters(golden::formula(2, network->parameterCount(), 0.3f));
  const std::vector<double>& expected = golden::lineOf(lines, "losses").values;
  ASSERT_EQ(expected.size(), 100u);
  for (std::size_t step = 0; step < expected.size(); ++step) {
    const train::StepResult result = trainer.step();
    ASSERT_EQ(result.diverged, "");
    ASSERT_LE(std::abs(result.loss - expected[step]) / expected[step], 1e-4) << "step " << step + 1;
  }
}

std::string curveName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(PyTorch, CurveGolden, testing::ValuesIn(golden::filesStartingWith("curve-")), curveName);

}  // namespace
