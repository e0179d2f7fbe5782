// The moments of a run that one can go back to: its weights at many steps, dense at first, since most is learned then, and with them the
// whole state between two steps, from which training goes on bit for bit. It stays within a budget of memory: what is too much is thinned
// out evenly. Written by whoever trains; what it hands out is immutable and shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "train/history/RunProgress.h"

namespace train {

class History {
 public:
  static constexpr std::size_t kStandardBudget = std::size_t(256) << 20;  // bytes
  static constexpr std::size_t kKeptBudget = std::size_t(64) << 20;       // of a run that gave way, of which there may be many
  explicit History(std::size_t budget = kStandardBudget, std::vector<Moment> moments = {});

  // Of each of the first hundred steps there is a moment, then of every one a twentieth further; and of the end of each epoch.
  bool wants(std::uint64_t step, bool epochEnded) const;
  // In the order of the steps. One of the same step as the last takes its place.
  void add(Moment moment);
  void clear();

  const std::vector<Moment>& moments() const { return m_moments; }
  std::size_t bytes() const;  // of weights and states
  // Whether a run of so many parameters can be recorded at all: its first and last moment, and some between.
  static bool hasRoom(std::size_t parameters, std::size_t budget = kStandardBudget);

 private:
  void thin();
  void leaveStates(std::size_t first);

  std::size_t m_budget;
  std::vector<Moment> m_moments;
  std::uint64_t m_sparseness = 1;  // so many times fewer moments than at first
  std::size_t m_stateSpacing = 1;  // of so many moments one has its state
};

// As many of them as have room in so many bytes, the first and the last among them.
std::vector<Moment> thinned(const std::vector<Moment>& moments, std::size_t budget);

// The last moment at or before a step; null where there is none.
const Moment* momentAt(const std::vector<Moment>& moments, std::uint64_t step);

// A run as it was at a moment with a state: what came later is not in it, neither in its log and metrics nor in its moments. Training goes
// on from there as it did then, bit for bit. `run`: log, metrics and moments are read. Throws nn::Error where the moment has no state.
SavedRun runAt(const Moment& moment, const RunLog& log, const MetricLog& metrics, const std::vector<Moment>& moments = {});

}  // namespace train
