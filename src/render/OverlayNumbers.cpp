#include <cmath>

#include <QFontMetricsF>

#include "analysis/Answer.h"
#include "render/FarBlocks.h"
#include "render/Instances.h"
#include "render/OverlayWriter.h"

namespace render {

using scene::Sheet;
using scene::Vec3;

namespace {

constexpr float kNumbersFromPx = 27;  // a cell's width on the screen that holds a number
constexpr float kMapNamesFromPx = 84;
constexpr float kSmallestNumber = 8, kLargestNumber = 22;
constexpr std::size_t kMostNumbers = 4000;

QPointF middle(const scene::Camera& camera, const Vec3& a, const Vec3& b) {
  const Vec3 at = camera.project(mix(a, b, 0.5f));
  return {at.x, at.y};
}

qreal apart(const QPointF& a, const QPointF& b) {
  return std::hypot(a.x() - b.x(), a.y() - b.y());
}

}  // namespace

// Black or white, whichever stands out from the cell as it is drawn.
QColor Writer::inkOn(const Sheet& sheet, int index, float value, const Motion& motion, bool lit) const {
  const scene::Scale& scale = m_state.scaleOf(index);
  const scene::Rgb colour = m_look.map(scale).at(scale.position(value));
  const float dimming = lit ? 0 : dimmingOf(m_state, sheet, motion);
  const QColor fade = m_look.fade();
  const auto mixed = [dimming](int a, int b) { return std::uint8_t(float(a) + float(b - a) * dimming); };
  const scene::Rgb seen{mixed(colour.r, fade.red()), mixed(colour.g, fade.green()), mixed(colour.b, fade.blue())};
  QColor ink = scene::lightnessOf(seen) > 0.62f ? QColor(Qt::black) : QColor(Qt::white);
  ink.setAlphaF(0.92f - 0.5f * dimming);
  return ink;
}

// Nothing of another sheet lies before it.
bool Writer::inSight(const scene::CellRef& cell, const QPointF& at) const {
  if (m_layout.arrangement == scene::Arrangement::Flat) return true;
  const std::optional<scene::Pick> first = scene::pick(m_layout, m_camera.rayThrough({float(at.x()), float(at.y())}));
  return first && first->cell == cell;
}

void Writer::number(int index, const scene::CellRef& cell, const Motion& motion) {
  const std::array<Vec3, 4> corners = m_layout.corners(cell);
  for (const Vec3& corner : corners)
    if (m_camera.project(corner).z <= 0) return;
  const QPointF left = middle(m_camera, corners[0], corners[3]), right = middle(m_camera, corners[1], corners[2]);
  const QPointF top = middle(m_camera, corners[0], corners[1]), bottom = middle(m_camera, corners[3], corners[2]);
  const QPointF center = (left + right) / 2;
  const qreal wide = apart(left, right), high = apart(top, bottom);
  if (!m_area.contains(center) || wide < kNumbersFromPx) return;
  const float value = m_state.cells()[m_layout.cellIndex(cell)];
  if (value == 0 && m_state.tracing() && m_layout.sheets[std::size_t(index)].kind != Sheet::Kind::Kernels) return;  // has no part in it
  const Sheet& on = m_layout.sheets[std::size_t(index)];
  const bool share = on.kind != Sheet::Kind::Kernels && m_layout.blocks[std::size_t(on.block)].unitRange;
  const QString words = share ? QString::number(double(value), 'f', 2) : numberText(value, 2);
  const qreal fits = std::min({high * 0.52, wide / (0.72 * std::max(4.0, double(words.size()))), double(kLargestNumber)});
  if (fits < kSmallestNumber) return;
  const QFont font = m_look.font(float(fits) / m_look.textScale);
  const QFontMetricsF metrics(font);
  const QRectF tight = metrics.tightBoundingRect(words);
  const QPointF baseline(center.x() - metrics.horizontalAdvance(words) / 2, center.y() - tight.center().y());
  const QRectF rect = tight.translated(baseline);
  if (rect.width() > wide - 2 || !isFree(rect) || !inSight(cell, center)) return;
  bool lit = false;
  if (m_state.discussion()) {
    const scene::SheetFocus& focus = m_state.discussion()->focus[std::size_t(index)];
    if (focus.blank(cell.row * on.columns + cell.column)) return;
    lit = focus.whole() || (focus.lit && cell.column >= focus.firstColumn && cell.column <= focus.lastColumn &&
                            cell.row >= focus.firstRow && cell.row <= focus.lastRow);
  }
  text(baseline, words, font, inkOn(on, index, value, motion, lit));
  ++m_numbers;
}

void Writer::numbers(const Motion& motion) {
  for (std::size_t i = 0; i < m_layout.sheets.size() && m_numbers < kMostNumbers; ++i) {
    const Sheet& sheet = m_layout.sheets[i];
    // The nearest corner decides: a sheet may reach from far away to the eye.
    float nearest = 0;
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()})
        nearest = std::max(nearest, m_camera.pixelsPerUnit(sheet.origin + sheet.right * x + sheet.down * y));
    if (m_state.resting() && sheet.kind != Sheet::Kind::Kernels) continue;  // there is nothing to tell yet
    if (sheet.kind == Sheet::Kind::Slab || nearest * sheet.pitch < kNumbersFromPx) continue;
    const int area = sheet.rows * sheet.columns;
    for (int c = 0; c < sheet.count && m_numbers < kMostNumbers; ++c) {
      const scene::CellRef cell{int(i), c % area / sheet.columns, c % sheet.columns, sheet.kind == Sheet::Kind::Kernels ? c / area : 0};
      const Vec3 at = m_camera.project(m_layout.center(cell));
      if (at.z > 0 && m_area.contains(QPointF(at.x, at.y))) number(int(i), cell, motion);
    }
  }
}

// Which map it is, at its corner above left, where maps are large enough to be looked at one by one.
void Writer::mapNames() {
  const QFont font = m_look.font(11);
  const QFontMetricsF metrics(font);
  for (const Sheet& sheet : m_layout.sheets) {
    const scene::Block& block = m_layout.blocks[std::size_t(sheet.block)];
    if (sheet.kind != Sheet::Kind::Map || block.shape.channels < 2) continue;
    const Vec3 corner = m_camera.project(sheet.origin), other = m_camera.project(sheet.origin + sheet.right * sheet.width());
    if (corner.z <= 0 || other.z <= 0) continue;
    const QPointF at(corner.x, corner.y), end(other.x, other.y);
    if (apart(at, end) < kMapNamesFromPx * m_look.textScale) continue;
    const std::string answer = block.isOutput ? analysis::answerWords(*m_layout.network, block.node, sheet.channel) : std::string();
    const QString words = answer.empty() ? QStringLiteral("map %1").arg(sheet.channel + 1) : QString::fromStdString(answer);
    const QPointF baseline(at.x(), std::min(at.y(), (at.y() * 2 + end.y()) / 3) - 4);
    const QRectF rect(baseline.x(), baseline.y() - metrics.ascent(), metrics.horizontalAdvance(words), metrics.height());
    if (!m_area.contains(rect) || !claim(rect)) continue;
    text(baseline, words, font, m_look.faint);
  }
}

}  // namespace render
