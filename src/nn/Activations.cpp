#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "nn/Layer.h"
#include "nn/LayerCalls.h"
#include "nn/kernels/Kernels.h"

namespace nn {

namespace {

constexpr float kLeakySlope = 0.01f;
// LeCun et al. 1998, appendix A.
constexpr float kTanhAmplitude = 1.7159f;
constexpr float kTanhSlope = 2.0f / 3.0f;

float hardSigmoid(float x) {
  return x < -3 ? 0.0f : x > 3 ? 1.0f : x * (1.0f / 6) + 0.5f;
}

}  // namespace

std::string_view activationName(Activation activation) {
  constexpr std::array<std::string_view, kActivationCount> names{
      "none", "relu",  "leaky-relu",   "sigmoid",   "tanh",       "scaled-tanh", "binary-step", "elu", "gelu",
      "silu", "relu6", "hard-sigmoid", "hard-tanh", "hard-swish", "softplus",    "softsign",    "mish"};
  return names[std::size_t(activation)];
}

float activate(Activation activation, float x) {
  switch (activation) {
    case Activation::None:
      return x;
    case Activation::Relu:
      return x < 0 ? 0.0f : x;  // keeps NaN
    case Activation::LeakyRelu:
      return x < 0 ? kLeakySlope * x : x;
    case Activation::Sigmoid:
      return 1.0f / (1.0f + std::exp(-x));
    case Activation::Tanh:
      return std::tanh(x);
    case Activation::ScaledTanh:
      return kTanhAmplitude * std::tanh(kTanhSlope * x);
    case Activation::BinaryStep:
      return x > 0 ? 1.0f : x <= 0 ? 0.0f : x;
    case Activation::Elu:
      return x < 0 ? std::expm1(x) : x;
    case Activation::Gelu:
      return float(0.5 * double(x) * std::erfc(-double(x) / std::numbers::sqrt2));
    case Activation::Silu:
      return float(double(x) / (1.0 + std::exp(-double(x))));
    case Activation::Relu6:
      return x < 0 ? 0.0f : x > 6 ? 6.0f : x;
    case Activation::HardSigmoid:
      return hardSigmoid(x);
    case Activation::HardTanh:
      return x < -1 ? -1.0f : x > 1 ? 1.0f : x;
    case Activation::HardSwish:
      return x < -3 ? 0.0f : x > 3 ? x : x * hardSigmoid(x);  // also of infinity
    case Activation::Softplus:
      return std::max(x, 0.0f) + std::log1p(std::exp(-std::abs(x)));
    case Activation::Softsign:
      return std::isinf(x) ? std::copysign(1.0f, x) : x / (1 + std::abs(x));
    case Activation::Mish:
      return x > 20 ? x : x < -100 ? 0.0f : float(double(x) * std::tanh(std::log1p(std::exp(double(x)))));
  }
  return x;
}

void applyActivation(const KernelTable& kernels, Activation activation, const Tensor& tensor) {
  if (activation == Activation::None) return;
  if (tensor.isContiguous()) return kernels.activate(activation, tensor.data, tensor.floats());
  for (int c = 0; c < tensor.shape.channels; ++c)
    for (int y = 0; y < tensor.shape.height; ++y) kernels.activate(activation, tensor.at(c, y, 0), tensor.rowFloats());
}

void applyDerivative(const KernelTable& kernels, Activation activation, const ConstTensor& values, const ConstTensor& gradient,
                     const Tensor& target, DerivativeRule rule) {
  const bool ruled = rule != DerivativeRule::Gradient && (activation == Activation::Relu || activation == Activation::Relu6);
  for (int c = 0; c < target.shape.channels; ++c)
    for (int y = 0; y < target.shape.height; ++y) {
      float* row = target.at(c, y, 0);
      const float* from = gradient.at(c, y, 0);
      if (ruled && rule == DerivativeRule::Deconvolution)
        std::copy_n(from, target.rowFloats(), row);
      else
        kernels.differentiate(activation, values.at(c, y, 0), from, row, target.rowFloats());
      for (std::size_t i = 0; ruled && i < target.rowFloats(); ++i) row[i] = std::max(row[i], 0.0f);
    }
}

}  // namespace nn
