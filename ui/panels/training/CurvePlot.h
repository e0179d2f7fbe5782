// One plot of the curves: one figure of a run (its loss, its accuracy) over epochs, steps or time, of training and validation, with what it
// was in earlier runs behind it. Owned by CurvesView, in whose rows its heading and its plot stand; UI thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <QColor>
#include <QString>

#include "tasks/Task.h"
#include "train/history/MetricLog.h"
#include "train/history/Smoothing.h"
#include "ui/base/Theme.h"
#include "ui/model/EarlierRuns.h"
#include "ui/panels/training/Curve.h"
#include "ui/panels/training/CurveOptions.h"

class QCPGraph;
class QCPItemStraightLine;
class QCustomPlot;
class QLabel;
class QWidget;

namespace ui {

class ChangeLines;

class CurvePlot {
 public:
  CurvePlot(QWidget* parent, bool labelsAtTop);  // of the changes

  struct Line {
    QCPGraph *graph = nullptr, *raw = nullptr;  // as it is drawn, and without smoothing behind it; null: of earlier runs
    std::string_view name;                      // of its series
    Curve curve = Curve(), unsmoothed = Curve();
    train::Smoother smoother = train::Smoother();
    std::size_t read = 0;  // of the samples, so many are in the curve
  };
  QLabel* heading() const { return m_heading; }
  QCustomPlot* plot() const { return m_plot; }
  const tasks::Metric& metric() const { return m_metric; }
  bool isLoss() const { return m_isLoss; }
  const Line& training() const { return m_training; }
  const Line& validation() const { return m_validation; }
  const Line& part() const { return m_part; }

  // Which figure, and the series of training, validation, and of a part of the validation images, beside the curve of all.
  void present(const tasks::Metric& metric, const std::array<std::string_view, 3>& names, bool isLoss);
  void setOptions(const CurveOptions& options);  // then all is read anew
  void setMarks(const std::vector<CurveMark>& marks);
  void setMoment(std::optional<double> place);
  void clear();
  using Range = std::optional<std::pair<double, double>>;  // of the axis; nothing: all of it
  void read(const train::MetricLog& metrics, const Range& range);
  void setEarlier(const std::vector<EarlierRun>& runs, const std::vector<QColor>& colors);
  // What has been read, with axes that fit it.
  void draw(const Theme& theme, const Range& range, double end, bool hasMarks);
  QString textOf(double value) const;        // "0.012", "99.1 %"
  QString figureOf(const Line& line) const;  // the last one
  double scale() const { return m_scale; }   // from its values to those of the axis

 private:
  std::array<Line*, 3> lines() { return {&m_training, &m_validation, &m_part}; }
  void style(const Theme& theme);
  void fitLoss(const Theme& theme, double labelShare);
  void fitShare(double labelShare);
  void fitFromZero(double labelShare);
  bool leaveOutliersOut(double labelShare);
  // Calls function(point) for what is drawn of this run.
  template <typename Function>
  void forEachPoint(Function function);
  double firstOfLongRun() const;

  QLabel* m_heading;
  QCustomPlot* m_plot;
  Line m_training, m_validation, m_part;
  std::vector<std::pair<QCPGraph*, QCPGraph*>> m_earlier;  // training and validation
  ChangeLines* m_changes;
  QCPItemStraightLine* m_moment;
  tasks::Metric m_metric;
  bool m_isLoss = false;
  double m_scale = 1;
  CurveOptions m_options;
  double m_longFrom = 0;  // where the beginning of a long run ends, which may leave the picture
};

}  // namespace ui
