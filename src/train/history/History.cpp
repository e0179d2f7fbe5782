#include "train/history/History.h"

#include <algorithm>
#include <utility>

#include "nn/Error.h"

namespace train {
namespace {

constexpr std::uint64_t kDenseSteps = 100, kShare = 20;  // then one each twentieth of the way
constexpr std::size_t kFewestMoments = 8;
constexpr std::size_t kWidestStateSpacing = 8;  // moments from one that has its state to the next

std::size_t bytesOf(const Moment& moment) {
  std::size_t floats = moment.parameters ? moment.parameters->size() : 0;
  if (moment.state) floats += moment.state->checkpoint.optimizer.first.size() + moment.state->checkpoint.optimizer.second.size();
  return floats * sizeof(float);
}

bool isRecipeAfter(Recipe start, const std::vector<RecipeChange>& changes, const Recipe& now) {
  for (const RecipeChange& change : changes)
    for (const FieldChange& field : change.fields) apply(field, start);
  const std::vector<FieldChange> others = differences(start, now);
  return std::none_of(others.begin(), others.end(), [](const FieldChange& field) { return findRecipeField(field.field)->live; });
}

}  // namespace

History::History(std::size_t budget, std::vector<Moment> moments) : m_budget(budget), m_moments(std::move(moments)) {}

bool History::wants(std::uint64_t step, bool epochEnded) const {
  if (m_moments.empty() || epochEnded) return true;
  const std::uint64_t last = m_moments.back().step;
  return step >= last + (last < kDenseSteps ? 1 : last / kShare) * m_sparseness;
}

void History::add(Moment moment) {
  if (!m_moments.empty() && m_moments.back().step == moment.step) {
    moment.changed |= m_moments.back().changed;
    m_moments.pop_back();
  }
  m_moments.push_back(std::move(moment));
  std::size_t before = m_moments.size() > 2 ? m_moments.size() - 3 : 0;  // of the one that was the last
  while (before > 0 && !m_moments[before].state) --before;
  leaveStates(before);
  for (std::size_t held = bytes() + 1; bytes() > m_budget && bytes() < held && m_moments.size() > kFewestMoments;) {
    held = bytes();
    thin();
  }
}

// From this moment on, of which the first keeps its state where it has one: the others that are nearer to the one before than they should
// be. The last stays whole, and so do those where the recipe was changed.
void History::leaveStates(std::size_t first) {
  std::size_t last = first;  // that has its state
  for (std::size_t i = first + 1; i + 1 < m_moments.size(); ++i) {
    if (i - last < m_stateSpacing && !m_moments[i].changed) m_moments[i].state.reset();
    if (m_moments[i].state) last = i;
  }
}

// First the states go, of which one of a few is enough to compute the others from; then every second of the other moments.
void History::thin() {
  if (m_stateSpacing < kWidestStateSpacing) {
    m_stateSpacing *= 2;
    return leaveStates(0);
  }
  std::vector<Moment> kept;
  bool keeps = false;
  for (std::size_t i = 0; i < m_moments.size(); ++i) {
    const bool stays = m_moments[i].state || i + 1 == m_moments.size();
    if (stays || keeps) kept.push_back(std::move(m_moments[i]));
    keeps = !stays && !keeps;
  }
  m_moments = std::move(kept);
  m_sparseness *= 2;
  m_stateSpacing /= 2;
}

void History::clear() {
  m_moments.clear();
  m_sparseness = m_stateSpacing = 1;
}

std::size_t History::bytes() const {
  std::size_t all = 0;
  for (const Moment& moment : m_moments) all += bytesOf(moment);
  return all;
}

bool History::hasRoom(std::size_t parameters, std::size_t budget) {
  return parameters * sizeof(float) * kFewestMoments <= budget;
}

std::vector<Moment> thinned(const std::vector<Moment>& moments, std::size_t budget) {
  if (moments.empty() || !History::hasRoom(moments.front().parameters->size(), budget)) return {};
  History history(budget);
  for (const Moment& moment : moments) history.add(moment);
  return history.moments();
}

const Moment* momentAt(const std::vector<Moment>& moments, std::uint64_t step) {
  const auto after =
      std::upper_bound(moments.begin(), moments.end(), step, [](std::uint64_t at, const Moment& moment) { return at < moment.step; });
  return after == moments.begin() ? nullptr : &*std::prev(after);
}

SavedRun runAt(const Moment& moment, const RunLog& log, const MetricLog& metrics, const std::vector<Moment>& moments) {
  if (!moment.state) throw nn::Error("step " + std::to_string(moment.step) + " was recorded without the state of its optimizer", "history");
  SavedRun run = *moment.state;
  run.checkpoint.parameters = *moment.parameters;
  std::vector<RecipeChange> changes = log.changes();
  std::erase_if(changes, [&](const RecipeChange& change) { return change.step >= moment.step; });
  // One of a run under way is logged at the last step that was told, some steps before it came to be.
  while (!changes.empty() && !isRecipeAfter(log.start(), changes, run.checkpoint.recipe)) changes.pop_back();
  run.log = RunLog(log.start(), std::move(changes));
  for (const auto& [name, samples] : metrics.all()) {
    std::vector<MetricSample> before = samples;
    std::erase_if(before, [&](const MetricSample& sample) { return sample.step > moment.step; });
    if (!before.empty()) run.metrics.setSeries(name, std::move(before));
  }
  run.moments = moments;
  std::erase_if(run.moments, [&](const Moment& each) { return each.step > moment.step; });
  return run;
}

}  // namespace train
