// Networks that learn through one another: the gradient at one's input is the seed at the other's output.
#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "nn/Loss.h"
#include "nn/Optimizer.h"
#include "nn/Workspace.h"

namespace {

using nn::kLanes;

nn::NodeSpec denseNode(const std::string& name, std::int64_t units, const std::string& activation) {
  return {name, "dense", {}, {{"units", units}, {"activation", activation}}};
}

std::shared_ptr<const nn::Network> chainOf(std::int64_t inputs, std::vector<nn::NodeSpec> layers) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", inputs}, {"height", std::int64_t(1)}, {"width", std::int64_t(1)}}}};
  spec.nodes.insert(spec.nodes.end(), layers.begin(), layers.end());
  return nn::Network::create(spec);
}

// A network with what it needs to learn on its own.
struct Learner {
  Learner(std::shared_ptr<const nn::Network> of, std::uint64_t seed, float rate)
      : net(std::move(of)),
        weights(net),
        workspace(net, kLanes, true),
        gradients(net->parameterCount()),
        optimizer(settings(rate), net->parameterCount()) {
    weights.assign(net->initialParameters(seed));
  }
  static nn::OptimizerSettings settings(float rate) {
    nn::OptimizerSettings s;
    s.kind = nn::OptimizerKind::Adam;
    s.learningRate = rate;
    return s;
  }
  int output() const { return net->outputs().front(); }
  std::vector<float> at(int node, int lane) const {
    std::vector<float> values(net->node(node).shape.size());
    workspace.read(node, lane, values);
    return values;
  }
  std::vector<float> inputGradient(int lane) const {
    std::vector<float> values(net->inputShape().size());
    workspace.readGradient(net->inputs().front(), lane, values);
    return values;
  }
  void back(bool learn) {
    std::fill(gradients.begin(), gradients.end(), 0.0f);
    workspace.backward(weights, {}, gradients, true);
    if (!learn) return;
    for (float& g : gradients) g /= float(kLanes);
    optimizer.stepRange(weights.flat(), gradients, 0, gradients.size(), optimizer.beginStep());
    weights.repack();
  }
  std::shared_ptr<const nn::Network> net;
  nn::Weights weights;
  nn::Workspace workspace;
  std::vector<float> gradients;
  nn::Optimizer optimizer;
};

// An autoencoder of two networks: eight one-hot words through two numbers and back.
TEST(TwoNetworks, LearnEndToEnd) {
  Learner encoder(chainOf(8, {denseNode("hidden", 16, "tanh"), denseNode("code", 2, "none")}), 1, 0.02f);
  Learner decoder(chainOf(2, {denseNode("hidden", 16, "tanh"), denseNode("words", 8, "none")}), 2, 0.02f);
  const auto round = [&](bool learn) {
    double loss = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
      std::vector<float> word(8);
      word[std::size_t(lane % 8)] = 1;
      encoder.workspace.setInput(lane, word);
    }
    encoder.workspace.forward(encoder.weights);
    for (int lane = 0; lane < kLanes; ++lane) decoder.workspace.setInput(lane, encoder.at(encoder.output(), lane));
    decoder.workspace.forward(decoder.weights);
    decoder.workspace.clearGradients();
    std::vector<float> gradient(8);
    for (int lane = 0; lane < kLanes; ++lane) {
      loss += double(nn::lossAndGradient(nn::LossKind::CrossEntropy, decoder.at(decoder.output(), lane), lane % 8, gradient)) / kLanes;
      decoder.workspace.setGradient(decoder.output(), lane, gradient);
    }
    decoder.back(learn);
    encoder.workspace.clearGradients();
    for (int lane = 0; lane < kLanes; ++lane) encoder.workspace.setGradient(encoder.output(), lane, decoder.inputGradient(lane));
    encoder.back(learn);
    return loss;
  };

  // The encoder's gradient through the decoder is that of differences.
  round(false);
  const std::vector<float> found = encoder.gradients;
  for (const std::size_t i : {std::size_t(0), std::size_t(37), encoder.gradients.size() - 1}) {
    float& parameter = encoder.weights.flat()[i];
    const float before = parameter;
    parameter = before + 0.01f, encoder.weights.repack();
    const double right = round(false);
    parameter = before - 0.01f, encoder.weights.repack();
    const double left = round(false);
    parameter = before, encoder.weights.repack();
    EXPECT_NEAR(found[i] / kLanes, (right - left) / 0.02, 1e-4) << i;
  }

  const double first = round(true);
  double last = first;
  for (int step = 0; step < 600; ++step) last = round(true);
  EXPECT_NEAR(first, std::log(8.0), 0.7);
  EXPECT_LT(last, 0.05) << "two numbers tell eight words apart";
}

// A generator learns from nothing but a discriminator's gradient where the samples lie (Goodfellow et al. 2014, with the squared
// loss of Mao et al. 2017): a cloud around (1.5, -1).
TEST(TwoNetworks, LearnAgainstEachOther) {
  Learner generator(chainOf(2, {denseNode("hidden", 16, "tanh"), denseNode("point", 2, "none")}), 3, 0.003f);
  Learner discriminator(chainOf(2, {denseNode("hidden", 24, "tanh"), denseNode("result", 1, "none")}), 4, 0.01f);
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  const auto generate = [&] {
    for (int lane = 0; lane < kLanes; ++lane) generator.workspace.setInput(lane, std::vector<float>{normal(random), normal(random)});
    generator.workspace.forward(generator.weights);
  };
  // The discriminator's outputs are pulled to `target`: the gradient of (output - target) squared.
  const auto pull = [&](float target, bool learn) {
    discriminator.workspace.forward(discriminator.weights);
    discriminator.workspace.clearGradients();
    for (int lane = 0; lane < kLanes; ++lane) {
      const float error = discriminator.at(discriminator.output(), lane)[0] - target;
      discriminator.workspace.setGradient(discriminator.output(), lane, std::vector<float>{2 * error});
    }
    discriminator.back(learn);
  };
  double x = 0, y = 0, spread = 0;
  constexpr int kSteps = 4000, kMeasured = 500;
  for (int step = 0; step < kSteps; ++step) {
    for (int lane = 0; lane < kLanes; ++lane)
      discriminator.workspace.setInput(lane, std::vector<float>{1.5f + 0.5f * normal(random), -1 + 0.5f * normal(random)});
    pull(1, true);
    generate();
    for (int lane = 0; lane < kLanes; ++lane) discriminator.workspace.setInput(lane, generator.at(generator.output(), lane));
    pull(0, true);
    pull(1, false);
    generator.workspace.clearGradients();
    for (int lane = 0; lane < kLanes; ++lane) generator.workspace.setGradient(generator.output(), lane, discriminator.inputGradient(lane));
    generator.back(true);
    if (step < kSteps - kMeasured) continue;
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::vector<float> point = generator.at(generator.output(), lane);
      x += double(point[0]) / (kMeasured * kLanes), y += double(point[1]) / (kMeasured * kLanes);
      spread += std::pow(double(point[0]) - 1.5, 2) / (kMeasured * kLanes);
    }
  }
  EXPECT_NEAR(x, 1.5, 0.3);
  EXPECT_NEAR(y, -1, 0.3);
  EXPECT_LT(std::sqrt(spread), 1.0);
}

}  // namespace
