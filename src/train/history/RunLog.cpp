#include "train/history/RunLog.h"

#include <algorithm>

namespace train {

RunLog::RunLog(Recipe start, std::vector<RecipeChange> changes) : m_start(std::move(start)), m_now(m_start), m_changes(std::move(changes)) {
  for (std::size_t i = 0; i + 1 < m_changes.size(); ++i)
    for (const FieldChange& field : m_changes[i].fields) apply(field, m_now);
}

void RunLog::change(std::uint64_t step, double epoch, const Recipe& recipe) {
  if (step == 0) {
    for (const FieldChange& field : differences(m_start, recipe))
      if (findRecipeField(field.field)->live) apply(field, m_start);
    m_now = m_start;
    return;
  }
  if (m_changes.size() == m_settled || m_changes.back().step != step) {
    if (!m_changes.empty())
      for (const FieldChange& field : m_changes.back().fields) apply(field, m_now);
    m_changes.push_back({step, epoch, {}});
  }
  m_changes.back().fields = differences(m_now, recipe);
  std::erase_if(m_changes.back().fields, [](const FieldChange& field) { return !findRecipeField(field.field)->live; });
  if (m_changes.back().fields.empty()) m_changes.pop_back();
}

void replay(const RunLog& log, Trainer& trainer, std::uint64_t steps, const std::function<void(const StepResult&)>& taken) {
  auto next = std::find_if(log.changes().begin(), log.changes().end(),
                           [&](const RecipeChange& change) { return change.step >= trainer.stepCount(); });
  while (trainer.stepCount() < steps) {
    while (next != log.changes().end() && next->step == trainer.stepCount()) {
      Recipe recipe = trainer.options();
      for (const FieldChange& field : next->fields) apply(field, recipe);
      trainer.setRecipe(recipe);
      ++next;
    }
    const StepResult result = trainer.step();
    if (!result.diverged.empty()) return;
    if (taken) taken(result);
  }
}

}  // namespace train
