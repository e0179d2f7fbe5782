#include "ui/scene/SoftwareView.h"

#include <QPainter>

namespace ui {

SoftwareView::SoftwareView(std::unique_ptr<render::OffscreenRenderer> renderer, SceneController* controller, QWidget* parent)
    : FlatView(controller, parent), m_renderer(std::move(renderer)) {}

void SoftwareView::paintScene(QPainter& painter) {
  const float ratio = float(devicePixelRatioF());
  QImage image = m_renderer->render(controller().state(), controller().camera(), controller().style(), controller().motion(), ratio,
                                    render::OffscreenRenderer::Steps::One);
  if (image.isNull()) {
    const QString reason = QString::fromStdString(m_renderer->reason());
    QMetaObject::invokeMethod(
        this, [this, reason] { emit failed(reason); }, Qt::QueuedConnection);
    return;
  }
  image.setDevicePixelRatio(ratio);
  painter.setCompositionMode(QPainter::CompositionMode_Source);
  painter.drawImage(QPointF(0, 0), image);
  painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
  if (!m_renderer->gl().complete())
    QMetaObject::invokeMethod(
        this, [this] { update(); }, Qt::QueuedConnection);
}

}  // namespace ui
