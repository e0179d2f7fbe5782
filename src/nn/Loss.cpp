#include "nn/Loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "nn/EnumNames.h"

namespace nn {

namespace {

constexpr EnumNames<LossKind, 4> kLossNames{"cross-entropy", "binary-cross-entropy", "mean-squared-error", "hinge"};

// What the label asks of each output, from smoothed one-hot coding.
struct Target {
  Target(float smoothing, int chosen, std::size_t classes)
      : label(std::size_t(chosen)), other(smoothing / float(classes)), own(1.0f - smoothing + smoothing / float(classes)) {}
  float operator[](std::size_t i) const { return i == label ? own : other; }
  std::size_t label;
  float other, own;
};

// Without `gradient` (null) nothing is written. A NaN or an infinite logit gives a NaN, which the trainer reports.
float crossEntropy(float smoothing, std::span<const float> outputs, int label, float* gradient) {
  const float largest = *std::max_element(outputs.begin(), outputs.end());  // no exponential overflows
  float sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float power = std::exp(outputs[i] - largest);
    if (gradient != nullptr) gradient[i] = power;
    sum += power;
  }
  const float logSum = std::log(sum);
  if (smoothing == 0) {
    if (gradient != nullptr) {
      const float inverse = 1.0f / sum;
      for (std::size_t i = 0; i < outputs.size(); ++i) gradient[i] *= inverse;
      gradient[label] -= 1.0f;
    }
    return logSum - (outputs[std::size_t(label)] - largest);
  }
  const Target target(smoothing, label, outputs.size());
  float loss = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    loss += target[i] * (logSum - (outputs[i] - largest));
    if (gradient != nullptr) gradient[i] = gradient[i] / sum - target[i];
  }
  return loss;
}

float binaryCrossEntropy(float smoothing, std::span<const float> outputs, int label, float* gradient) {
  const float share = 1.0f / float(outputs.size());
  float loss = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float x = outputs[i], asked = (i == std::size_t(label) ? 1.0f - smoothing : 0.0f) + smoothing / 2;
    const float tail = std::exp(-std::fabs(x));  // of the sigmoid, never more than 1
    loss += std::max(x, 0.0f) - x * asked + std::log1p(tail);
    if (gradient != nullptr) gradient[i] = share * ((x >= 0 ? 1.0f : tail) / (1.0f + tail) - asked);
  }
  return loss * share;
}

float meanSquaredError(std::span<const float> outputs, int label, float* gradient) {
  const float scale = 2.0f / float(outputs.size());
  float sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float error = outputs[i] - (i == std::size_t(label) ? 1.0f : 0.0f);
    if (gradient != nullptr) gradient[i] = scale * error;
    sum += error * error;
  }
  return sum / float(outputs.size());
}

float hinge(std::span<const float> outputs, int label, float* gradient) {
  const float share = 1.0f / float(outputs.size()), own = outputs[std::size_t(label)];
  float loss = 0;
  int over = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float margin = 1.0f + outputs[i] - own;
    const bool counts = i != std::size_t(label) && !(margin <= 0);  // a NaN counts, so that it is seen
    if (counts) loss += margin, ++over;
    if (gradient != nullptr) gradient[i] = counts ? share : 0.0f;
  }
  if (gradient != nullptr) gradient[label] = -share * float(over);
  return loss * share;
}

float compute(const LossSettings& settings, std::span<const float> outputs, int label, float* gradient) {
  assert(!outputs.empty() && label >= 0 && std::size_t(label) < outputs.size());
  switch (settings.kind) {
    case LossKind::CrossEntropy:
      return crossEntropy(settings.labelSmoothing, outputs, label, gradient);
    case LossKind::BinaryCrossEntropy:
      return binaryCrossEntropy(settings.labelSmoothing, outputs, label, gradient);
    case LossKind::MeanSquaredError:
      return meanSquaredError(outputs, label, gradient);
    case LossKind::Hinge:
      return hinge(outputs, label, gradient);
  }
  return 0;
}

}  // namespace

std::span<const LossKind> lossKinds() {
  return kLossNames.all();
}

std::string_view lossName(LossKind kind) {
  return kLossNames.of(kind);
}

std::optional<LossKind> lossKindOf(std::string_view name) {
  return kLossNames.find(name);
}

bool takesLogits(LossKind kind) {
  return kind != LossKind::MeanSquaredError;
}

float lossAndGradient(const LossSettings& settings, std::span<const float> outputs, int label, std::span<float> gradient) {
  assert(gradient.size() == outputs.size());
  return compute(settings, outputs, label, gradient.data());
}

float lossOf(const LossSettings& settings, std::span<const float> outputs, int label) {
  return compute(settings, outputs, label, nullptr);
}

}  // namespace nn
