#include "ui/panels/inspector/Figures.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "scene/text/Text.h"

namespace ui {

namespace {

constexpr double kNumbersFrom = 17;  // px: narrower cells show their color alone
constexpr double kAloneFrom = 60;    // px: room for any number as it stands alone
constexpr int kSmallestFigure = 7;
constexpr double kCharacterPx = 4.4, kSmallestPx = 3.8;  // of the smallest type in the scene, and of the smallest here

// One for all cells, so small that the longest number fits.
QFont fontFor(const std::vector<QString>& words, double room, const Theme& theme) {
  QFont font = theme.body;
  const double share = room >= 24 ? 0.38 : 0.48;
  font.setPixelSize(std::clamp(int(room * share), kSmallestFigure, theme.body.pixelSize()));
  double widest = 0;
  const QFontMetricsF metrics(font);
  for (const QString& text : words) widest = std::max(widest, metrics.horizontalAdvance(text));
  if (widest > room) font.setPixelSize(std::max(kSmallestFigure, int(font.pixelSize() * room / widest)));
  return font;
}

}  // namespace

QString number(float value) {
  return QString::fromStdString(scene::shortNumber(value));
}

scene::CellNumbers cellNumbers(const GridGeometry& grid, float largest, bool withSigns) {
  if (grid.side() >= kAloneFrom) return {.alone = true};
  const auto fits = [&](const scene::CellNumbers& numbers, double characterPx) {
    const auto characters = QString::fromStdString(numbers.text(withSigns ? -largest : largest)).size();
    return double(characters) * characterPx <= grid.side() - 3;
  };
  const scene::CellNumbers fine = scene::CellNumbers::of(largest, 3), compact = scene::CellNumbers::compact(largest);
  if (fits(fine, kCharacterPx)) return fine;
  return fits(compact, kSmallestPx) ? compact : scene::CellNumbers::of(largest, 2);
}

QString withUnit(const QString& words, const GridGeometry& grid, const scene::CellNumbers& numbers) {
  if (numbers.exponent == 0 || grid.side() < kNumbersFrom) return words;
  return QObject::tr("%1 (%2)").arg(words, QString::fromStdString(numbers.unit()));
}

void ValueScale::add(const scene::Scale& scale) {
  largest = std::max({largest, scale.high, -scale.low});
  diverging = diverging || scale.diverging;
}

void ValueScale::add(float value) {
  if (!std::isfinite(value)) return;
  largest = std::max(largest, std::abs(value));
  diverging = diverging || value < 0;
}

QColor ValueScale::color(float value, const Theme& theme) const {
  const float t = largest > 0 ? value / largest : 0;
  const scene::ColorMap& map = diverging ? scene::ColorMap::diverging(theme.dark) : scene::ColorMap::sequential(theme.dark, palette);
  const scene::Rgb rgb = map.at(diverging ? 0.5f + 0.5f * t : t);
  return QColor(rgb.r, rgb.g, rgb.b);
}

GridGeometry::GridGeometry(QRectF area, int rows, int columns, double largestCell)
    : m_rows(std::max(1, rows)), m_columns(std::max(1, columns)) {
  m_side = std::min({area.width() / m_columns, area.height() / m_rows, largestCell});
  if (m_side >= 6) m_side = std::floor(m_side);
  m_topLeft = QPointF(std::floor(area.center().x() - m_side * m_columns / 2), std::floor(area.center().y() - m_side * m_rows / 2));
}

QRectF GridGeometry::cell(int row, int column) const {
  return {m_topLeft.x() + column * m_side, m_topLeft.y() + row * m_side, m_side, m_side};
}

int GridGeometry::at(QPointF position) const {
  const QPointF p = (position - m_topLeft) / m_side;
  const int row = int(std::floor(p.y())), column = int(std::floor(p.x()));
  return row >= 0 && column >= 0 && row < m_rows && column < m_columns ? row * m_columns + column : -1;
}

void paintGrid(QPainter& painter, const GridGeometry& grid, const ValueScale& scale, const scene::CellNumbers& numbers, const Theme& theme,
               const std::function<GridCell(int)>& cellAt) {
  const bool written = grid.side() >= kNumbersFrom;
  const double gap = grid.side() >= 10 ? 1 : 0;
  std::vector<QString> words;
  for (int i = 0; written && i < grid.rows() * grid.columns(); ++i) {
    const GridCell cell = cellAt(i);
    words.push_back(cell.inside ? QString::fromStdString(numbers.text(cell.value)) : QString());
  }
  if (written) painter.setFont(fontFor(words, grid.side() - gap - 2, theme));
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (int i = 0; i < grid.rows() * grid.columns(); ++i) {
    const GridCell cell = cellAt(i);
    const QRectF area = grid.cell(i / grid.columns(), i % grid.columns()).adjusted(0, 0, -gap, -gap);
    if (!cell.inside) {
      painter.fillRect(area, QBrush(mix(theme.window, theme.text, 0.22), Qt::BDiagPattern));
      continue;
    }
    const QColor color = scale.color(cell.value, theme);
    painter.fillRect(area, color);
    if (!written) continue;
    painter.setPen(theme.readableOn(color));
    painter.drawText(area, Qt::AlignCenter | Qt::TextDontClip, words[std::size_t(i)]);
  }
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setBrush(Qt::NoBrush);
  for (int i = 0; i < grid.rows() * grid.columns(); ++i) {
    const GridCell cell = cellAt(i);
    if (!cell.hovered && !cell.marked) continue;
    const double width = std::clamp(grid.side() / 8, 1.5, 3.0);
    painter.setPen(QPen(theme.accent, width));
    painter.drawRect(grid.cell(i / grid.columns(), i % grid.columns()).adjusted(0, 0, -gap, -gap));
  }
}

}  // namespace ui
