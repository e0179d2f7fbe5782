// Losses over one sample's outputs. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace nn {

enum class LossKind { CrossEntropy, BinaryCrossEntropy, MeanSquaredError, Hinge };
std::span<const LossKind> lossKinds();     // all, in the order of a menu
std::string_view lossName(LossKind kind);  // "cross-entropy", "binary-cross-entropy", "mean-squared-error", "hinge"
std::optional<LossKind> lossKindOf(std::string_view name);

struct LossSettings {
  LossSettings(LossKind chosen = LossKind::CrossEntropy, float smoothing = 0) : kind(chosen), labelSmoothing(smoothing) {}
  LossKind kind;
  // 0 .. 1: this share of the label goes to all classes alike (Szegedy et al. 2016). Of both cross-entropies; the others ignore it.
  float labelSmoothing;
  bool operator==(const LossSettings&) const = default;
};

// True when the loss is computed from logits, so that a final softmax of the network belongs to it.
bool takesLogits(LossKind kind);

// Loss of one sample with a class label, and its derivative with respect to `outputs` in `gradient` (same size).
// CrossEntropy: `outputs` are logits, the softmax is part of the loss.
// BinaryCrossEntropy: `outputs` are logits, one yes-or-no question per class, the sigmoid is part of the loss; mean over them.
// MeanSquaredError: `outputs` against the one-hot label, mean over them.
// Hinge: the sum of max(0, 1 + output - label's output) over the other classes, divided by the number of classes (Crammer and
// Singer 2001, as PyTorch's multi-margin loss).
float lossAndGradient(const LossSettings& settings, std::span<const float> outputs, int label, std::span<float> gradient);
float lossOf(const LossSettings& settings, std::span<const float> outputs, int label);

}  // namespace nn
