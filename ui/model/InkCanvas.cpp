#include "ui/model/InkCanvas.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int kScale = InkCanvas::kFineSide / InkCanvas::kSide;
constexpr double kSoftEdge = 1.5;  // fine pixels from paper to full ink

// Bilinear sample at pixel centers; outside is paper.
float sample(const data::GrayImage& image, double x, double y) {
  const auto at = [&](int column, int row) {
    if (column < 0 || row < 0 || column >= image.width || row >= image.height) return 0.0f;
    return image.ink[std::size_t(row) * std::size_t(image.width) + std::size_t(column)];
  };
  const double fx = x - 0.5, fy = y - 0.5;
  const int column = int(std::floor(fx)), row = int(std::floor(fy));
  const float u = float(fx - column), v = float(fy - row);
  return (at(column, row) * (1 - u) + at(column + 1, row) * u) * (1 - v) +
         (at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u) * v;
}

}  // namespace

InkCanvas::InkCanvas() : m_fine(std::size_t(kFineSide) * kFineSide, 0) {
  m_ink.width = m_ink.height = kSide;
  m_ink.ink.assign(std::size_t(kSide) * kSide, 0.0f);
}

QRectF InkCanvas::beginStroke(QPointF at, double width, bool erase) {
  if (m_running) endStroke();
  m_running = true;
  m_erase = erase;
  m_last = m_joint = {at.x() * kScale, at.y() * kScale, width * kScale / 2};
  return segment(m_last, m_last);
}

// The points given are the control points of a smooth curve that passes through the middles between them.
QRectF InkCanvas::extendStroke(QPointF to, double width) {
  if (!m_running) return {};
  const Point next{to.x() * kScale, to.y() * kScale, width * kScale / 2};
  const Point middle{(m_last.x + next.x) / 2, (m_last.y + next.y) / 2, (m_last.radius + next.radius) / 2};
  const QRectF changed = curve(m_joint, m_last, middle);
  m_joint = middle;
  m_last = next;
  return changed;
}

QRectF InkCanvas::endStroke() {
  if (!m_running) return {};
  const QRectF changed = segment(m_joint, m_last);
  m_running = false;
  return changed;
}

void InkCanvas::load(const data::GrayImage& image) {
  Pixels pixels(m_fine.size(), 0);
  if (image.width > 0 && image.height > 0 && image.ink.size() == std::size_t(image.width) * std::size_t(image.height)) {
    const double zoom = double(kFineSide) / std::max(image.width, image.height);
    const double left = (kFineSide - image.width * zoom) / 2, top = (kFineSide - image.height * zoom) / 2;
    for (int y = 0; y < kFineSide; ++y) {
      for (int x = 0; x < kFineSide; ++x) {
        const float value = sample(image, (x + 0.5 - left) / zoom, (y + 0.5 - top) / zoom);
        pixels[std::size_t(y) * kFineSide + std::size_t(x)] = std::uint8_t(std::lround(std::clamp(value, 0.0f, 1.0f) * 255));
      }
    }
  }
  setFine(std::move(pixels));
}

bool InkCanvas::isEmpty() const {
  return std::all_of(m_fine.begin(), m_fine.end(), [](std::uint8_t v) { return v == 0; });
}

void InkCanvas::setFine(Pixels pixels, data::PenStrokes strokes) {
  if (m_running) endStroke();
  m_fine = std::move(pixels);
  m_strokes = std::move(strokes);
  m_traced = !m_strokes.empty() || isEmpty();
  publish(0, 0, kFineSide, kFineSide);
}

QRectF InkCanvas::curve(const Point& from, const Point& control, const Point& to) {
  const double length = std::hypot(control.x - from.x, control.y - from.y) + std::hypot(to.x - control.x, to.y - control.y);
  const int pieces = std::clamp(int(length / 12), 1, 24);
  QRectF changed;
  Point a = from;
  for (int i = 1; i <= pieces; ++i) {
    const double t = double(i) / pieces, s = 1 - t;
    const auto blend = [&](double p, double q, double r) { return s * s * p + 2 * s * t * q + t * t * r; };
    const Point b{blend(from.x, control.x, to.x), blend(from.y, control.y, to.y), blend(from.radius, control.radius, to.radius)};
    changed |= segment(a, b);
    a = b;
  }
  return changed;
}

