#include "ui/scene/FlatView.h"

#include <QPainter>

#include "render/CpuScene.h"

namespace ui {

FlatView::FlatView(SceneController* controller, QWidget* parent) : Viewport(controller, parent) {
  setAttribute(Qt::WA_OpaquePaintEvent);
}

void FlatView::paintEvent(QPaintEvent*) {
  const bool more = advance();
  QPainter painter(this);
  paintScene(painter);
  finishFrame(painter);
  emit framePainted();
  if (more)
    QMetaObject::invokeMethod(
        this, [this] { update(); }, Qt::QueuedConnection);
}

void FlatView::paintScene(QPainter& painter) {
  render::drawWithPainter(painter, controller().state(), controller().camera(), controller().style(), controller().motion());
}

}  // namespace ui
