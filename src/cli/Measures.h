// The figures that a task is judged by (tasks/Task.h), as the commands write them. Pure functions.
#pragma once

#include <QString>

#include "tasks/Task.h"

namespace cli {

QString metricText(const tasks::Metric& metric, double value);  // "97.31 %", "0.0123", "19.1 dB"

}  // namespace cli
