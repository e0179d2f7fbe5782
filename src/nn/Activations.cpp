#include <array>
#include <cmath>

#include "nn/Layer.h"
#include "nn/LayerCalls.h"

namespace nn {

namespace {

constexpr float kLeakySlope = 0.01f;
// LeCun et al. 1998, appendix A.
constexpr float kTanhAmplitude = 1.7159f;
constexpr float kTanhSlope = 2.0f / 3.0f;

template <typename Function>
void forEachRow(const Tensor& tensor, Function function) {
  for (int c = 0; c < tensor.shape.channels; ++c)
    for (int y = 0; y < tensor.shape.height; ++y) function(c, y);
}

}  // namespace

std::string_view activationName(Activation activation) {
  constexpr std::array<std::string_view, 6> names{"none", "relu", "leaky-relu", "sigmoid", "tanh", "scaled-tanh"};
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
  }
  return x;
}

float derivativeFromValue(Activation activation, float value) {
  switch (activation) {
    case Activation::None:
      return 1.0f;
    case Activation::Relu:
      return value > 0 ? 1.0f : 0.0f;
    case Activation::LeakyRelu:
      return value > 0 ? 1.0f : kLeakySlope;
    case Activation::Sigmoid:
      return value * (1.0f - value);
    case Activation::Tanh:
      return 1.0f - value * value;
    case Activation::ScaledTanh:
      return kTanhSlope * (kTanhAmplitude - value * value / kTanhAmplitude);
  }
  return 1.0f;
}

void applyActivation(Activation activation, const Tensor& tensor) {
  if (activation == Activation::None) return;
  const std::size_t count = tensor.rowFloats();
  const auto apply = [&](auto function) {
    forEachRow(tensor, [&](int c, int y) {
      float* row = tensor.at(c, y, 0);
      for (std::size_t i = 0; i < count; ++i) row[i] = function(row[i]);
    });
  };
  switch (activation) {
    case Activation::Relu:
      return apply([](float x) { return x < 0 ? 0.0f : x; });
    case Activation::LeakyRelu:
      return apply([](float x) { return x < 0 ? kLeakySlope * x : x; });
    default:
      return apply([activation](float x) { return activate(activation, x); });
  }
}

void applyDerivative(Activation activation, const ConstTensor& values, const ConstTensor& gradient, const Tensor& target) {
  const std::size_t count = target.rowFloats();
  const auto apply = [&](auto function) {
    forEachRow(target, [&](int c, int y) {
      const float* value = values.at(c, y, 0);
      const float* from = gradient.at(c, y, 0);
      float* to = target.at(c, y, 0);
      for (std::size_t i = 0; i < count; ++i) to[i] = from[i] * function(value[i]);
    });
  };
  switch (activation) {
    case Activation::None:
      if (target.data != gradient.data) copyCells(gradient, target);
      return;
    case Activation::Relu:
      return apply([](float v) { return derivativeFromValue(Activation::Relu, v); });
    case Activation::LeakyRelu:
      return apply([](float v) { return derivativeFromValue(Activation::LeakyRelu, v); });
    case Activation::Sigmoid:
      return apply([](float v) { return derivativeFromValue(Activation::Sigmoid, v); });
    case Activation::Tanh:
      return apply([](float v) { return derivativeFromValue(Activation::Tanh, v); });
    case Activation::ScaledTanh:
      return apply([](float v) { return derivativeFromValue(Activation::ScaledTanh, v); });
  }
}

}  // namespace nn
