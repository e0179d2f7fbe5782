// Shows a scene with QPainter, for displays without OpenGL 3.3 and for whoever prefers it flat. A thin widget: the
// picture comes from render/CpuScene.h. Owned by SceneViews; UI thread.
#pragma once

#include "ui/scene/Viewport.h"

namespace ui {

class FlatView : public Viewport<QWidget> {
  Q_OBJECT
 public:
  explicit FlatView(SceneController* controller, QWidget* parent = nullptr);

 signals:
  void framePainted();

 protected:
  virtual void paintScene(QPainter& painter);  // everything but the overlay
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace ui
