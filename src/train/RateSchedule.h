// How the learning rate changes over a training run: a factor on the optimizer's rate for every place in it. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace train {

enum class ScheduleKind { Constant, Step, Exponential, Cosine, OneCycle };
std::span<const ScheduleKind> scheduleKinds();     // all, in the order of a menu
std::string_view scheduleName(ScheduleKind kind);  // "constant", "step", "exponential", "cosine", "one-cycle"
std::optional<ScheduleKind> scheduleKindOf(std::string_view name);

struct RateSchedule {
  ScheduleKind kind = ScheduleKind::Constant;
  double epochs = 10;       // of the whole run; Cosine and OneCycle end there and stay at their end
  double decay = 0.5;       // Step: the factor every `every` epochs; Exponential: the factor of an epoch
  double every = 1;         // epochs between two steps
  double warmUpEpochs = 0;  // before all else the rate rises in a straight line from a twenty-fifth (Goyal et al. 2017)
  bool operator==(const RateSchedule&) const = default;
};

// At `epoch` (fractional) of the run. Cosine falls to zero in half a wave (Loshchilov and Hutter 2017); OneCycle rises over the
// first quarter from a twenty-fifth, then falls to zero, both in half waves (Smith 2018). Warm-up multiplies the others.
double rateFactor(const RateSchedule& schedule, double epoch);

}  // namespace train
