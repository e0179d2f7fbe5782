#include <cmath>

#include <QFontMetricsF>
#include <QImage>

#include "render/OverlayWriter.h"
#include "scene/Labels.h"

namespace render {

using scene::Block;
using scene::Vec3;

namespace {
constexpr qreal kLegendsFrom = 380;  // width of a view; in a narrower one they would cover the cells
constexpr qreal kKeyFrom = 960;      // narrower pictures have no room for the key: every layer has its own legend
constexpr qreal kKeyWidth = 150;
constexpr qreal kFarthestLegend = 80;  // pixels, from the place beside its layer

qreal keyTop(const QFontMetricsF& metrics, QSizeF size) {
  return size.height() - 16 - 2 * (metrics.height() + 10) - metrics.height();
}

}  // namespace

// Sampled once per pixel of the device: the color at a place is exactly the map's.
void Writer::bar(const QRectF& rect, const scene::ColorMap& map) {
  const int pixels = std::max(1, int(std::lround(rect.width() * m_painter.device()->devicePixelRatioF())));
  QImage strip(pixels, 1, QImage::Format_RGB32);
  for (int i = 0; i < pixels; ++i) {
    const scene::Rgb c = map.at((float(i) + 0.5f) / float(pixels));
    strip.setPixel(i, 0, qRgb(c.r, c.g, c.b));
  }
  m_painter.drawImage(rect, strip);
  m_painter.setPen(QPen(m_style.slab, 1));
  m_painter.setBrush(Qt::NoBrush);
  m_painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5));
}

// The cell under the pointer, else the pinned one, if it lies among these sheets.
std::optional<scene::CellRef> Writer::highlightedCell(int firstSheet, int sheetCount) const {
  std::optional<scene::CellRef> cell;
  if (m_state.selection().hovered) {
    cell = m_state.selection().hovered->cell;
  } else if (m_state.selection().heldWeight) {
    cell = m_state.selection().heldWeight->cell;
  } else if (m_state.selection().pinned()) {
    cell = m_layout.locate(*m_state.selection().pinned());
  }
  if (cell && (cell->sheet < firstSheet || cell->sheet >= firstSheet + sheetCount)) return std::nullopt;
  return cell;
}

Legend Writer::legendOf(int b, bool kernels) const {
  const Block& block = m_layout.blocks[std::size_t(b)];
  const int first = kernels ? block.firstKernelSheet : block.firstSheet, count = kernels ? block.kernelSheetCount : block.sheetCount;
  Legend legend;
  legend.scale = kernels ? m_state.shown().kernelScale(b) : m_state.shown().unitScale(b);
  legend.on = highlighted(block);
  const std::optional<scene::CellRef> cell = highlightedCell(first, count);
  if (cell) {
    legend.scale = m_state.shown().scaleOf(cell->sheet);
    legend.value = m_state.shown().cells()[m_layout.cellIndex(*cell)];
  }
  if (legend.scale.nothing) legend.value.reset();
  const bool exceeded = legend.scale.exceeded;
  legend.low = (exceeded && legend.scale.diverging ? QStringLiteral("≤ ") : QString()) + numberText(legend.scale.low);
  legend.high = (exceeded ? QStringLiteral("≥ ") : QString()) + numberText(legend.scale.high);
  const scene::Sheet& sheet = m_layout.sheets[std::size_t(cell ? cell->sheet : first)];
  if (m_state.shown().scope() == scene::ScaleScope::Map && count > 1 && sheet.kind != scene::Sheet::Kind::Vector && !block.unitRange) {
    if (cell) {
      legend.note = QStringLiteral("map %1").arg(sheet.channel + 1);
    } else {
      float least = m_state.shown().scaleOf(first).high, most = least;
      for (int i = first; i < first + count; ++i) {
        least = std::min(least, m_state.shown().scaleOf(i).high);
        most = std::max(most, m_state.shown().scaleOf(i).high);
      }
      legend.low = legend.scale.diverging ? QStringLiteral("±") : QStringLiteral("0");
      legend.high = QStringLiteral("%1…%2").arg(numberText(least), numberText(most));
    }
  }
  if (legend.scale.nothing) {
    legend.low = QStringLiteral("all 0");
    legend.high.clear();
  }
  if (kernels) return legend;
  const std::size_t dead = m_state.deadUnits().deadCount(m_layout, b), saturated = m_state.deadUnits().saturatedCount(b);
  QStringList notes;
  if (!legend.note.isEmpty()) notes << legend.note;
  if (dead > 0) notes << QStringLiteral("%1 dead").arg(dead);
  if (saturated > 0) notes << QStringLiteral("%1 saturated").arg(saturated);
  legend.note = notes.join(QStringLiteral(", "));
  return legend;
}

