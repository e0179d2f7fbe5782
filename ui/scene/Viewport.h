// What every view of a scene does, whatever paints it: it repaints when the controller says that something changed, hands mouse, touch,
// wheel and keys to it, tells it the size, and puts the overlay over the picture. The views, owned by SceneViews, are such a viewport
// on QWidget or QOpenGLWidget. UI thread.
#pragma once

#include <QOpenGLWidget>
#include <QWidget>

#include "ui/scene/SceneController.h"

namespace ui {

template <typename Widget>
class Viewport : public Widget {
 public:
  Viewport(SceneController* controller, QWidget* parent);
  quint64 frameCount() const { return m_frames; }

 protected:
  const SceneController& controller() const { return *m_controller; }
  virtual void requestFrame() { Widget::update(); }   // something changed
  bool advance() { return m_controller->advance(); }  // before a frame; true: another must follow
  void finishFrame(QPainter& painter);                // the overlay, and it counts
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  SceneController* m_controller;
  quint64 m_frames = 0;
};

extern template class Viewport<QWidget>;
extern template class Viewport<QOpenGLWidget>;

}  // namespace ui
