// Loss (on a logarithmic axis, so that the first fall and what follows are both seen) and the first metric of the network's task, such as
// accuracy, or the losses of two parts that learn against each other, of training and validation as curves over epochs, steps or time, side
// by side, with a line wherever something was changed, and earlier runs behind. The wheel and the mouse show a part of the run more
// closely; a menu has the rest. Redrawn only when points came, at most a few times a second, at a cost that does not grow with the run.
// Owned by TrainingPanel; UI thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "tasks/Task.h"
#include "train/history/MetricLog.h"
#include "ui/base/Theme.h"
#include "ui/model/EarlierRuns.h"
#include "ui/panels/training/Curve.h"
#include "ui/panels/training/CurveOptions.h"
#include "ui/panels/training/CurvePlot.h"

class QHBoxLayout;
class QLabel;

namespace ui {

class CurvesView : public QWidget {
  Q_OBJECT
 public:
  explicit CurvesView(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setTask(const tasks::Task& task);                   // what the plots show
  void setMetrics(const train::MetricLog* metrics);        // not owned; outlives the view or is set to null
  void setEarlier(EarlierRuns* runs);                      // not owned
  void setMarks(const std::vector<CurveMark>& marks);      // in the order of their epochs
  void setMoment(const std::optional<CurveMark>& moment);  // that is looked back at
  void setDiverged(bool diverged);                         // said in the place of the last figures
  void setOptions(const CurveOptions& options);
  const CurveOptions& options() const { return m_options; }
  void pointsAdded();
  void cleared();
  void drawNow();  // without waiting for the next turn
  int redraws() const { return m_redraws; }
  // What stands at this place, in words: the figures of the nearest point; empty outside the plots or without points.
  QString textAt(QPoint position) const;
  // A part of the axis, in its units, or all of the run.
  void zoomTo(const CurvePlot::Range& range);
  void copyTo(CurvesView& other) const;  // all that it shows
  std::vector<const CurvePlot*> plots() const { return {&m_left, &m_right}; }
  static constexpr int kNarrowestPlotPx = 132, kPlotGapPx = 12;
  static constexpr int kBothPx = 2 * kNarrowestPlotPx + kPlotGapPx;  // narrower, the right one alone is shown
  QSize minimumSizeHint() const override { return {168, 90}; }

 protected:
  bool event(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  const CurvePlot* plotAt(QPoint position) const;
  double end() const;  // of the axis
  bool hasRoomForWords(const CurvePlot& plot, const QString& name) const;
  void setHeading(const CurvePlot& plot, const QString& name, bool words);
  QString partWords() const;
  std::vector<EarlierRun> comparable() const;  // earlier runs
  QString earlierWords() const;
  void setHeadings();
  std::span<const train::MetricSample> series(std::string_view name) const;
  std::vector<QColor> colorsOfRuns() const;
  void placeMarks();
  void useEarlier();
  QString marksAt(const CurvePlot& plot, double x) const;

  Theme m_theme;
  const train::MetricLog* m_metrics = nullptr;
  EarlierRuns* m_earlier = nullptr;
  CurveOptions m_options;
  struct {
    CurvePlot::Range range;      // that is shown; nothing: all
    std::optional<double> held;  // the place that the mouse moves along
  } m_zoom;
  struct {
    std::vector<CurveMark> changes;
    std::optional<CurveMark> moment;
  } m_marks;
  QLabel* m_legend;  // which color is which, where the headings have no room to say it
  QHBoxLayout* m_row;
  CurvePlot m_left, m_right;
  QTimer m_soon;
  QElapsedTimer m_sinceDrawn;
  int m_redraws = 0;
  bool m_diverged = false;
};

}  // namespace ui
