#include "nn/Initialization.h"

#include <Eigen/QR>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "nn/EnumNames.h"

namespace nn {

namespace {

constexpr EnumNames<Initialization, 8> kInitializationNames{"auto",          "he-uniform", "he-normal", "xavier-uniform",
                                                            "xavier-normal", "orthogonal", "zeros",     "constant"};

bool rectifies(Activation activation) {
  return activation == Activation::Relu || activation == Activation::LeakyRelu || activation == Activation::Elu ||
         activation == Activation::Relu6 || activation == Activation::Softplus || derivativeNeedsInput(activation);
}

float signedUnit(std::mt19937_64& random) {
  return float(random() >> 40) * 0x1p-23f - 1.0f;  // -1 .. 1
}

// Two numbers of the standard normal distribution (Box and Muller 1958).
std::array<double, 2> normals(std::mt19937_64& random) {
  const double u = (double(random() >> 11) + 1) * 0x1p-53, v = double(random() >> 11) * 0x1p-53;
  const double radius = std::sqrt(-2 * std::log(u)), angle = 2 * std::numbers::pi * v;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// fan: of a variance of 2 / fan.
void uniform(std::span<float> weights, double fan, std::mt19937_64& random) {
  const auto limit = float(std::sqrt(6 / fan));
  for (float& weight : weights) weight = limit * signedUnit(random);
}

void normal(std::span<float> weights, double deviation, std::mt19937_64& random) {
  for (std::size_t i = 0; i < weights.size(); i += 2) {
    const std::array<double, 2> pair = normals(random);
    for (std::size_t k = 0; k < std::min<std::size_t>(2, weights.size() - i); ++k) weights[i + k] = float(deviation * pair[k]);
  }
}

// The orthogonal factor of a random matrix, with the signs that make it uniform among all (Mezzadri 2007).
void orthogonal(std::span<float> weights, std::size_t rows, double gain, std::mt19937_64& random) {
  const std::size_t columns = weights.size() / rows, tall = std::max(rows, columns), narrow = std::min(rows, columns);
  Eigen::MatrixXf matrix(tall, narrow);
  normal({matrix.data(), weights.size()}, 1, random);
  const Eigen::HouseholderQR<Eigen::MatrixXf> split(matrix);
  Eigen::MatrixXf factor = split.householderQ() * Eigen::MatrixXf::Identity(Eigen::Index(tall), Eigen::Index(narrow));
  for (Eigen::Index i = 0; i < Eigen::Index(narrow); ++i)
    if (split.matrixQR()(i, i) < 0) factor.col(i) *= -1;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const auto i = Eigen::Index(row), k = Eigen::Index(column);
      weights[row * columns + column] = float(gain) * (rows >= columns ? factor(i, k) : factor(k, i));
    }
}

}  // namespace

std::span<const Initialization> initializations() {
  return kInitializationNames.all();
}

std::string_view initializationName(Initialization kind) {
  return kInitializationNames.of(kind);
}

std::optional<Initialization> initializationOf(std::string_view name) {
  return kInitializationNames.find(name);
}

void initialize(std::span<float> weights, const ParameterBlock& block, Initialization kind, float constant, Activation behind,
                std::mt19937_64& random) {
  std::size_t product = 1;
  for (const int size : block.dims) product *= std::size_t(size);
  if (kind == Initialization::Auto) kind = rectifies(behind) ? Initialization::HeUniform : Initialization::XavierUniform;
  if (kind == Initialization::Orthogonal && product != weights.size()) kind = Initialization::XavierNormal;
  const double he = std::max(1.0, double(block.fanIn)), xavier = std::max(1.0, double(block.fanIn) + double(block.fanOut));
  switch (kind) {
    case Initialization::HeUniform:
      return uniform(weights, he, random);
    case Initialization::HeNormal:
      return normal(weights, std::sqrt(2 / he), random);
    case Initialization::XavierUniform:
      return uniform(weights, xavier, random);
    case Initialization::XavierNormal:
      return normal(weights, std::sqrt(2 / xavier), random);
    case Initialization::Orthogonal:
      return orthogonal(weights, std::size_t(block.dims.front()), rectifies(behind) ? std::numbers::sqrt2 : 1.0, random);
    case Initialization::Auto:
    case Initialization::Zeros:
      return std::fill(weights.begin(), weights.end(), 0.0f);
    case Initialization::Constant:
      return std::fill(weights.begin(), weights.end(), constant);
  }
}

}  // namespace nn
