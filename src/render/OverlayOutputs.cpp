// The names of the classes at the outputs.
#include <algorithm>
#include <cmath>

#include <QFontMetricsF>

#include "analysis/Answer.h"
#include "render/OverlayWriter.h"
#include "scene/Winner.h"

namespace render {

using scene::Block;
using scene::Vec3;

namespace {

constexpr float kWinnerApart = 24;                     // type of a name that stands beside its layer
constexpr float kSmallestLabel = 11;                   // of a longer name than its cell is wide: its end is left out
constexpr qreal kLabelRoom = 1.35;                     // cells that the name of one class may be wide
constexpr qreal kWinnerRoom = 3.2, kStandsOut = 1.25;  // the same of the winner, as long as its type is so much larger than the others'
constexpr qreal kApartRoom = 0.6;                      // beside its layer, of the picture's width
constexpr float kCapital = 0.75f, kUnlimited = 1e6f;   // height of a capital letter, of its type
constexpr qreal kLift = 3, kHighest = 10 * kLift;      // pixels, to get off the neighbors' cells

}  // namespace

// Where there are few, each above its cell or to the right of it; else the winner's alone, beside the layer.
void Writer::outputs() {
  if (!m_state.request().whole) return;
  for (const Block& block : m_layout.blocks) {
    if (!block.isOutput || !block.shape.isVector() || block.folded || analysis::answerName(*m_layout.network, block.node, 0).empty())
      continue;
    const int index = int(&block - m_layout.blocks.data()), winner = reached(index) ? scene::winnerOf(m_state, index) : -1;
    // The winner first: the others make room for it.
    if (winner >= 0 && !(block.tiles && classLabel(block, winner, true))) winnerApart(block, winner);
    for (int unit = block.shape.channels - 1; block.tiles && unit >= 0; --unit)
      if (unit != winner) classLabel(block, unit, false);
  }
}

// The name as it fits: a long one in smaller type, and without its end.
Writer::ClassName Writer::classNameAt(const std::string& name, const Vec3& place, float cell, bool won) const {
  const auto sized = [&](float share, float least, float most) { return typeSize(place, share, least, most) / m_style.textScale; };
  const Vec3 at = m_camera.project(place);
  const float other = sized(0.36f, 11.0f, 34.0f), above = turned() ? kUnlimited : (at.y - 5) / kCapital / m_style.textScale;
  const float size = won ? std::max(other, std::min(sized(0.95f, 30.0f, 92.0f), above)) : other;
  const qreal picture = turned() ? m_area.width() - kEdge - qreal(at.x) - 4 : m_area.width() - 2 * kEdge;
  const qreal room = turned() ? picture : std::min(picture, qreal(cell) * (won ? kWinnerRoom : kLabelRoom));
  ClassName fitted{QString::fromStdString(name), m_style.font(size, won)};
  const qreal wide = QFontMetricsF(fitted.font).horizontalAdvance(fitted.words);
  const float least = won ? std::min(size, other * float(kStandsOut)) : kSmallestLabel;
  if (wide > room) fitted.font = m_style.font(std::max(least, float(size * room / wide)), won);
  fitted.words = QFontMetricsF(fitted.font).elidedText(fitted.words, Qt::ElideRight, won ? picture : room);
  return fitted;
}

// False where it has no room.
bool Writer::classLabel(const Block& block, int unit, bool won) {
  const scene::CellRef cell = *m_layout.locate({block.node, {unit, 0, 0}});
  const scene::Sheet& sheet = m_layout.sheets[std::size_t(cell.sheet)];
  const float x = float(cell.column), y = float(cell.row);
  const Vec3 place = turned() ? sheet.point(x + 1.15f, y + 0.5f) : sheet.point(x + 0.5f, y - 0.10f);
  const Vec3 at = m_camera.project(place);
  if (at.z <= 0) return false;
  const ClassName name =
      classNameAt(analysis::answerName(*m_layout.network, block.node, unit), place, m_camera.pixelsPerUnit(place) * sheet.pitch, won);
  const QFontMetricsF metrics(name.font);
  const QRectF tight = metrics.tightBoundingRect(name.words);
  const qreal wide = metrics.horizontalAdvance(name.words), last = m_area.width() - kEdge - wide;
  QPointF baseline = turned() ? QPointF(at.x + 4, at.y - tight.center().y()) : QPointF(at.x - wide / 2, at.y - tight.bottom() - 3);
  // The name of an outer class is wider than its cell.
  const bool within = at.x >= kEdge && at.x <= m_area.width() - kEdge;
  if (!turned() && within && last > kEdge) baseline.setX(std::clamp(baseline.x(), kEdge, last));
  const qreal lowest = baseline.y();
  while (!turned() && lowest - baseline.y() < kHighest && coversCells(tight.translated(baseline))) baseline.ry() -= kLift;
  const QRectF rect = tight.translated(baseline);
  if (!m_area.contains(rect) || coversCells(rect) || !claim(rect)) return false;
  text(baseline, name.words, name.font, won ? m_style.text : stepsBack() ? m_style.faint : m_style.muted);
  return true;
}

// Above the layer, or at the place nearest to the cell where nothing is covered; a line leads to the cell.
void Writer::winnerApart(const Block& block, int unit) {
  const scene::CellRef cell = *m_layout.locate({block.node, {unit, 0, 0}});
  const Vec3 center = m_layout.center(cell), at = m_camera.project(center);
  if (at.z <= 0 || !m_area.contains(QPointF(at.x, at.y))) return;
  const QFont font = m_style.font(kWinnerApart, true);
  const QFontMetricsF metrics(font);
  const QString label = metrics.elidedText(QString::fromStdString(analysis::answerName(*m_layout.network, block.node, unit)),
                                           Qt::ElideRight, m_area.width() * kApartRoom);
  const QSizeF size(metrics.horizontalAdvance(label), metrics.height());
  const qreal left = std::clamp(at.x - size.width() / 2, kEdge, std::max(kEdge, m_area.width() - kEdge - size.width()));
  QRectF rect(QPointF(left, extentOf(block.firstSheet, block.sheetCount).top() - size.height() - 2), size);
  if (rect.top() < 0 || !isFree(rect) || coversCells(rect)) {
    const std::optional<QRectF> place = freePlace({at.x, at.y}, size, 0);
    if (!place) return;  // the prediction says it
    rect = *place;
  }
  m_taken.push_back(rect);
  leader(rect, center);
  text({rect.left(), rect.top() + metrics.ascent()}, label, font, m_style.text);
}

}  // namespace render
