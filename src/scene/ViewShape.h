// The shape of the picture that a network is laid out for: one of a few, so that a window that changes its size by some pixels keeps the
// layout that it has. A window and a picture of the command line choose it alike. Pure functions; any thread.
#pragma once

#include <optional>

namespace scene {

// Low: of so few pixels that names take more of it.
enum class ViewShape { Tall, Even, Broad, Wide, LowTall, LowEven, LowBroad, LowWide };
inline constexpr int kViewShapeCount = 8;

float aspectOf(ViewShape shape);  // width by height that stands for the shape
bool isLow(ViewShape shape);

// Of a picture of that size in pixels. now: the shape that it has had; near the border between two it keeps that.
ViewShape shapeOf(double width, double height, std::optional<ViewShape> now = std::nullopt);

}  // namespace scene
