#include "ui/scene/SceneView.h"

#include <QOpenGLContext>
#include <QOpenGLPaintDevice>
#include <QPainter>

namespace ui {

SceneView::SceneView(SceneController* controller, QWidget* parent) : Viewport(controller, parent) {
  QSurfaceFormat wanted;
  wanted.setVersion(3, 3);
  wanted.setProfile(QSurfaceFormat::CoreProfile);
  wanted.setDepthBufferSize(0);
  wanted.setStencilBufferSize(8);  // QPainter clips with it
  wanted.setSamples(0);
  wanted.setOption(QSurfaceFormat::ResetNotification);
  setFormat(wanted);
}

void SceneView::requestFrame() {
  // After a reset of the driver nothing is painted any more, and nothing says so by itself.
  if (!m_broken && context() && !context()->isValid()) {
    m_broken = true;
    emit failed(tr("the graphics driver has taken its context away"));
    return;
  }
  update();
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
  const bool more = advance();
  m_scene.draw(controller().state(), controller().camera(), controller().style(), controller().motion(), float(devicePixelRatioF()));
  // Onto the frame itself: a painter on the widget would go astray while the window is grabbed as a picture.
  QOpenGLPaintDevice frame(size() * devicePixelRatio());
  frame.setDevicePixelRatio(devicePixelRatio());
  QPainter painter(&frame);
  finishFrame(painter);
  emit framePainted();
  if (more || !m_scene.complete()) update();
}

}  // namespace ui