bool Writer::hasLegends() const {
  return m_area.width() >= kLegendsFrom * m_style.textScale;
}

// To the right of cells that it would cover.
std::optional<QRectF> Writer::legendPlace(const Vec3& anchor, const QSizeF& size, qreal line) const {
  QRectF rect = legendRect(anchor, size, line);
  if (rect.right() > m_area.width() - kEdge) rect.moveRight(m_area.width() - kEdge);
  if (coversCells(rect)) {
    const std::optional<QRectF> past = turned() ? std::nullopt : pastCells(rect, false, kFarthestLegend);
    if (!past) return std::nullopt;
    rect = *past;
  }
  const bool inside = rect.left() >= 0 && rect.top() >= 2 && rect.bottom() <= m_area.height();
  return inside && isFree(rect.adjusted(-2, -1, 2, 2)) ? std::optional(rect) : std::nullopt;
}

QRectF Writer::legend(const Vec3& anchor, const Legend& legend) {
  if (!hasLegends()) return {};
  const QColor ink = legend.on ? m_style.muted : m_style.faint;
  const QFont font = m_style.font(typeSize(anchor, scene::kLegendType, 10.0f, 13.0f));
  const QFontMetricsF metrics(font);
  const qreal lowWidth = metrics.horizontalAdvance(legend.low), highWidth = metrics.horizontalAdvance(legend.high);
  const qreal width = std::max(barWidth(), lowWidth + highWidth + 8), ends = kBarHeight + metrics.height();
  const std::optional<QRectF> place = legendPlace(anchor, {width, ends}, ends);
  if (!place) return {};
  const QRectF rect = *place;
  m_taken.push_back(rect.adjusted(-2, 0, 2, 0));
  if (legendRect(anchor, rect.size(), ends).right() > m_area.width() - kEdge) backing(rect.adjusted(-6, -3, 6, 3));
  const QRectF strip(rect.left(), rect.top() + 1, width, kBarHeight);
  m_painter.setOpacity(legend.on ? 1.0 : 0.45);
  if (!legend.scale.nothing) bar(strip, m_style.map(legend.scale));
  m_painter.setOpacity(1);
  if (legend.value) {
    const qreal x = strip.left() + strip.width() * std::clamp(legend.scale.position(*legend.value), 0.0f, 1.0f);
    m_painter.fillRect(QRectF(std::round(x) - 1, strip.top() - 2, 2, strip.height() + 4), m_style.text);
  }
  const qreal baseline = rect.top() + ends - metrics.descent() + 1;
  text({rect.left(), baseline}, legend.low, font, ink);
  text({strip.right() - highWidth, baseline}, legend.high, font, ink);
  const qreal middle = metrics.horizontalAdvance(QStringLiteral("0"));
  if (legend.scale.diverging && !legend.scale.nothing && 2 * std::max(lowWidth, highWidth) + middle + 4 < width &&
      legend.low != QStringLiteral("±"))
    text({strip.center().x() - middle / 2, baseline}, QStringLiteral("0"), font, ink);
  if (legend.note.isEmpty()) return rect;
  // Below the legend, or above one that stands above its layer.
  const QSizeF size(metrics.horizontalAdvance(legend.note), metrics.height());
  const qreal left = std::max(kEdge, std::min(rect.left(), m_area.width() - kEdge - size.width()));
  m_notes.push_back({legend.note, font, {QPointF(left, turned() ? rect.top() - size.height() : rect.bottom()), size}});
  return rect;
}

