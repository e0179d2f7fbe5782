#include "ui/scene/Viewport.h"

#include <QEvent>
#include <QPainter>

#include "render/Overlay.h"

namespace ui {

template <typename Widget>
Viewport<Widget>::Viewport(SceneController* controller, QWidget* parent) : Widget(parent), m_controller(controller) {
  Widget::setMouseTracking(true);
  Widget::setFocusPolicy(Qt::StrongFocus);
  Widget::setAttribute(Qt::WA_AcceptTouchEvents);
  QObject::connect(controller, &SceneController::changed, this, [this] {
    Widget::setCursor(m_controller->cursor());
    requestFrame();
  });
}

template <typename Widget>
void Viewport<Widget>::finishFrame(QPainter& painter) {
  render::drawOverlay(painter, m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->overlay());
  painter.end();
  ++m_frames;
}

template <typename Widget>
void Viewport<Widget>::resizeEvent(QResizeEvent* event) {
  m_controller->cameraController().setViewport(QSizeF(Widget::size()));
  Widget::resizeEvent(event);
}

template <typename Widget>
bool Viewport<Widget>::event(QEvent* event) {
  if (!m_controller->handle(*event)) return Widget::event(event);
  event->accept();
  return true;
}

template class Viewport<QWidget>;
template class Viewport<QOpenGLWidget>;

}  // namespace ui
