#include "nn/Scores.h"

#include "nn/EnumNames.h"

namespace nn {

namespace {

constexpr EnumNames<Scores, 6> kScoresNames{"by layers", "logits", "softmax", "log-softmax", "sigmoids", "sigmoid-logits"};

}  // namespace

std::span<const Scores> allScores() {
  return kScoresNames.all();
}

std::string_view nameOf(Scores scores) {
  return kScoresNames.of(scores);
}

}  // namespace nn
