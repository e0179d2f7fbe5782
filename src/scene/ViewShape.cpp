#include "scene/ViewShape.h"

#include <array>

namespace scene {
namespace {

constexpr std::array<float, kViewShapeCount> kAspects = {0.6f, 1.25f, 1.55f, 1.95f};
constexpr std::array<double, kViewShapeCount - 1> kBorders = {0.85, 1.4, 1.7};
constexpr double kKept = 1.08;  // how far beyond a border a shape is kept

}  // namespace

float aspectOf(ViewShape shape) {
  return kAspects[std::size_t(shape)];
}

ViewShape shapeOf(double width, double height, std::optional<ViewShape> now) {
  if (width <= 0 || height <= 0) return now.value_or(ViewShape::Even);
  const double aspect = width / height;
  int shape = 0;
  for (int border = 0; border < kViewShapeCount - 1; ++border) {
    const double slack = !now ? 1 : int(*now) > border ? 1 / kKept : kKept;
    if (aspect > kBorders[std::size_t(border)] * slack) shape = border + 1;
  }
  return ViewShape(shape);
}

}  // namespace scene
