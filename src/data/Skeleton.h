// The line a pen follows: strokes as polylines, built from knots that a smooth curve runs through. Reused from digit to
// digit, so that nothing is allocated per digit. Belongs to whoever draws; one per thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace data {

struct Point {
  float x = 0, y = 0;
};

class Skeleton {
 public:
  void clear();
  // A new stroke. The knots that follow are joined by a centripetal Catmull-Rom curve, which neither overshoots nor loops
  // between them; the curve breaks at a corner.
  void start(float x, float y);
  void to(float x, float y);
  void corner(float x, float y);
  // Knots on an ellipse, from one angle to another: 0 is right, 90 is down, negative differences run counter-clockwise.
  // The radii change evenly to `endScale` times their size, so that a round need not close.
  void arc(float centerX, float centerY, float radiusX, float radiusY, float fromDegrees, float toDegrees, float endScale = 1);
  // Moves every knot a little: `offset(knot)` is called once for each, in order.
  template <typename Offset>
  void jitterKnots(Offset offset) {
    for (Knot& knot : m_knots) {
      const Point by = offset();
      knot.at = {knot.at.x + by.x, knot.at.y + by.y};
    }
  }
  // Turns the knots into polylines with about `spacing` between points.
  void trace(float spacing);

  std::size_t strokeCount() const { return m_ends.size(); }
  std::span<Point> stroke(std::size_t index);
  std::span<const Point> stroke(std::size_t index) const;
  std::span<Point> points() { return m_points; }

 private:
  struct Knot {
    Point at;
    bool starts = false;  // a stroke
    bool corner = false;
  };
  void traceSmooth(std::size_t first, std::size_t last, float spacing);

  std::vector<Knot> m_knots;
  std::vector<Point> m_points;
  std::vector<std::size_t> m_ends;  // of each stroke in m_points
};

}  // namespace data
