// How the learning rate changes over a training run. Pure function.
#pragma once

#include <QString>

namespace cli {

enum class Schedule { Constant, Cosine, OneCycle };

Schedule scheduleOf(const QString& name);  // "constant", "cosine", "one-cycle"
// The factor on the learning rate at `progress` (0..1) of the run. Cosine falls to zero (Loshchilov and Hutter 2017); one cycle
// rises over the first quarter and then falls to zero (Smith 2018).
double rateFactor(Schedule schedule, double progress);

}  // namespace cli
