#include "cli/Schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cli {

Schedule scheduleOf(const QString& name) {
  if (name == "cosine") return Schedule::Cosine;
  return name == "one-cycle" ? Schedule::OneCycle : Schedule::Constant;
}

double rateFactor(Schedule schedule, double progress) {
  constexpr double kRise = 0.25, kStart = 0.04;
  const double at = std::clamp(progress, 0.0, 1.0);
  const auto fall = [](double share) { return 0.5 * (1 + std::cos(std::numbers::pi * share)); };
  if (schedule == Schedule::Cosine) return fall(at);
  if (schedule == Schedule::Constant) return 1;
  return at < kRise ? kStart + (1 - kStart) * (1 - fall(at / kRise)) : fall((at - kRise) / (1 - kRise));
}

}  // namespace cli
