// How the curves of a run are drawn, as a person chooses it. Plain values; UI thread.
#pragma once

#include <cstdint>

#include "train/history/MetricLog.h"

namespace ui {

enum class CurveAxis { Epochs, Steps, Time };  // Time: of training, without pauses

struct CurveOptions {
  CurveAxis axis = CurveAxis::Epochs;
  double smoothing = 0;            // train::Smoother's weight
  bool logarithmicLoss = true;     // else from zero
  bool leavesOutliersOut = false;  // the axis reaches from the 5th to the 95th of a hundred values
  bool operator==(const CurveOptions&) const = default;
};

// Where a step of the run stands on the axis; -1 where the log does not say, as one of an earlier version says nothing of the time.
double placeOf(CurveAxis axis, const train::MetricLog& metrics, std::uint64_t step, double epoch);

}  // namespace ui
