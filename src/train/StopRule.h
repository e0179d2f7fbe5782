// Whether a run has come to the end that its recipe sets: so many epochs, or so many without a better validation (early stopping: Prechelt,
// "Early stopping - but when?", 1998). Plain data with one owner; any thread.
#pragma once

#include <optional>
#include <string>

#include "train/history/RunProgress.h"
#include "train/recipe/Recipe.h"

namespace train {

class StopRule {
 public:
  explicit StopRule(std::optional<EpochResult> best = {}) : m_best(std::move(best)) {}
  // So many epochs have ended now, and not before: "Stopped after 20 epochs, as set", or nothing where it goes on.
  static std::string afterEpoch(const Recipe& recipe, std::uint64_t epochs);
  // An epoch was measured: why it stops, or nothing. Who goes on all the same is stopped again only after as many more epochs that are no
  // better.
  std::string reached(const Recipe& recipe, const EpochResult& ended, const tasks::Task& task);
  // Of the epochs so far, by what chooses the best (EpochResult::betterThan).
  const std::optional<EpochResult>& best() const { return m_best; }

 private:
  std::optional<EpochResult> m_best;
  std::int64_t m_since = 0;  // from this epoch on the patience counts
};

}  // namespace train
