#include "ui/inspector/Figures.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "scene/ColorMap.h"

namespace ui {

namespace {

QString withMinus(QString text) {
  return text.replace(QLatin1Char('-'), QChar(0x2212));
}

constexpr double kNumbersFrom = 17;  // px: narrower cells show their colour alone

}  // namespace

QString number(float value) {
  if (!std::isfinite(value)) return std::isnan(value) ? QStringLiteral("not a number") : withMinus(value < 0 ? "-∞" : "∞");
  const double size = std::abs(double(value));
  if (size != 0 && (size < 0.005 || size >= 100000)) return withMinus(QString::number(double(value), 'g', 2));
  return withMinus(QString::number(double(value), 'f', size >= 1000 ? 0 : size >= 100 ? 1 : 2));
}

QString cellNumber(float value, int decimals) {
  if (!std::isfinite(value)) return QStringLiteral("!");
  const double size = std::abs(double(value));
  if (size >= 9.95)
    decimals = 0;
  else if (size >= 0.995)
    decimals = std::min(decimals, 1);
  QString text = QString::number(double(value), 'f', decimals);
  if (text.toDouble() == 0) return QStringLiteral("0");
  if (text.startsWith(QLatin1String("0."))) text.remove(0, 1);
  if (text.startsWith(QLatin1String("-0."))) text.remove(1, 1);
  return withMinus(text);
}

ValueScale ValueScale::of(const std::function<float(int)>& value, int count) {
  ValueScale scale{0, false};
  for (int i = 0; i < count; ++i) scale.add(value(i));
  return scale;
}

void ValueScale::add(float value) {
  if (!std::isfinite(value)) return;
  largest = std::max(largest, std::abs(value));
  diverging = diverging || value < 0;
}

QColor ValueScale::colour(float value, const Theme& theme) const {
  const float t = largest > 0 ? value / largest : 0;
  const scene::ColorMap& map = diverging ? scene::ColorMap::diverging(theme.dark) : scene::ColorMap::sequential(theme.dark);
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

void paintGrid(QPainter& painter, const GridGeometry& grid, const ValueScale& scale, const Theme& theme,
               const std::function<GridCell(int)>& cellAt) {
  QFont font = theme.body;
  const bool wide = grid.side() >= 26;
  font.setPixelSize(std::clamp(int(grid.side() * (wide ? 0.36 : 0.46)), 8, theme.body.pixelSize()));
  if (!wide) font.setStretch(85);
  const bool numbers = grid.side() >= kNumbersFrom;
  const double gap = grid.side() >= 10 ? 1 : 0;
  painter.setFont(font);
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (int i = 0; i < grid.rows() * grid.columns(); ++i) {
    const GridCell cell = cellAt(i);
    const QRectF area = grid.cell(i / grid.columns(), i % grid.columns()).adjusted(0, 0, -gap, -gap);
    if (!cell.inside) {
      painter.fillRect(area, QBrush(mix(theme.window, theme.text, 0.22), Qt::BDiagPattern));
      continue;
    }
    const QColor colour = scale.colour(cell.value, theme);
    painter.fillRect(area, colour);
    if (!numbers) continue;
    painter.setPen(theme.readableOn(colour));
    painter.drawText(area, Qt::AlignCenter, cellNumber(cell.value, wide ? 2 : 1));
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
