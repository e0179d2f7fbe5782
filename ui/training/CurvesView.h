// Loss and accuracy of training and validation as curves, side by side. Redrawn only when points came, at most a few times
// a second. Owned by TrainingPanel; UI thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "train/Snapshot.h"
#include "ui/Theme.h"

class QCPGraph;
class QCustomPlot;
class QLabel;

namespace ui {

class CurvesView : public QWidget {
  Q_OBJECT
 public:
  explicit CurvesView(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setPoints(const std::vector<train::MetricPoint>* points);  // not owned; outlives the view or is set to null
  void pointsAdded();
  void cleared();
  void drawNow();  // without waiting for the next turn
  int redraws() const { return m_redraws; }
  QSize minimumSizeHint() const override { return {168, 90}; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Plot {
    QLabel* heading = nullptr;
    QCustomPlot* plot = nullptr;
    QCPGraph* training = nullptr;
    QCPGraph* validation = nullptr;
  };
  Plot makePlot();
  void style(Plot& plot);
  void setHeading(const Plot& plot, const QString& name, const QString& training, const QString& validation);
  void fitAxes(bool any);

  Theme m_theme;
  const std::vector<train::MetricPoint>* m_points = nullptr;
  Plot m_loss, m_accuracy;
  QTimer m_soon;
  QElapsedTimer m_sinceDrawn;
  int m_redraws = 0;
};

}  // namespace ui
