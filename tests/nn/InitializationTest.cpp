#include <cmath>
#include <gtest/gtest.h>

#include "nn/Initialization.h"
#include "nn/Network.h"
#include "nn/ShippedNetworks.h"
#include "support/LayerCases.h"

namespace {

using namespace nntest;
using nn::Initialization;

// Weights of 64 feature maps of 3 x 3 kernels over 16 maps: fan-in 144, fan-out 576.
nn::ParameterBlock kernels() {
  return {"weights", {64, 16, 3, 3}, 0, 9216, 144, 576};
}

std::vector<float> drawn(Initialization kind, nn::Activation behind, nn::ParameterBlock block = kernels(), float constant = 0) {
  std::vector<float> weights(block.count, std::nanf(""));
  std::mt19937_64 random(11);
  nn::initialize(weights, block, kind, constant, behind, random);
  return weights;
}

// The moments of a distribution: mean, variance, and kurtosis (1.8 of the uniform one, 3 of the normal one).
struct Moments {
  double mean = 0, variance = 0, kurtosis = 0;
};

Moments momentsOf(const std::vector<float>& values) {
  Moments m;
  const auto n = double(values.size());
  for (const float v : values) m.mean += v / n;
  double fourth = 0;
  for (const float v : values) {
    m.variance += std::pow(v - m.mean, 2) / n;
    fourth += std::pow(v - m.mean, 4) / n;
  }
  m.kurtosis = fourth / (m.variance * m.variance);
  return m;
}

TEST(Initialization, HasTheVarianceAndTheShapeOfItsName) {
  const struct {
    Initialization kind;
    double variance, kurtosis;
  } rows[] = {{Initialization::HeUniform, 2.0 / 144, 1.8},
              {Initialization::HeNormal, 2.0 / 144, 3},
              {Initialization::XavierUniform, 2.0 / 720, 1.8},
              {Initialization::XavierNormal, 2.0 / 720, 3}};
  for (const auto& row : rows) {
    const Moments m = momentsOf(drawn(row.kind, nn::Activation::Tanh));
    EXPECT_NEAR(m.mean, 0, 3 * std::sqrt(row.variance / 9216)) << initializationName(row.kind);
    EXPECT_NEAR(m.variance / row.variance, 1, 0.05) << initializationName(row.kind);
    EXPECT_NEAR(m.kurtosis, row.kurtosis, 0.2) << initializationName(row.kind);
  }
}

TEST(Initialization, ChoosesByTheActivationBehind) {
  EXPECT_EQ(drawn(Initialization::Auto, nn::Activation::Relu), drawn(Initialization::HeUniform, nn::Activation::Relu));
  EXPECT_EQ(drawn(Initialization::Auto, nn::Activation::Tanh), drawn(Initialization::XavierUniform, nn::Activation::Tanh));
}

// Rows at right angles where there are fewer rows than weights in each, columns otherwise.
void expectOrthogonal(const std::vector<float>& w, int rows, int columns, double gain) {
  const bool wide = rows <= columns;
  const int count = wide ? rows : columns, length = wide ? columns : rows;
  const auto at = [&](int vector, int i) {
    return double(wide ? w[std::size_t(vector * columns + i)] : w[std::size_t(i * columns + vector)]);
  };
  for (int a = 0; a < count; ++a)
    for (int b = 0; b <= a; ++b) {
      double dot = 0;
      for (int i = 0; i < length; ++i) dot += at(a, i) * at(b, i);
      ASSERT_NEAR(dot, a == b ? gain * gain : 0, 1e-5) << a << " " << b;
    }
}

TEST(Initialization, MakesOrthogonalRowsOrColumns) {
  expectOrthogonal(drawn(Initialization::Orthogonal, nn::Activation::Tanh), 64, 144, 1);
  expectOrthogonal(drawn(Initialization::Orthogonal, nn::Activation::Relu), 64, 144, std::sqrt(2.0));
  const nn::ParameterBlock tall{"weights", {50, 20}, 0, 1000, 20, 50};
  expectOrthogonal(drawn(Initialization::Orthogonal, nn::Activation::None, tall), 50, 20, 1);
  // Kernels that a connection table leaves out: no such matrix; Xavier's normal numbers then.
  nn::ParameterBlock table = kernels();
  table.count = 9000;
  EXPECT_EQ(drawn(Initialization::Orthogonal, nn::Activation::Tanh, table),
            drawn(Initialization::XavierNormal, nn::Activation::Tanh, table));
}

TEST(Initialization, ZerosAndConstantsAreWhatTheySay) {
  EXPECT_EQ(drawn(Initialization::Zeros, nn::Activation::Relu), std::vector<float>(9216, 0.0f));
  EXPECT_EQ(drawn(Initialization::Constant, nn::Activation::Relu, kernels(), 0.25f), std::vector<float>(9216, 0.25f));
}

TEST(Initialization, NamesLeadBackToTheirKinds) {
  for (const Initialization kind : nn::initializations()) EXPECT_EQ(nn::initializationOf(nn::initializationName(kind)), kind);
  EXPECT_FALSE(nn::initializationOf("guess"));
}

TEST(Initialization, IsAFieldOfALayer) {
  nn::NetworkSpec spec = harleySpec();
  for (nn::NodeSpec& node : spec.nodes)
    if (node.name == "dense1") node.fields = {{"units", std::int64_t(120)}, {"initialization", std::string("constant")}, {"constant", 0.5}};
  const auto network = nn::Network::create(spec);
  const auto parameters = network->initialParameters(7);
  const auto& dense1 = network->node(network->find("dense1"));
  for (std::size_t i = 0; i < 48000; ++i) ASSERT_EQ(parameters[dense1.parameterOffset + i], 0.5f);
  EXPECT_EQ(parameters[dense1.parameterOffset + 48000], 0.0f);
}

}  // namespace
