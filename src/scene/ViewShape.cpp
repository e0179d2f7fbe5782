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
  const int before = now ? int(*now) % kAspectCount : -1;
  int shape = 0;
  for (int border = 0; border < kAspectCount - 1; ++border) {
    const double slack = !now ? 1 : border == before ? kKept : border + 1 == before ? 1 / kKept : 1;
    if (width / height > kBorders[std::size_t(border)] * slack) shape = border + 1;
  }
  const bool low = height < kLowBelow * (!now ? 1 : isLow(*now) ? kKept : 1 / kKept);
  return ViewShape(shape + (low ? kAspectCount : 0));
}

}  // namespace scene
