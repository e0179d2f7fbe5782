#include "ui/scene/SceneView.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QOpenGLPaintDevice>
#include <QPainter>
#include <QTouchEvent>
#include <QWheelEvent>

#include "render/Overlay.h"

namespace ui {

SceneView::SceneView(SceneController* controller, QWidget* parent) : QOpenGLWidget(parent), m_controller(controller) {
  QSurfaceFormat wanted;
  wanted.setVersion(3, 3);
  wanted.setProfile(QSurfaceFormat::CoreProfile);
  wanted.setDepthBufferSize(0);
  wanted.setStencilBufferSize(8);  // QPainter clips with it
  wanted.setSamples(0);
  wanted.setOption(QSurfaceFormat::ResetNotification);
  setFormat(wanted);
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_AcceptTouchEvents);
  setMinimumSize(240, 200);
  connect(controller, &SceneController::changed, this, [this] {
    setCursor(m_controller->cursor());
    // After a reset of the driver nothing is painted any more, and nothing says so by itself.
    if (!m_broken && context() && !context()->isValid()) {
      m_broken = true;
      emit failed(tr("the graphics driver has taken its context away"));
      return;
    }
    update();
  });
}

SceneView::~SceneView() {
  // QOpenGLWidget takes the context down after this, and would tell a view whose scene is gone.
  if (context()) disconnect(context(), nullptr, this, nullptr);
  releaseGl();
}

void SceneView::releaseGl() {
  if (!context()) return;
  makeCurrent();
  m_scene.release();
  doneCurrent();
}

// Called again after the context was lost, e.g. when a dock is floated: everything is made anew.
void SceneView::initializeGL() {
  connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &SceneView::releaseGl, Qt::UniqueConnection);
  m_scene.release();
  m_broken = !m_scene.initialize();
  if (m_broken) {
    const QString reason = QString::fromStdString(m_scene.error());
    QMetaObject::invokeMethod(
        this, [this, reason] { emit failed(reason); }, Qt::QueuedConnection);
  }
}

void SceneView::paintGL() {
  if (m_broken) return;
  const bool more = m_controller->advance();
  m_scene.draw(m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->motion(), float(devicePixelRatioF()));
  // Onto the frame itself: a painter on the widget would go astray while the window is grabbed as a picture.
  QOpenGLPaintDevice frame(size() * devicePixelRatio());
  frame.setDevicePixelRatio(devicePixelRatio());
  QPainter painter(&frame);
  render::drawOverlay(painter, m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->overlay());
  painter.end();
  ++m_frames;
  emit framePainted();
  if (more) update();
}

void SceneView::resizeEvent(QResizeEvent* event) {
  m_controller->setViewport(QSizeF(size()));
  QOpenGLWidget::resizeEvent(event);
}

bool SceneView::event(QEvent* event) {
  switch (event->type()) {
    case QEvent::TouchBegin:
      // Accepted only for two fingers: one finger is a mouse.
      if (static_cast<QTouchEvent*>(event)->pointCount() < 2) break;
      event->accept();
      return true;
    case QEvent::TouchUpdate:
      if (m_controller->touch(*static_cast<QTouchEvent*>(event))) return true;
      break;
    default:
      break;
  }
  return QOpenGLWidget::event(event);
}

void SceneView::mousePressEvent(QMouseEvent* event) {
  m_controller->press(*event);
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
  m_controller->move(*event);
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
  m_controller->release(*event);
}

void SceneView::mouseDoubleClickEvent(QMouseEvent* event) {
  m_controller->doubleClick(*event);
}

void SceneView::wheelEvent(QWheelEvent* event) {
  event->setAccepted(m_controller->wheel(*event));
}

void SceneView::keyPressEvent(QKeyEvent* event) {
  if (!m_controller->key(*event)) QOpenGLWidget::keyPressEvent(event);
}

void SceneView::leaveEvent(QEvent*) {
  m_controller->leave();
}

}  // namespace ui
