#include "ui/scene/FlatView.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTouchEvent>
#include <QWheelEvent>

#include "render/CpuScene.h"
#include "render/Overlay.h"

namespace ui {

FlatView::FlatView(SceneController* controller, QWidget* parent) : QWidget(parent), m_controller(controller) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_AcceptTouchEvents);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMinimumSize(240, 200);
  connect(controller, &SceneController::changed, this, [this] {
    setCursor(m_controller->cursor());
    update();
  });
}

void FlatView::paintEvent(QPaintEvent*) {
  const bool more = m_controller->advance();
  QPainter painter(this);
  paintScene(painter);
  render::drawOverlay(painter, m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->overlay());
  painter.end();
  ++m_frames;
  emit framePainted();
  if (more)
    QMetaObject::invokeMethod(
        this, [this] { update(); }, Qt::QueuedConnection);
}

void FlatView::paintScene(QPainter& painter) {
  render::drawWithPainter(painter, m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->motion());
}

void FlatView::resizeEvent(QResizeEvent* event) {
  m_controller->setViewport(QSizeF(size()));
  QWidget::resizeEvent(event);
}

bool FlatView::event(QEvent* event) {
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
  return QWidget::event(event);
}

void FlatView::mousePressEvent(QMouseEvent* event) {
  m_controller->press(*event);
}

void FlatView::mouseMoveEvent(QMouseEvent* event) {
  m_controller->move(*event);
}

void FlatView::mouseReleaseEvent(QMouseEvent* event) {
  m_controller->release(*event);
}

void FlatView::mouseDoubleClickEvent(QMouseEvent* event) {
  m_controller->doubleClick(*event);
}

void FlatView::wheelEvent(QWheelEvent* event) {
  event->setAccepted(m_controller->wheel(*event));
}

void FlatView::keyPressEvent(QKeyEvent* event) {
  if (!m_controller->key(*event)) QWidget::keyPressEvent(event);
}

void FlatView::leaveEvent(QEvent*) {
  m_controller->leave();
}

}  // namespace ui
