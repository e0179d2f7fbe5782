// Where the cells lie in the picture, for whatever is written beside them and must not cover them.
#include <algorithm>
#include <cmath>

#include <QPolygonF>

#include "render/LevelOfDetail.h"
#include "render/OverlayWriter.h"

namespace render {

using scene::Block;
using scene::Sheet;
using scene::Vec3;

namespace {

constexpr float kNear = 1e-3f;     // of what is cut off before the eye, world units
constexpr qreal kTagGap = 3;       // between a tag and the cells and words around it
constexpr qreal kBesideGap = 6;    // between cells and the words that make way for them
constexpr qreal kTagStep = 12;     // between the places that are tried
constexpr qreal kLeaderFrom = 26;  // pixels: tags that stand farther away are tied to their cell by a line

}  // namespace

QPolygonF Writer::outlineOf(const Sheet& sheet) const {
  const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
  return outlineOf({sheet.point(0, 0), sheet.point(columns, 0), sheet.point(columns, rows), sheet.point(0, rows)});
}

// What lies behind the eye is cut off.
QPolygonF Writer::outlineOf(const std::array<Vec3, 4>& corners) const {
  const auto depthOf = [this](const Vec3& point) { return dot(point - m_camera.eye(), m_camera.forward()); };
  QPolygonF outline;
  for (int i = 0; i < 4; ++i) {
    const Vec3 &a = corners[std::size_t(i)], &b = corners[std::size_t((i + 1) % 4)];
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

std::optional<QRectF> Writer::projected(const scene::Box& box) const {
  QRectF extent;
  for (const float x : {box.low.x, box.high.x})
    for (const float y : {box.low.y, box.high.y})
      for (const float z : {box.low.z, box.high.z}) {
        const Vec3 at = m_camera.project({x, y, z});
        if (at.z <= 0) return std::nullopt;
        const QRectF point(at.x - 0.5, at.y - 0.5, 1, 1);
        extent = extent.isNull() ? point : extent.united(point);
      }
  return extent;
}

// Of all sheets in the picture, by the layers' maps and kernels; made when first asked for.
const std::vector<Writer::Cells>& Writer::cells() const {
  if (m_cells) return *m_cells;
  m_cells.emplace();
  const std::vector<bool> far = farBlocks(m_state, m_camera);
  const auto add = [&](std::size_t block, const scene::Box& box, int first, int count) {
    if (count == 0) return;
    if (const QRectF around = projected(box).value_or(m_area); around.intersects(m_area))
      m_cells->push_back({around, int(block), first, count, far[block]});
  };
  for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
    const Block& block = m_layout.blocks[b];
    add(b, block.bounds, block.firstSheet, block.sheetCount);
    if (!far[b]) add(b, block.kernelBounds, block.firstKernelSheet, block.kernelSheetCount);
  }
  return *m_cells;
}

// As they are drawn: the maps of a layer that is far away as the slabs that stand for them. Made when something comes near them.
const std::vector<Writer::Outline>& Writer::outlinesOf(const Cells& cells) const {
  if (cells.made) return cells.outlines;
  cells.made = true;
  const auto add = [&](const QPolygonF& outline) {
    const QRectF around = outline.boundingRect();
    if (around.intersects(m_area)) cells.outlines.push_back({around, outline});
  };
  if (cells.far) {
    for (const FarSlab& slab : slabsOf(m_layout, cells.block)) {
      const Vec3 right = slab.right * slab.width, down = slab.down * slab.height;
      add(outlineOf({slab.origin, slab.origin + right, slab.origin + right + down, slab.origin + down}));
    }
  } else {
    for (int i = cells.first; i < cells.first + cells.count; ++i) add(outlineOf(m_layout.sheets[std::size_t(i)]));
  }
  return cells.outlines;
}

// Around one of the sheets that a rectangle covers.
std::optional<QRectF> Writer::coveredSheet(const QRectF& rect) const {
  for (const Cells& group : cells()) {
    if (!group.around.intersects(rect)) continue;
    for (const Outline& one : outlinesOf(group))
      if (one.around.intersects(rect) && one.polygon.intersects(QPolygonF(rect))) return one.around;
  }
  return std::nullopt;
}

bool Writer::coversCells(const QRectF& rect) const {
  return coveredSheet(rect).has_value();
}

// Moved to the left or to the right until no cells are covered, as far as `most`; nothing where that does not do or leaves the picture.
std::optional<QRectF> Writer::pastCells(const QRectF& rect, bool leftwards, qreal most) const {
  constexpr int kTries = 24;
  QRectF moved = rect;
  for (int tries = 0; tries < kTries; ++tries) {
    const std::optional<QRectF> covered = coveredSheet(moved);
    if (!covered) return moved;
    if (leftwards)
      moved.moveRight(covered->left() - kBesideGap);
    else
      moved.moveLeft(covered->right() + kBesideGap);
    const bool stays = moved.left() >= kEdge && moved.right() <= m_area.width() - kEdge;
    if (!stays || std::abs(moved.left() - rect.left()) > most) return std::nullopt;
  }
  return std::nullopt;
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
    if (const QRectF around = QRectF(corner, size).adjusted(-kTagGap, -kTagGap, kTagGap, kTagGap); isFree(around) && !coversCells(around))
      return QRectF(corner, size);
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
