// Thin vertical lines in a plot where something was changed, with short labels that cover neither each other nor the axes. Owned by its
// plot; UI thread.
#pragma once

#include <vector>

#include <qcustomplot.h>

#include "ui/base/Theme.h"
#include "ui/panels/training/Curve.h"

namespace ui {

class ChangeLines : public QCPAbstractItem {
 public:
  enum class Labels { AtTop, AtBottom };  // where the curves leave room
  ChangeLines(QCustomPlot* plot, Labels labels);
  void setTheme(const Theme& theme) { m_theme = theme; }
  void setMarks(const std::vector<CurveMark>& marks) { m_marks = marks; }
  double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

 protected:
  void draw(QCPPainter* painter) override;

 private:
  std::vector<CurveMark> merged(std::vector<double>& lines) const;

  Labels m_labels;
  Theme m_theme;
  std::vector<CurveMark> m_marks;
};

}  // namespace ui
