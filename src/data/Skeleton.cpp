#include "data/Skeleton.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace data {
namespace {

Point between(Point a, Point b, float t) {
  return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}
float distance(Point a, Point b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

// The cubic that Catmull and Rom put between b and c, as Bezier handles, with knots spaced by the root of the distance.
struct Handles {
  Point first, second;
};

Handles centripetal(Point a, Point b, Point c, Point d) {
  const float ab = std::sqrt(distance(a, b)), bc = std::sqrt(distance(b, c)), cd = std::sqrt(distance(c, d));
  Handles handles{b, c};
  const auto handle = [](Point outer, Point near, Point far, float outerStep, float step) {
    const float o2 = outerStep * outerStep, s2 = step * step, mixed = outerStep * step;
    const float norm = 3 * (o2 + mixed);
    return Point{(o2 * far.x - s2 * outer.x + (2 * o2 + 3 * mixed + s2) * near.x) / norm,
                 (o2 * far.y - s2 * outer.y + (2 * o2 + 3 * mixed + s2) * near.y) / norm};
  };
  if (ab > 1e-4f && bc > 1e-4f) handles.first = handle(a, b, c, ab, bc);
  if (cd > 1e-4f && bc > 1e-4f) handles.second = handle(d, c, b, cd, bc);
  return handles;
}

}  // namespace

void Skeleton::clear() {
  m_knots.clear();
  m_points.clear();
  m_ends.clear();
}

void Skeleton::start(float x, float y) {
  m_knots.push_back({{x, y}, true, true});
}
void Skeleton::to(float x, float y) {
  m_knots.push_back({{x, y}, m_knots.empty(), false});
}
void Skeleton::corner(float x, float y) {
  m_knots.push_back({{x, y}, m_knots.empty(), true});
}

void Skeleton::arc(float centerX, float centerY, float radiusX, float radiusY, float fromDegrees, float toDegrees, float endScale) {
  const int pieces = std::max(1, int(std::lround(std::abs(toDegrees - fromDegrees) / 45)));
  for (int i = 0; i <= pieces; ++i) {
    const float share = float(i) / float(pieces);
    const float angle = (fromDegrees + (toDegrees - fromDegrees) * share) * std::numbers::pi_v<float> / 180;
    const float scale = 1 + (endScale - 1) * share;
    to(centerX + radiusX * scale * std::cos(angle), centerY + radiusY * scale * std::sin(angle));
  }
}

std::span<Point> Skeleton::stroke(std::size_t index) {
  const std::size_t first = index == 0 ? 0 : m_ends[index - 1];
  return std::span(m_points).subspan(first, m_ends[index] - first);
}

std::span<const Point> Skeleton::stroke(std::size_t index) const {
  const std::size_t first = index == 0 ? 0 : m_ends[index - 1];
  return std::span(m_points).subspan(first, m_ends[index] - first);
}

void Skeleton::traceSmooth(std::size_t first, std::size_t last, float spacing) {
  for (std::size_t i = first; i < last; ++i) {
    const Point b = m_knots[i].at, c = m_knots[i + 1].at;
    // Beyond an end the neighbor is mirrored, which lets the curve run out evenly.
    const Point a = i > first ? m_knots[i - 1].at : between(c, b, 2);
    const Point d = i + 1 < last ? m_knots[i + 2].at : between(b, c, 2);
    const Handles handles = centripetal(a, b, c, d);
    const int pieces = std::clamp(int(std::ceil(distance(b, c) / spacing)), 1, 12);
    for (int k = 1; k <= pieces; ++k) {
      const float t = float(k) / float(pieces), s = 1 - t;
      const float wb = s * s * s, w1 = 3 * s * s * t, w2 = 3 * s * t * t, wc = t * t * t;
      m_points.push_back({wb * b.x + w1 * handles.first.x + w2 * handles.second.x + wc * c.x,
                          wb * b.y + w1 * handles.first.y + w2 * handles.second.y + wc * c.y});
    }
  }
}

void Skeleton::trace(float spacing) {
  m_points.clear();
  m_ends.clear();
  std::size_t first = 0;
  while (first < m_knots.size()) {
    std::size_t end = first + 1;
    while (end < m_knots.size() && !m_knots[end].starts) ++end;
    m_points.push_back(m_knots[first].at);
    for (std::size_t from = first; from + 1 < end;) {
      std::size_t upTo = from + 1;
      while (upTo + 1 < end && !m_knots[upTo].corner) ++upTo;
      traceSmooth(from, upTo, spacing);
      from = upTo;
    }
    m_ends.push_back(m_points.size());
    first = end;
  }
}

}  // namespace data
