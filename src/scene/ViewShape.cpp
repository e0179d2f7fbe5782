#include "scene/ViewShape.h"

#include <array>

namespace scene {
namespace {

constexpr int kAspectCount = kViewShapeCount / 2;
constexpr std::array<float, kAspectCount> kAspects = {0.6f, 1.25f, 1.55f, 1.95f};
constexpr std::array<double, kAspectCount - 1> kBorders = {0.85, 1.4, 1.7};
constexpr double kLowBelow = 600;
constexpr double kKept = 1.08;  // how far beyond a border a shape is kept

}  // namespace

float aspectOf(ViewShape shape) {
  return kAspects[std::size_t(shape) % kAspectCount];
}

bool isLow(ViewShape shape) {
  return int(shape) >= kAspectCount;
}

ViewShape shapeOf(double width, double height, std::optional<ViewShape> now) {
  if (width <= 0 || height <= 0) return now.value_or(ViewShape::Even);
  const auto beyond = [&](double value, double border, bool before) { return value > border * (!now ? 1 : before ? 1 / kKept : kKept); };
  int shape = 0;
  for (int border = 0; border < kAspectCount - 1; ++border)
    if (beyond(width / height, kBorders[std::size_t(border)], now && int(*now) % kAspectCount > border)) shape = border + 1;
  const bool low = !beyond(height, kLowBelow, now && !isLow(*now));
  return ViewShape(shape + (low ? kAspectCount : 0));
}

}  // namespace scene
