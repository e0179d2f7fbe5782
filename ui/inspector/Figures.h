// Numbers as the inspector writes them (aligned, with a true minus) and grids of numbers coloured by value. UI thread.
#pragma once

#include <functional>

#include <QRectF>
#include <QString>

#include "ui/Theme.h"

class QPainter;

namespace ui {

// "0.84", "−0.50"; with three significant digits and an exponent where two decimals would say nothing.
QString number(float value);
// The same for a narrow cell: ".84", "−.5", "12".
QString cellNumber(float value, int decimals);

// How a grid's values become colours, as in the scene: one scale for the grid, diverging where it has negative values.
struct ValueScale {
  float largest = 1;
  bool diverging = true;
  static ValueScale of(const std::function<float(int)>& value, int count);
  void add(float value);
  QColor colour(float value, const Theme& theme) const;
};

struct GridCell {
  float value = 0;
  bool inside = true;   // false: padding
  bool marked = false;  // the winner
  bool hovered = false;
};

// Where the cells of a grid that fits into `area` lie; square cells, at most `largestCell` wide.
class GridGeometry {
 public:
  GridGeometry(QRectF area, int rows, int columns, double largestCell = 48);
  QRectF cell(int row, int column) const;
  QRectF frame() const { return {m_topLeft.x(), m_topLeft.y(), m_side * m_columns, m_side * m_rows}; }
  double side() const { return m_side; }
  int at(QPointF position) const;  // row * columns + column, -1 outside
  int rows() const { return m_rows; }
  int columns() const { return m_columns; }

 private:
  QPointF m_topLeft;
  double m_side;
  int m_rows, m_columns;
};

void paintGrid(QPainter& painter, const GridGeometry& grid, const ValueScale& scale, const Theme& theme,
               const std::function<GridCell(int)>& cellAt);

}  // namespace ui
