#include "train/RateSchedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nn/EnumNames.h"

namespace train {

namespace {

constexpr nn::EnumNames<ScheduleKind, 5> kNames{"constant", "step", "exponential", "cosine", "one-cycle"};
constexpr double kStart = 0.04;  // of warm-up and of one cycle
constexpr double kRise = 0.25;   // of one cycle

double falling(double share) {
  return 0.5 * (1 + std::cos(std::numbers::pi * share));
}

double plainFactor(const RateSchedule& schedule, double epoch) {
  const double progress = schedule.epochs > 0 ? std::clamp(epoch / schedule.epochs, 0.0, 1.0) : 1.0;
  switch (schedule.kind) {
    case ScheduleKind::Constant:
      return 1;
    case ScheduleKind::Step:
      return std::pow(schedule.decay, schedule.every > 0 ? std::floor(epoch / schedule.every) : 0.0);
    case ScheduleKind::Exponential:
      return std::pow(schedule.decay, epoch);
    case ScheduleKind::Cosine:
      return falling(progress);
    case ScheduleKind::OneCycle:
      if (progress < kRise) return kStart + (1 - kStart) * (1 - falling(progress / kRise));
      return falling((progress - kRise) / (1 - kRise));
  }
  return 1;
}

}  // namespace

std::span<const ScheduleKind> scheduleKinds() {
  return kNames.all();
}

std::string_view scheduleName(ScheduleKind kind) {
  return kNames.of(kind);
}

std::optional<ScheduleKind> scheduleKindOf(std::string_view name) {
  return kNames.find(name);
}

double rateFactor(const RateSchedule& schedule, double epoch) {
  const double warm = schedule.warmUpEpochs > 0 ? std::min(1.0, kStart + (1 - kStart) * epoch / schedule.warmUpEpochs) : 1.0;
  return warm * plainFactor(schedule, epoch);
}

}  // namespace train
