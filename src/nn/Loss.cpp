#include "nn/Loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace nn {

namespace {

// log(sum(exp(outputs))) without overflow. A NaN or an infinite logit gives a NaN, which the trainer reports.
struct SoftmaxSums {
  float largest;
  float sum;  // of exp(output - largest)
};

SoftmaxSums softmaxSums(std::span<const float> outputs) {
  const float largest = *std::max_element(outputs.begin(), outputs.end());
  float sum = 0;
  for (const float output : outputs) sum += std::exp(output - largest);
  return {largest, sum};
}

float crossEntropy(std::span<const float> outputs, int label, std::span<float> gradient) {
  const float largest = *std::max_element(outputs.begin(), outputs.end());
  float sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    gradient[i] = std::exp(outputs[i] - largest);
    sum += gradient[i];
  }
  const float inverse = 1.0f / sum;
  for (float& g : gradient) g *= inverse;
  gradient[std::size_t(label)] -= 1.0f;
  return std::log(sum) - (outputs[std::size_t(label)] - largest);
}

}  // namespace

std::string_view lossName(LossKind kind) {
  switch (kind) {
    case LossKind::CrossEntropy:
      return "cross-entropy";
    case LossKind::MeanSquaredError:
      return "mean-squared-error";
  }
  return "";
}

float lossAndGradient(LossKind kind, std::span<const float> outputs, int label, std::span<float> gradient) {
  assert(!outputs.empty() && gradient.size() == outputs.size());
  assert(label >= 0 && std::size_t(label) < outputs.size());
  if (kind == LossKind::CrossEntropy) return crossEntropy(outputs, label, gradient);
  const float scale = 2.0f / float(outputs.size());
  float sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float error = outputs[i] - (i == std::size_t(label) ? 1.0f : 0.0f);
    gradient[i] = scale * error;
    sum += error * error;
  }
  return sum / float(outputs.size());
}

float lossOf(LossKind kind, std::span<const float> outputs, int label) {
  assert(!outputs.empty() && label >= 0 && std::size_t(label) < outputs.size());
  if (kind == LossKind::CrossEntropy) {
    const SoftmaxSums sums = softmaxSums(outputs);
    return std::log(sums.sum) - (outputs[std::size_t(label)] - sums.largest);
  }
  float sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const float error = outputs[i] - (i == std::size_t(label) ? 1.0f : 0.0f);
    sum += error * error;
  }
  return sum / float(outputs.size());
}

}  // namespace nn
