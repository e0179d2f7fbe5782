// Numbers as the inspector writes them and grids of numbers colored by value, both as in the scene. UI thread.
#pragma once

#include <functional>

#include <QRectF>
#include <QString>

#include "scene/ColorMap.h"
#include "scene/Scales.h"
#include "scene/text/Numbers.h"
#include "ui/base/Theme.h"

class QPainter;

namespace ui {

// "0.842", "−0.0531": as the scene writes them.
QString number(float value);

// How a grid's values become colors, as in the scene: one scale for the grid, diverging where it has negative values.
struct ValueScale {
  float largest = 1;
  bool diverging = true;
  scene::Palette palette = scene::Palette::Glow;
  void add(float value);
  void add(const scene::Scale& scale);
  QColor color(float value, const Theme& theme) const;
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

// How the numbers of a grid are written, the largest of which is known: as they stand alone where cells are wide, else with three
// significant digits of the largest; in narrow cells with fewer, but two for smaller numbers as long as there is room for them at all.
scene::CellNumbers cellNumbers(const GridGeometry& grid, float largest, bool withSigns = true);
// "kernel (× 10⁻³)" where the cells hold numbers in such a unit, else the words alone.
QString withUnit(const QString& words, const GridGeometry& grid, const scene::CellNumbers& numbers);
void paintGrid(QPainter& painter, const GridGeometry& grid, const ValueScale& scale, const scene::CellNumbers& numbers, const Theme& theme,
               const std::function<GridCell(int)>& cellAt);

}  // namespace ui
