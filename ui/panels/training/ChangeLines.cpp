#include "ui/panels/training/ChangeLines.h"

#include <algorithm>

#include <QFontMetricsF>

namespace ui {

namespace {
constexpr double kBesidePx = 4;  // of a label, to its line and to the edge
constexpr double kApartPx = 5;   // lines that stand closer are one, with the label of the last
}  // namespace

ChangeLines::ChangeLines(QCustomPlot* plot, Labels labels) : QCPAbstractItem(plot), m_labels(labels) {
  setClipToAxisRect(true);
}

std::vector<CurveMark> ChangeLines::merged(std::vector<double>& lines) const {
  const QCPAxis* axis = mParentPlot->xAxis;
  std::vector<CurveMark> result;
  for (const CurveMark& mark : m_marks) {
    const double at = axis->coordToPixel(mark.epoch);
    if (!lines.empty() && at - lines.back() < kApartPx) {
      result.back().label = mark.label;
      continue;
    }
    result.push_back(mark);
    lines.push_back(at);
  }
  return result;
}

void ChangeLines::draw(QCPPainter* painter) {
  const QRectF area = mParentPlot->axisRect()->rect();
  std::vector<double> lines, widths;
  const std::vector<CurveMark> marks = merged(lines);
  if (marks.empty()) return;
  painter->setFont(m_theme.small);
  const QFontMetricsF metrics(m_theme.small);
  // Words that are longer than the room on the better side of their line are cut there; the tip of the curves tells them whole.
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const double room = std::max(area.right() - lines[i], lines[i] - area.left()) - 2 * kBesidePx;
    widths.push_back(std::min(metrics.horizontalAdvance(marks[i].label) + 4, room));
  }
  painter->setPen(QPen(m_theme.muted, 1, Qt::DashLine));
  for (const double line : lines) painter->drawLine(QLineF(line, area.top(), line, area.bottom()));
  const int rows = int(area.height() / 2 / metrics.height());  // the other half is the curves'
  const std::vector<LabelPlace> places = placeLabels(lines, widths, area.left(), area.right(), rows);
  QColor ground = m_theme.surface;
  ground.setAlphaF(0.85f);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (places[i].row < 0) continue;
    const double down = places[i].row * metrics.height() + 2;
    const double top = m_labels == Labels::AtTop ? area.top() + down : area.bottom() - down - metrics.height();
    const QRectF label(places[i].left, top, widths[i], metrics.height());
    painter->fillRect(label, ground);
    painter->setPen(m_theme.text);
    painter->drawText(label, Qt::AlignCenter, metrics.elidedText(marks[i].label, Qt::ElideRight, widths[i] - 3));
  }
}

}  // namespace ui
