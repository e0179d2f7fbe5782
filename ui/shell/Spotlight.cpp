#include "ui/shell/Spotlight.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

namespace ui {

namespace {
constexpr int kFrameMarginPx = 6, kRadiusPx = 8;
constexpr double kLinePx = 3;
constexpr int kVeil = 96;  // of 255: how far the rest steps back
}  // namespace

Spotlight::Spotlight(QWidget& window) : QWidget(&window) {
  setObjectName("spotlight");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  window.installEventFilter(this);
  hide();
}

void Spotlight::shine(const Place& place) {
  m_place = place;
  follow();
}

void Spotlight::leaveBright(QWidget* part) {
  m_bright = part;
  update();
}

void Spotlight::follow() {
  const QRect window(QPoint(), parentWidget()->size());
  const QRect rect = m_place ? m_place() : QRect();
  const QRect framed = rect.isEmpty() ? QRect() : rect.adjusted(-kFrameMarginPx, -kFrameMarginPx, kFrameMarginPx, kFrameMarginPx) & window;
  if (geometry() != window) setGeometry(window);
  if (framed == m_rect && isVisible() == !framed.isEmpty()) return;
  m_rect = framed;
  setVisible(!m_rect.isEmpty());
  if (isVisible()) raise();
  update();
}

void Spotlight::setColor(const QColor& accent) {
  m_accent = accent;
  update();
}

void Spotlight::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath veil, hole;
  veil.addRect(rect());
  hole.addRoundedRect(m_rect, kRadiusPx, kRadiusPx);
  for (const QWidget* part : {m_spared, m_bright}) {
    if (!part || !part->isVisible()) continue;
    QPainterPath spared;
    spared.addRect(QRect(part->mapTo(parentWidget(), QPoint()), part->size()));
    veil = veil.subtracted(spared);
  }
  painter.fillPath(veil.subtracted(hole), QColor(0, 0, 0, kVeil));
  painter.setPen(QPen(m_accent, kLinePx));
  painter.drawPath(hole);
}

bool Spotlight::eventFilter(QObject* object, QEvent* event) {
  if ((event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) && m_place) follow();
  return QWidget::eventFilter(object, event);
}

}  // namespace ui
