// Shows a scene with QPainter, for displays without OpenGL 3.3 and for whoever prefers it flat. Repaints only when the controller says that
// something changed or is still moving. A thin widget: events go to the controller, the picture comes from render/CpuScene.h. Owned by
// SceneHost; UI thread.
#pragma once

#include <QWidget>

#include "ui/scene/SceneController.h"

namespace ui {

class FlatView : public QWidget {
  Q_OBJECT
 public:
  explicit FlatView(SceneController* controller, QWidget* parent = nullptr);
  quint64 frameCount() const { return m_frames; }

 signals:
  void framePainted();

 protected:
  virtual void paintScene(QPainter& painter);  // everything but the overlay
  const SceneController& controller() const { return *m_controller; }
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  SceneController* m_controller;
  quint64 m_frames = 0;
};

}  // namespace ui
