// The figures of a run as a table for other programs. Pure function; thread: any.
#pragma once

#include <string>

#include "train/history/MetricLog.h"

namespace train {

// Comma-separated values: a row for each step at which something was measured, with step, epoch, seconds and a column for each series,
// empty where it was not measured then. Numbers have a point and as many digits as it takes to read the same number again.
std::string tableOf(const MetricLog& metrics);

}  // namespace train
