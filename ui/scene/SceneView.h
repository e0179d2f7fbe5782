// Shows a scene with OpenGL. A thin widget: pictures come from render::GlScene. Owned by SceneViews; UI thread.
#pragma once

#include "render/GlScene.h"
#include "ui/scene/Viewport.h"

namespace ui {

class SceneView : public Viewport<QOpenGLWidget> {
  Q_OBJECT
 public:
  explicit SceneView(SceneController* controller, QWidget* parent = nullptr);
  ~SceneView() override;
  QString rendererName() const { return QString::fromStdString(m_scene.rendererName()); }

 signals:
  void framePainted();
  void failed(const QString& reason);  // this view cannot draw; another must

 protected:
  void initializeGL() override;
  void paintGL() override;
  void requestFrame() override;

 private:
  void releaseGl();

  render::GlScene m_scene;
  bool m_broken = false;
};

}  // namespace ui