// Once all legends stand, where there is room for them: the tag says the same of a unit. A gap is kept to what follows, so that no note
// seems to belong to the bar below it.
void Writer::notes() {
  for (const Note& note : m_notes) {
    const QRectF around = turned() ? note.rect.adjusted(-2, -3, 2, -1) : note.rect.adjusted(-2, 1, 2, 3);
    if (!m_area.contains(note.rect) || coversCells(note.rect) || !isFree(around)) continue;
    m_taken.push_back(note.rect);
    text({note.rect.left(), note.rect.bottom() - QFontMetricsF(note.font).descent()}, note.words, note.font, m_style.faint);
  }
}

qreal keyWidth(const SceneStyle& style, QSizeF size) {
  const QFontMetricsF metrics(style.font(11));
  const bool shown = size.width() >= kKeyFrom * style.textScale && keyTop(metrics, size) >= size.height() / 2;
  return shown ? kKeyWidth * style.textScale + 26 : 0;
}

void Writer::key() {
  if (keyWidth(m_style, m_area.size()) == 0 || (m_state.tracing() && tracesNothing())) return;
  const QFont font = m_style.font(11);
  const QFontMetricsF metrics(font);
  const qreal width = kKeyWidth * m_style.textScale;
  const qreal left = m_area.width() - width - 16;
  qreal top = keyTop(metrics, m_area.size());
  const QRectF ground(left - 10, top - 8, width + 20, m_area.height() - top);
  backing(ground);
  m_taken.push_back(ground);
  const auto row = [&](const scene::Scale& scale, const QString& low, const QString& middle, const QString& high) {
    bar(QRectF(left, top, width, 6), m_style.map(scale));
    const qreal baseline = top + 8 + metrics.ascent();
    text({left, baseline}, low, font, m_style.muted);
    text({left + (width - metrics.horizontalAdvance(middle)) / 2, baseline}, middle, font, m_style.muted);
    text({left + width - metrics.horizontalAdvance(high), baseline}, high, font, m_style.muted);
    top += metrics.height() + 18;
  };
  const auto below = [&](const QStringList& lines) {
    for (int i = 0; i < int(lines.size()); ++i)
      text({left, top - 4 + metrics.ascent() + i * metrics.lineSpacing()}, lines[i], font, m_style.muted);
  };
  if (m_state.shown().scope() == scene::ScaleScope::Network && !m_state.resting() && !m_state.tracing() && !m_state.shown().field()) {
    const float most = m_state.shown().unitScale(0).high;
    row({0, most, false}, QStringLiteral("0"), QString(), numberText(most));
    row({-most, most, true}, numberText(-most), QStringLiteral("0"), numberText(most));
    return;
  }
  if (m_state.tracing()) {
    row({-1, 1, true}, QStringLiteral("speaks against"), QString(), QStringLiteral("speaks for"));
    return below(shareWords());
  }
  if (const auto& field = m_state.shown().field(); field && !m_state.resting()) {
    const scene::FieldWords words = scene::fieldWords(*field);
    row({field->isSigned ? -1.0f : 0.0f, 1, field->isSigned}, QString::fromStdString(words.low),
        field->isSigned ? QStringLiteral("0") : QString(), QString::fromStdString(words.high));
    QStringList lines;
    for (const QString& line : QString::fromStdString(field->subject).split(u'\n'))
      lines << metrics.elidedText(line, Qt::ElideRight, width);
    return below(lines);
  }
  row({0, 1, false}, QStringLiteral("inactive"), QString(), QStringLiteral("most active"));
  row({-1, 1, true}, QStringLiteral("negative"), QStringLiteral("0"), QStringLiteral("positive"));
}

}  // namespace render
