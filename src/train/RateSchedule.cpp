#include "train/RateSchedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace train {

namespace {

constexpr std::array kKinds{ScheduleKind::Constant, ScheduleKind::Step, ScheduleKind::Exponential, ScheduleKind::Cosine,
                            ScheduleKind::OneCycle};
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
  return kKinds;
}

std::string_view scheduleName(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::Constant:
      return "constant";
    case ScheduleKind::Step:
      return "step";
    case ScheduleKind::Exponential:
      return "exponential";
    case ScheduleKind::Cosine:
      return "cosine";
    case ScheduleKind::OneCycle:
      return "one-cycle";
  }
  return {};
}

std::optional<ScheduleKind> scheduleKindOf(std::string_view name) {
  for (const ScheduleKind kind : kKinds)
    if (scheduleName(kind) == name) return kind;
  return std::nullopt;
}

double rateFactor(const RateSchedule& schedule, double epoch) {
  const double warm = schedule.warmUpEpochs > 0 ? std::min(1.0, kStart + (1 - kStart) * epoch / schedule.warmUpEpochs) : 1.0;
  return warm * plainFactor(schedule, epoch);
}

}  // namespace train
