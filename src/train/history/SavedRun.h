// A run as it is kept, whole: where it is between two steps, how well it went, what was done to it and its curves. From it training goes on
// bit for bit, in the window or on the command line, whichever of them kept it. Plain data; any thread.
#pragma once

#include "train/history/Checkpoint.h"
#include "train/history/MetricLog.h"
#include "train/history/RunLog.h"
#include "train/history/RunProgress.h"

namespace train {

struct SavedRun {
  Checkpoint checkpoint;
  RunProgress progress;
  RunLog log;
  MetricLog metrics;
};

}  // namespace train
