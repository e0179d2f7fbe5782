// What was done to a run, as data: the recipe that it began with, and what was changed between which of its steps. Replayed, the same
// weights come out. Plain data with one owner; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "train/Trainer.h"
#include "train/recipe/Recipe.h"

namespace train {

// Between two steps.
struct RecipeChange {
  std::uint64_t step = 0;  // so many had been taken
  double epoch = 0;
  std::vector<FieldChange> fields;  // live ones
};

class RunLog {
 public:
  explicit RunLog(Recipe start = {}) : m_start(std::move(start)), m_now(m_start) {}
  RunLog(Recipe start, std::vector<RecipeChange> changes);  // as another one holds them

  const Recipe& start() const { return m_start; }
  // One at most between two steps that were tried, in their order.
  const std::vector<RecipeChange>& changes() const { return m_changes; }
  // The recipe from here on. Before the first step the run begins with it; fields that are not live count from the next run on. Changes
  // that were made since the last step become one; what is as it was then, is no change.
  void change(std::uint64_t step, double epoch, const Recipe& recipe);
  // The next step was tried with the recipe as it is, and undone: what made it so stays in the log.
  void tried() { m_settled = m_changes.size(); }

 private:
  Recipe m_start;
  Recipe m_now;  // as it was when the last step was taken
  std::vector<RecipeChange> m_changes;
  std::size_t m_settled = 0;  // so many of them stay as they are
};

// Takes the steps of the log with a trainer that was made with log.start(), or restored to a checkpoint of that run, up to the step with
// the number `steps`, or to the first that diverges.
// `taken` is told of each.
void replay(const RunLog& log, Trainer& trainer, std::uint64_t steps, const std::function<void(const StepResult&)>& taken = {});

}  // namespace train
