#include "data/Pen.h"

#include <algorithm>
#include <cmath>

namespace data {

void drawSegment(const PenSegment& segment, float softnessPx, GrayImage& drawing) {
  const Point a = segment.from, b = segment.to;
  const float reach = std::max(segment.fromRadius, segment.toRadius) + softnessPx;
  // Kept within the drawing as floats first: coordinates may lie anywhere.
  const auto clipped = [](float value, int size) { return int(std::clamp(value, 0.0f, float(size))); };
  const int left = clipped(std::floor(std::min(a.x, b.x) - reach), drawing.width),
            right = clipped(std::ceil(std::max(a.x, b.x) + reach), drawing.width);
  const int top = clipped(std::floor(std::min(a.y, b.y) - reach), drawing.height),
            bottom = clipped(std::ceil(std::max(a.y, b.y) + reach), drawing.height);
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float inverse = 1 / std::max(dx * dx + dy * dy, 1e-9f);
  const float grows = segment.toRadius - segment.fromRadius;
  // Near the edge r - d is (r*r - d*d) / 2r to first order: no square root per pixel.
  const float sharpness = 1 / (softnessPx * std::max(0.25f, segment.fromRadius + segment.toRadius));
  const int count = right - left;
  for (int y = top; y < bottom; ++y) {
    float* row = drawing.ink.data() + std::size_t(y) * std::size_t(drawing.width) + std::size_t(left);
    const float py = float(y) + 0.5f - a.y;
    const float offsetX = float(left) + 0.5f - a.x;
    for (int x = 0; x < count; ++x) {
      const float px = offsetX + float(x);
      float t = (px * dx + py * dy) * inverse;
      t = t > 0 ? t : 0;
      t = t < 1 ? t : 1;
      const float ex = px - t * dx, ey = py - t * dy;
      const float radius = segment.fromRadius + t * grows;
      float ink = 0.5f + (radius * radius - ex * ex - ey * ey) * sharpness;
      ink = ink < 1 ? ink : 1;
      row[x] = row[x] > ink ? row[x] : ink;
    }
  }
}

}  // namespace data
