#include <algorithm>
#include <iterator>

#include <QFontMetricsF>

#include "analysis/Answer.h"
#include "nn/Counted.h"
#include "render/OverlayWriter.h"
#include "scene/text/UnitText.h"

namespace render {

using scene::Block;
using scene::Vec3;

// A number that a cell shows; where it is no activation or weight, what it is, and in the note what it is of. The unit has no node where it
// is a weight.
void Writer::tellNumber(TagWords& tag, const scene::UnitId& unit, float value) const {
  const bool weight = unit.node < 0;
  const auto& field = m_state.shown().field();
  const bool other = field && (weight ? !field->weights.empty() : m_state.shown().showsField(m_layout.blockOfNode[std::size_t(unit.node)]));
  tag.number = weight || other ? numberText(value) : QString::fromStdString(scene::valueWords(m_state, unit, value));
  if (!other) return;
  tag.number.prepend(QString::fromStdString(scene::fieldWords(*field).name) + u' ');
  tag.note = QString::fromStdString(field->subject).replace(u'\n', QStringLiteral(": ")) +
             (tag.note.isEmpty() ? QString() : QStringLiteral("; ") + tag.note);
}

std::optional<Writer::TagWords> Writer::tagWords() const {
  if (m_state.tracing()) return traceWords();
  TagWords tag;
  if (m_state.selection().hovered || m_state.selection().heldWeight) {
    const scene::Pick& pick = m_state.selection().hovered ? *m_state.selection().hovered : *m_state.selection().heldWeight;
    tag.head = QString::fromStdString(scene::describe(m_state, pick));
    const float value = pick.slab ? 0 : m_state.shown().cells()[m_layout.cellIndex(pick.cell)];
    if (!pick.kernel && !pick.slab) tag.note = QString::fromStdString(scene::conditionOf(m_state, pick.unit));
    if (pick.kernel && m_state.highlight() && m_state.highlight()->kind == scene::Highlight::Kind::Weight)
      tag.note = "one number, used by " + QString::fromStdString(nn::counted(m_state.highlight()->edgeCount, "unit", "units"));
    if (!pick.slab) tellNumber(tag, pick.kernel ? scene::UnitId{} : pick.unit, value);
    tag.place = m_layout.corners(pick.cell)[1];
    if (!m_state.selection().hovered) tag.cell = pick.cell;
    return tag;
  }
  if (!m_state.selection().pinned() || m_state.animation()) return std::nullopt;
  if (m_state.selection().pins.all().size() > 1) return std::nullopt;  // letters mark them, and their sheets tell the rest
  tag.head = QString::fromStdString(scene::describe(m_state, *m_state.selection().pinned()));
  tag.cell = m_layout.locate(*m_state.selection().pinned());
  const bool shown = m_state.shown().showsField(m_layout.sheets[std::size_t(tag.cell->sheet)].block);
  tag.note = QString::fromStdString(scene::conditionOf(m_state, *m_state.selection().pinned()));
  tellNumber(tag, *m_state.selection().pinned(),
             shown ? m_state.shown().cells()[m_layout.cellIndex(*tag.cell)] : scene::shownValue(m_state, *m_state.selection().pinned()));
  tag.place = m_layout.corners(*tag.cell)[1];
  return tag;
}

// The corner where the least of cells and words is covered; of equal ones the upper left.
QRectF Writer::inCorner(const QSizeF& size, qreal foot) const {
  const qreal right = m_area.width() - kEdge - size.width(), bottom = m_area.height() - foot - kEdge - size.height();
  const auto covered = [this](const QRectF& rect) {
    qreal area = 0;
    const auto add = [&](const QRectF& part) { area += part.width() * part.height(); };
    for (const QRectF& taken : m_taken) add(taken & rect);
    for (const Cells& group : cells())
      if (group.around.intersects(rect))
        for (const Outline& one : outlinesOf(group)) add(one.around & rect);
    return area;
  };
  QRectF best(QPointF(kEdge, kEdge), size);
  qreal least = covered(best);
  for (const QPointF& corner : {QPointF(right, kEdge), QPointF(right, bottom), QPointF(kEdge, bottom)})
    if (const QRectF rect(corner, size); covered(rect) < least) {
      best = rect;
      least = covered(rect);
    }
  return best;
}

// Above on the right of the pointer; at another side of it where much less is hidden there of what is written. The letters of pinned
// units count most, but for what stands over the picture and would hide the tag.
QRectF Writer::besidePointer(const QPointF& at, const QSizeF& size) const {
  constexpr qreal kLetter = 1e6, kHidden = 1e8;
  const QRectF room = m_area.adjusted(kEdge, kEdge, -kEdge, -kEdge);
  QRectF usual(QPointF(at.x() + 14, at.y() - 8 - size.height()), size);
  if (usual.right() > room.right()) usual.moveRight(at.x() - 24);
  usual.moveTop(std::max(usual.top(), room.top()));
  const auto hidden = [&](const QRectF& rect) {
    qreal area = 0;
    for (const std::vector<QRectF>* words : {&m_taken, &m_digits})
      for (const QRectF& part : *words)
        if (const QRectF covered = part & rect; !covered.isEmpty()) area += covered.width() * covered.height();
    for (const QRectF& letter : m_clear.letters) area += letter.intersects(rect) ? kLetter : 0;
    for (const QRectF& over : m_clear.over) area += over.intersects(rect) ? kHidden : 0;
    return area;
  };
  QRectF best = usual;
  qreal least = hidden(usual);
  for (const QPointF& corner : {QPointF(at.x() + 14, at.y() + 18),
                                {at.x() - 24 - size.width(), at.y() - 8 - size.height()},
                                {at.x() - 24 - size.width(), at.y() + 18}}) {
    const QRectF rect(corner, size);
    if (const qreal area = hidden(rect); room.contains(rect) && area < least / 2) {
      best = rect;
      least = area;
    }
  }
  return best;
}

std::vector<Writer::TagRow> Writer::rowsOf(const TagWords& tag, TagShape shape) const {
  const QFont small = m_style.font(12);
  const bool narrow = shape == TagShape::Narrow || shape == TagShape::NarrowWithoutMore;
  const bool halved = shape == TagShape::Halved || shape == TagShape::HalvedWithoutMore, nameless = shape == TagShape::Nameless;
  std::vector<TagRow> rows;
  const auto add = [&](const QStringList& lines, const QFont& font, const QColor& ink) {
    for (const QString& line : lines)
      if (!line.isEmpty()) rows.push_back({line, font, ink});
  };
  const auto broken = [&](QString words) {
    if (!narrow && !nameless) return QStringList{words};
    words.replace(QStringLiteral(" · "), QStringLiteral("\n")).replace(QStringLiteral(", "), QStringLiteral("\n"));
    return words.split(QLatin1Char('\n'));
  };
  const bool low = shape == TagShape::Low;
  if (low) add({QStringLiteral("%1: %2").arg(tag.head, tag.number)}, m_style.font(12, true), m_style.text);
  const qsizetype half = tag.head.lastIndexOf(QStringLiteral(" · "));
  if (nameless) {  // the frame around the unit and its sheet say which it is
    const QString what = tag.head.mid(half + 3);
    const qsizetype end = what.lastIndexOf(QLatin1Char(' '));
    add({what.left(end), end < 0 ? QString() : what.mid(end + 1)}, small, m_style.muted);
  } else if (halved && half > 0)
    add({tag.head.left(half), tag.head.mid(half + 3)}, small, m_style.muted);
  else if (!low)
    add(broken(tag.head), small, m_style.muted);
  if (!low) add({tag.number}, m_style.font(16, true), m_style.text);
  add(broken(tag.note), small, m_style.muted);
  if (low || shape == TagShape::Wide) add({tag.more.join(QLatin1Char(' '))}, small, m_style.muted);
  if (shape == TagShape::Broken || shape == TagShape::Halved || shape == TagShape::Narrow) add(tag.more, small, m_style.muted);
  return rows;
}

QSizeF Writer::sizeOf(const std::vector<TagRow>& rows) {
  QSizeF size(20, 12);
  for (const TagRow& row : rows) {
    const QFontMetricsF metrics(row.font);
    size = {std::max(size.width(), metrics.horizontalAdvance(row.words) + 20), size.height() + metrics.height()};
  }
  return size;
}

void Writer::tag(qreal foot) {
  const std::optional<TagWords> tag = tagWords();
  if (!tag) return;
  const Vec3 at = m_camera.project(tag->place);
  if (at.z <= 0 && !tag->corner) return;
  std::vector<TagRow> rows = rowsOf(*tag, TagShape::Wide);
  QSizeF size = sizeOf(rows);
  QRectF rect = besidePointer({at.x, at.y}, size);
  bool tellsShares = true;
  if (tag->cell || tag->corner) {
    const Vec3 middle = tag->cell ? m_camera.project(m_layout.center(*tag->cell)) : Vec3{};
    const QPointF to(middle.x, middle.y);  // of a trace, the upper left corner
    std::optional<QRectF> place = freePlace(to, size, foot);
    TagShape used = TagShape::Wide;
    for (const TagShape shape : {TagShape::Broken, TagShape::Low, TagShape::Halved, TagShape::Narrow, TagShape::HalvedWithoutMore,
                                 TagShape::NarrowWithoutMore, TagShape::Nameless}) {
      if (place) break;
      if ((shape == TagShape::Low && !tag->corner) || (shape == TagShape::Nameless && !tag->head.contains(QStringLiteral(", ")))) continue;
      if (shape == TagShape::Nameless && tag->cell) continue;
      rows = rowsOf(*tag, shape);
      used = shape;
      if (sizeOf(rows) == size) continue;
      size = sizeOf(rows);
      place = freePlace(to, size, foot);
    }
    if (!place && tag->cell) return;  // the inspector and the frame around the cell say it
    rect = place ? *place : inCorner(size, foot);
    tellsShares = used < TagShape::HalvedWithoutMore;
  }
  rect.moveLeft(std::clamp(rect.left(), kEdge, std::max(kEdge, m_area.width() - size.width() - kEdge)));
  rect.moveTop(std::clamp(rect.top(), kEdge, std::max(kEdge, m_area.height() - size.height() - kEdge)));
  rect = QRectF(rect.toRect());
  if (tag->cell) leader(rect, tag->place);
  m_painter.setPen(QPen(m_state.selection().hovered ? m_style.panelLine : m_style.accent, 1));
  m_painter.setBrush(m_style.panel);
  m_painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
  const std::size_t before = m_written ? m_written->size() : 0;
  qreal top = rect.top() + 6;
  for (const TagRow& row : rows) {
    const QFontMetricsF metrics(row.font);
    text({rect.left() + 10, top + metrics.ascent()}, row.words, row.font, row.ink);
    top += metrics.height();
  }
  for (std::size_t i = before; m_written && i < m_written->size(); ++i) (*m_written)[i].onTag = true;
  m_taken.push_back(rect);
  if (!tellsShares && !tag->more.isEmpty()) sharesApart(rect.center(), foot);
}

// The letters of several pinned units, each in the color of its frame and of its sheet's head.
void Writer::pins() {
  const std::vector<scene::UnitId> pinned = m_state.selection().pins.all();
  const QFont font = m_style.font(11.5f, true);
  const qreal side = std::round(QFontMetricsF(font).height() + 1);
  for (std::size_t i = 0; pinned.size() > 1 && i < pinned.size(); ++i) {
    const scene::CellRef cell = *m_layout.locate(pinned[i]);
    const Vec3 at = m_camera.project(m_layout.corners(cell)[0]);
    if (at.z <= 0 || !m_area.contains(QPointF(at.x, at.y))) continue;
    QRectF badge(at.x - side, at.y - side, side, side);
    // Neighbors would cover each other's letter.
    for (std::size_t tries = 0; tries < scene::kMostPins && !isFree(badge); ++tries) badge.translate(0, -side - 1);
    badge.moveLeft(std::clamp(std::round(badge.left()), kEdge, std::max(kEdge, m_area.width() - kEdge - side)));
    badge.moveTop(std::clamp(std::round(badge.top()), kEdge, std::max(kEdge, m_area.height() - kEdge - side)));
    m_taken.push_back(badge);
    m_clear.letters.push_back(badge);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_style.pin(i));
    m_painter.drawRoundedRect(badge, 3, 3);
    const QString letter(QLatin1Char(scene::pinLetter(i)));
    const QFontMetricsF metrics(font);
    text({badge.center().x() - metrics.horizontalAdvance(letter) / 2, badge.center().y() + metrics.capHeight() / 2}, letter, font,
         m_style.dark ? m_style.ground : QColor(Qt::white));
  }
}

void Writer::invitation() {
  if (!m_state.resting() || !m_state.values()) return;  // without values it may rest or not
  for (const Block& block : m_layout.blocks) {
    if (!block.isInput) continue;
    const Vec3 at = m_camera.project(block.legendAnchor);
    const QFont font = m_style.font(typeSize(block.legendAnchor, 0.34f, 15.0f, 24.0f), true), small = m_style.font(13);
    const QFontMetricsF metrics(font), smallMetrics(small);
    const qreal left = at.x + kLabelGap + 8;
    const QString head = QString::fromStdString(analysis::invitation(*m_layout.network)), more = QStringLiteral("and every neuron answers");
    const QRectF rect(left, at.y - metrics.height(), std::max(metrics.horizontalAdvance(head), smallMetrics.horizontalAdvance(more)),
                      metrics.height() + smallMetrics.height());
    if (rect.right() > m_area.width() - kEdge || coversCells(rect) || !claim(rect)) return;  // the pad invites as well
    text({left, at.y - 2.0}, head, font, m_style.text);
    text({left, at.y + smallMetrics.height()}, more, small, m_style.muted);
    return;
  }
}

}  // namespace render
