#include "train/StopRule.h"

#include "nn/Counted.h"

namespace train {

std::string StopRule::afterEpoch(const Recipe& recipe, std::uint64_t epochs) {
  if (recipe.stopAfter == 0 || epochs != std::uint64_t(recipe.stopAfter)) return {};
  return "Stopped after " + nn::counted(epochs, "epoch", "epochs") + ", as set";
}

std::string StopRule::reached(const Recipe& recipe, const EpochResult& ended, const tasks::Task& task) {
  if (!m_best || ended.betterThan(*m_best, task)) {
    m_best = ended;
    m_since = ended.number;
  }
  if (recipe.patience == 0 || ended.number - m_since < recipe.patience) return {};
  m_since = ended.number;
  return "Stopped: no epoch since has been better than epoch " + std::to_string(m_best->number);
}

}  // namespace train