// A tapered capsule from a to b. Pen: the larger of old and new ink, so that joins and crossings stay smooth; eraser: the smaller.
QRectF InkCanvas::segment(const Point& a, const Point& b) {
  const double reach = std::max(a.radius, b.radius) + kSoftEdge;
  const int left = std::max(0, int(std::floor(std::min(a.x, b.x) - reach)));
  const int top = std::max(0, int(std::floor(std::min(a.y, b.y) - reach)));
  const int right = std::min(kFineSide, int(std::ceil(std::max(a.x, b.x) + reach)) + 1);
  const int bottom = std::min(kFineSide, int(std::ceil(std::max(a.y, b.y) + reach)) + 1);
  if (left >= right || top >= bottom) return {};
  const float ax = float(a.x), ay = float(a.y), dx = float(b.x - a.x), dy = float(b.y - a.y);
  const float lengthSquared = dx * dx + dy * dy;
  const float inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
  const float ra = float(a.radius), rd = float(b.radius - a.radius), half = float(kSoftEdge / 2);
  for (int y = top; y < bottom; ++y) {
    std::uint8_t* row = m_fine.data() + std::size_t(y) * kFineSide;
    const float py = float(y) + 0.5f - ay;
    for (int x = left; x < right; ++x) {
      const float px = float(x) + 0.5f - ax;
      const float t = std::clamp((px * dx + py * dy) * inverse, 0.0f, 1.0f);
      const float ox = px - t * dx, oy = py - t * dy, radius = ra + t * rd;
      const float distanceSquared = ox * ox + oy * oy, outer = radius + half;
      if (distanceSquared >= outer * outer) continue;
      const float cover = std::min(1.0f, (outer - std::sqrt(distanceSquared)) / float(kSoftEdge));
      const auto ink = std::uint8_t(cover * 255 + 0.5f);
      row[x] = m_erase ? std::min(row[x], std::uint8_t(255 - ink)) : std::max(row[x], ink);
    }
  }
  publish(left, top, right, bottom);
  if (m_traced) keepStroke(a, b);
  return QRectF(QPointF(double(left) / kScale, double(top) / kScale), QPointF(double(right) / kScale, double(bottom) / kScale));
}

// The eraser takes away the points that it goes over, and a stroke in the middle of which they are becomes two.
void InkCanvas::keepStroke(const Point& a, const Point& b) {
  const auto onPad = [](const Point& p) { return data::PenPoint{float(p.x / kScale), float(p.y / kScale), float(p.radius / kScale)}; };
  const data::PenPoint from = onPad(a), to = onPad(b);
  if (!m_erase) {
    if (m_strokes.empty() || m_strokes.back().back() != from) m_strokes.push_back({from});
    if (from != to) m_strokes.back().push_back(to);
    return;
  }
  data::PenStrokes kept;
  for (const std::vector<data::PenPoint>& stroke : m_strokes) {
    bool runs = false;
    for (const data::PenPoint& point : stroke) {
      const float dx = to.x - from.x, dy = to.y - from.y, length = dx * dx + dy * dy;
      const float t = length > 0 ? std::clamp(((point.x - from.x) * dx + (point.y - from.y) * dy) / length, 0.0f, 1.0f) : 0;
      const bool erased = std::hypot(point.x - from.x - t * dx, point.y - from.y - t * dy) < from.radius;
      if (!erased && !runs) kept.emplace_back();
      if (!erased) kept.back().push_back(point);
      runs = !erased;
    }
  }
  m_strokes = std::move(kept);
}

// Averages the fine pixels of an area into the published ink.
void InkCanvas::publish(int left, int top, int right, int bottom) {
  for (int y = top / kScale; y < (bottom + kScale - 1) / kScale; ++y) {
    const std::uint8_t* upper = m_fine.data() + std::size_t(y * kScale) * kFineSide;
    const std::uint8_t* lower = upper + kFineSide;
    float* ink = m_ink.ink.data() + std::size_t(y) * kSide;
    for (int x = left / kScale; x < (right + kScale - 1) / kScale; ++x) {
      const int sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
      ink[x] = float(sum) * (1.0f / (4 * 255));
    }
  }
}

}  // namespace ui
