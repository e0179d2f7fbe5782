// Losses over one sample's outputs. Pure functions.
#pragma once

#include <span>
#include <string_view>

namespace nn {

enum class LossKind { CrossEntropy, MeanSquaredError };
std::string_view lossName(LossKind kind);  // "cross-entropy", "mean-squared-error"

// Loss of one sample with a class label, and its derivative with respect to `outputs` in `gradient` (same size).
// CrossEntropy: `outputs` are logits, the softmax is part of the loss. MeanSquaredError: `outputs` against the one-hot label,
// mean over the outputs.
float lossAndGradient(LossKind kind, std::span<const float> outputs, int label, std::span<float> gradient);
float lossOf(LossKind kind, std::span<const float> outputs, int label);

}  // namespace nn
