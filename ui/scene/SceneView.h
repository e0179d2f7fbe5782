// Shows a scene with OpenGL. Repaints only when the controller says that something changed or is still moving. A thin widget:
// events go to the controller, pictures come from render::GlScene. Owned by SceneHost; UI thread.
#pragma once

#include <QOpenGLWidget>

#include "render/GlScene.h"
#include "ui/scene/SceneController.h"

namespace ui {

class SceneView : public QOpenGLWidget {
  Q_OBJECT
 public:
  explicit SceneView(SceneController* controller, QWidget* parent = nullptr);
  ~SceneView() override;
  quint64 frameCount() const { return m_frames; }
  QString rendererName() const { return QString::fromStdString(m_scene.rendererName()); }
  bool softwareRenderer() const { return m_scene.softwareRenderer(); }

 signals:
  void framePainted();
  void failed(const QString& reason);  // this view cannot draw; another must

 protected:
  void initializeGL() override;
  void paintGL() override;
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
  void releaseGl();

  SceneController* m_controller;
  render::GlScene m_scene;
  quint64 m_frames = 0;
  bool m_broken = false;
};

}  // namespace ui
