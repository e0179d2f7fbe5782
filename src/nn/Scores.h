// What the numbers of a network's answer are, where they stand for classes. What a network leaves open is told by its last layers
// (tasks/Labels.h). Plain values.
#pragma once

#include <span>
#include <string_view>

namespace nn {

// Scores that a softmax makes probabilities; what a softmax gave; the logarithms of that; a probability by itself for each unit; and scores
// that a sigmoid each makes those.
enum class Scores { ByLayers, Logits, Softmax, LogSoftmax, Sigmoids, SigmoidLogits };

std::span<const Scores> allScores();
std::string_view nameOf(
    Scores scores);  // as files call them: "by layers", "logits", "softmax", "log-softmax", "sigmoids", "sigmoid-logits"

}  // namespace nn
