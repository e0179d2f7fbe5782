// The 3D view where OpenGL is computed by the processor: the scene is rendered beside the window and painted into it as an
// image. A QOpenGLWidget would have the processor put the whole window together as textures for every picture, which costs as
// much again as a scene does. Owned by SceneViews; UI thread.
#pragma once

#include <memory>

#include "render/OffscreenRenderer.h"
#include "ui/scene/FlatView.h"

namespace ui {

class SoftwareView : public FlatView {
  Q_OBJECT
 public:
  SoftwareView(std::unique_ptr<render::OffscreenRenderer> renderer, SceneController* controller, QWidget* parent = nullptr);
  QString rendererName() const { return QString::fromStdString(m_renderer->gl().rendererName()); }

 signals:
  void failed(const QString& reason);  // this view cannot draw; another must

 protected:
  void paintScene(QPainter& painter) override;

 private:
  std::unique_ptr<render::OffscreenRenderer> m_renderer;
};

}  // namespace ui
