// Where the cells lie in the picture, for whatever is written beside them and must not cover them.
#include <algorithm>
#include <cmath>

#include <QPolygonF>

#include "render/OverlayWriter.h"

namespace render {

using scene::Block;
using scene::Sheet;
using scene::Vec3;

namespace {

constexpr float kNear = 1e-3f;     // of what is cut off before the eye, world units
constexpr qreal kTagGap = 3;       // between a tag and the cells around it
constexpr qreal kTagStep = 12;     // between the places that are tried
constexpr qreal kLeaderFrom = 26;  // pixels: tags that stand farther away are tied to their cell by a line

}  // namespace

// What lies behind the eye is cut off.
QPolygonF Writer::outlineOf(const Sheet& sheet) const {
  const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
  const Vec3 corners[4] = {sheet.point(0, 0), sheet.point(columns, 0), sheet.point(columns, rows), sheet.point(0, rows)};
  const auto depthOf = [this](const Vec3& point) { return dot(point - m_camera.eye(), m_camera.forward()); };
  QPolygonF outline;
  for (int i = 0; i < 4; ++i) {
    const Vec3 &a = corners[i], &b = corners[(i + 1) % 4];
    const float from = depthOf(a) - kNear, to = depthOf(b) - kNear;
    const auto add = [&](const Vec3& point) {
      const Vec3 at = m_camera.project(point);
      outline << QPointF(at.x, at.y);
    };
    if (from >= 0) add(a);
    if ((from >= 0) != (to >= 0)) add(mix(a, b, from / (from - to)));
  }
  return outline;
}

// Of the sheets, as far as the picture shows them.
QRectF Writer::extentOf(int firstSheet, int count) const {
  QRectF extent;
  for (int i = firstSheet; i < firstSheet + count; ++i) extent |= outlineOf(m_layout.sheets[std::size_t(i)]).boundingRect() & m_area;
  return extent;
}

// All of it lies before the eye and beside the picture.
bool Writer::isOutside(const scene::Box& box) const {
  bool left = true, right = true, above = true, below = true;
  for (const float x : {box.low.x, box.high.x})
    for (const float y : {box.low.y, box.high.y})
      for (const float z : {box.low.z, box.high.z}) {
        const Vec3 at = m_camera.project({x, y, z});
        if (at.z <= 0) return false;
        left = left && at.x < 0, right = right && at.x > m_area.width();
        above = above && at.y < 0, below = below && at.y > m_area.height();
      }
  return left || right || above || below;
}

// Of all sheets in the picture, by the layers' maps and kernels; made when first asked for.
const std::vector<Writer::Cells>& Writer::cells() const {
  if (!m_cells.empty()) return m_cells;
  m_cells.emplace_back();  // not asked again, even where nothing is in the picture
  const auto add = [&](const scene::Box& box, int first, int count) {
    if (count == 0 || isOutside(box)) return;
    Cells cells;
    for (int i = first; i < first + count; ++i) {
      const QPolygonF outline = outlineOf(m_layout.sheets[std::size_t(i)]);
      const QRectF around = outline.boundingRect();
      if (!around.intersects(m_area)) continue;
      cells.around |= around;
      cells.outlines.emplace_back(around, outline);
    }
    if (!cells.outlines.empty()) m_cells.push_back(std::move(cells));
  };
  for (const Block& block : m_layout.blocks) {
    add(block.bounds, block.firstSheet, block.sheetCount);
    add(block.kernelBounds, block.firstKernelSheet, block.kernelSheetCount);
  }
  return m_cells;
}

bool Writer::coversCells(const QRectF& rect) const {
  return std::any_of(cells().begin(), cells().end(), [&](const Cells& group) {
    return group.around.intersects(rect) && std::any_of(group.outlines.begin(), group.outlines.end(), [&](const auto& one) {
             return one.first.intersects(rect) && one.second.intersects(QPolygonF(rect));
           });
  });
}

// The place nearest to a point where neither cells nor words are covered.
std::optional<QRectF> Writer::freePlace(const QPointF& middle, const QSizeF& size, qreal foot) const {
  const QRectF room = m_area.adjusted(kEdge, kEdge, -kEdge - size.width(), -kEdge - foot - size.height());
  std::vector<std::pair<qreal, QPointF>> places;
  for (qreal y = room.top(); y <= room.bottom(); y += kTagStep)
    for (qreal x = room.left(); x <= room.right(); x += kTagStep) {
      const QPointF nearest(std::clamp(middle.x(), x, x + size.width()), std::clamp(middle.y(), y, y + size.height()));
      places.push_back({std::hypot(nearest.x() - middle.x(), nearest.y() - middle.y()), QPointF(x, y)});
    }
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [away, corner] : places)
    if (const QRectF rect(corner, size); isFree(rect) && !coversCells(rect.adjusted(-kTagGap, -kTagGap, kTagGap, kTagGap))) return rect;
  return std::nullopt;
}

void Writer::leader(const QRectF& tag, const Vec3& place) {
  const Vec3 at = m_camera.project(place);
  if (at.z <= 0) return;
  const QPointF to(at.x, at.y), from(std::clamp(to.x(), tag.left(), tag.right()), std::clamp(to.y(), tag.top(), tag.bottom()));
  if (std::hypot(to.x() - from.x(), to.y() - from.y()) < kLeaderFrom) return;
  m_painter.setRenderHint(QPainter::Antialiasing);
  QColor ink = m_style.accent;
  ink.setAlphaF(0.75f);
  m_painter.setPen(QPen(ink, 1));
  m_painter.drawLine(from, to);
}

}  // namespace render
