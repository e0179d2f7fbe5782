// Loss (on a logarithmic axis, so that the first fall and what follows are both seen) and the first metric of the network's task, such as
// accuracy, or the losses of two parts that learn against each other, of training and validation as curves over the epochs, side by side,
// with a line wherever something was changed. Redrawn only when points came, at most a few times a second, at a cost that does not grow
// with the run. Owned by TrainingPanel; UI thread.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "tasks/Task.h"
#include "train/history/MetricLog.h"
#include "ui/base/Theme.h"
#include "ui/panels/training/Curve.h"

class QCPGraph;
class QCustomPlot;
class QHBoxLayout;
class QLabel;

namespace ui {

class ChangeLines;

class CurvesView : public QWidget {
  Q_OBJECT
 public:
  explicit CurvesView(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setTask(const tasks::Task& task);               // what the plots show
  void setMetrics(const train::MetricLog* metrics);    // not owned; outlives the view or is set to null
  void setMarks(const std::vector<CurveMark>& marks);  // in the order of their epochs
  void setDiverged(bool diverged);                     // said in the place of the last figures
  void pointsAdded();
  void cleared();
  void drawNow();  // without waiting for the next turn
  int redraws() const { return m_redraws; }
  // What stands at this place, in words: the figures of the nearest point; empty outside the plots or without points.
  QString textAt(QPoint position) const;
  static constexpr int kNarrowestPlotPx = 132, kPlotGapPx = 12;
  static constexpr int kBothPx = 2 * kNarrowestPlotPx + kPlotGapPx;  // narrower, the right one alone is shown
  QSize minimumSizeHint() const override { return {168, 90}; }

 protected:
  bool event(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Line {
    QCPGraph* graph = nullptr;
    std::string_view name;  // of its series
    Curve curve;
    std::size_t read = 0;  // of the samples, so many are in the curve
  };
  struct Plot {
    QLabel* heading = nullptr;
    QCustomPlot* plot = nullptr;
    Line training, validation, part;  // the last one: of a part of the validation images, beside the curve of all
    ChangeLines* changes = nullptr;
    tasks::Metric metric;
    bool isLoss = false;  // on a logarithmic axis
    double scale = 1;     // from their values to those of the axis
    std::array<Line*, 3> lines() { return {&training, &validation, &part}; }
  };
  Plot makePlot();
  static void present(Plot& plot, const tasks::Metric& metric, const std::array<std::string_view, 3>& names, bool isLoss);
  static QString textOf(const Plot& plot, double value);
  void style(Plot& plot);
  bool hasRoomForWords(const Plot& plot, const QString& name) const;
  void setHeading(const Plot& plot, const QString& name, bool words);
  QString partWords() const;
  void setHeadings();
  std::span<const train::MetricSample> series(std::string_view name) const;
  void readPoints();
  QString marksAt(const Plot& plot, double x) const;
  double labelShare(const Plot& plot) const;
  void fitLoss(Plot& plot);
  void fitMetric(Plot& plot);
  void fitError(Plot& plot);

  Theme m_theme;
  const train::MetricLog* m_metrics = nullptr;
  std::vector<CurveMark> m_marks;
  QLabel* m_legend;  // which color is which, where the headings have no room to say it
  QHBoxLayout* m_row;
  Plot m_left, m_right;
  QTimer m_soon;
  QElapsedTimer m_sinceDrawn;
  int m_redraws = 0;
  bool m_diverged = false;
};

}  // namespace ui
