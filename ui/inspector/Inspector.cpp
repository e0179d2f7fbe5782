#include "ui/inspector/Inspector.h"

#include <algorithm>
#include <cmath>

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace ui {

Inspector::Inspector(QWidget* parent) : QWidget(parent), m_theme(lightTheme()) {
  setMouseTracking(true);
  setMinimumWidth(260);
  setAccessibleName(tr("The pinned unit, worked out"));
}

void Inspector::setTheme(const Theme& theme) {
  m_theme = theme;
  layOut();
}

void Inspector::setExplanation(const scene::Explanation& explanation) {
  if (!m_explanation || m_explanation->unit != explanation.unit) {
    m_chosenPatch = -1;
    setHovered(-1);
  }
  m_explanation = explanation;
  // A map stays worked out while the pen moves, or the numbers would jump from map to map.
  if (m_chosenPatch < 0) m_chosenPatch = strongestPatch(explanation);
  layOut();
}

void Inspector::clear() {
  m_explanation.reset();
  m_chosenPatch = -1;
  setHovered(-1);
  layOut();
}

void Inspector::layOut() {
  m_page = {};
  if (m_explanation) {
    const int last = std::max(0, int(m_explanation->patches.size()) - 1);
    m_page = layOutInspector(*m_explanation, std::clamp(m_chosenPatch, 0, last), width(), m_theme);
  }
  const int height = std::max(120, int(std::ceil(m_page.height)));
  if (height != minimumHeight()) setMinimumHeight(height);
  update();
}

void Inspector::resizeEvent(QResizeEvent* event) {
  if (event->size().width() != event->oldSize().width()) layOut();
}

void Inspector::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (!m_explanation) {
    painter.setFont(m_theme.body);
    painter.setPen(m_theme.muted);
    const QRectF area = QRectF(rect()).adjusted(24, 24, -24, -24);
    painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, tr("Click a unit in the scene\nto see how its value comes about"));
    return;
  }
  for (const InspectorItem& item : m_page.items) {
    if (!item.rect.adjusted(-2, -2, 2, 2).intersects(event->rect())) continue;
    switch (item.kind) {
      case InspectorItem::Kind::Text:
        painter.setFont(item.font);
        painter.setPen(item.term >= 0 && item.term == m_hovered ? m_theme.accent : item.color);
        painter.drawText(item.rect, int(item.align) | Qt::TextWordWrap, item.text);
        break;
      case InspectorItem::Kind::Cell:
        paintCell(painter, item);
        break;
      case InspectorItem::Kind::Bar:
      case InspectorItem::Kind::Rule:
        painter.fillRect(item.rect, item.color);
        break;
      case InspectorItem::Kind::Curve:
        paintCurve(painter, item);
        break;
    }
  }
  // Frames last, so that no neighbour covers them.
  painter.setBrush(Qt::NoBrush);
  for (const InspectorItem& item : m_page.items) {
    if (item.kind != InspectorItem::Kind::Cell || (!item.winner && (item.term < 0 || item.term != m_hovered))) continue;
    painter.setPen(QPen(m_theme.accent, item.winner ? 3 : 2));
    painter.drawRect(item.rect.adjusted(1, 1, -1, -1));
  }
}

void Inspector::paintCell(QPainter& painter, const InspectorItem& item) const {
  const double gap = item.rect.width() >= 8 ? 0.5 : 0;
  painter.fillRect(item.rect.adjusted(gap, gap, -gap, -gap), item.color);
  if (item.text.isEmpty()) {
    if (item.term >= 0 || item.rect.width() < 8) return;
    painter.setPen(QPen(m_theme.line, 1));  // padding: an empty cell
    painter.drawLine(item.rect.bottomLeft(), item.rect.topRight());
    return;
  }
  painter.setFont(item.font);
  painter.setPen(m_theme.readableOn(item.color));
  painter.drawText(item.rect, Qt::AlignCenter, item.text);
}

void Inspector::paintCurve(QPainter& painter, const InspectorItem& item) const {
  const float reach = std::max(3.0f, std::abs(item.x) * 1.25f);
  float low = 0, high = 0;
  constexpr int kSteps = 128;
  for (int i = 0; i <= kSteps; ++i) {
    const float y = nn::activate(item.activation, reach * (2.0f * float(i) / kSteps - 1));
    low = std::min(low, y);
    high = std::max(high, y);
  }
  const float room = std::max(high - low, 1e-3f) * 0.12f;
  low -= room;
  high += room;
  const auto at = [&](float x, float y) {
    return QPointF(item.rect.left() + double((x + reach) / (2 * reach)) * item.rect.width(),
                   item.rect.bottom() - double((y - low) / (high - low)) * item.rect.height());
  };
  painter.fillRect(item.rect, m_theme.raised);
  painter.setPen(QPen(m_theme.line, 1));
  painter.drawLine(at(-reach, 0), at(reach, 0));
  painter.drawLine(at(0, low), at(0, high));
  QPainterPath path(at(-reach, nn::activate(item.activation, -reach)));
  for (int i = 1; i <= kSteps; ++i) {
    const float x = reach * (2.0f * float(i) / kSteps - 1);
    path.lineTo(at(x, nn::activate(item.activation, x)));
  }
  painter.setPen(QPen(m_theme.muted, 2));
  painter.drawPath(path);
  painter.setPen(QPen(m_theme.accent, 1, Qt::DashLine));
  painter.drawLine(at(item.x, 0), at(item.x, item.y));
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.accent);
  painter.drawEllipse(at(item.x, item.y), 5, 5);
  painter.setBrush(Qt::NoBrush);
}

const InspectorItem* Inspector::itemAt(QPointF position) const {
  for (const InspectorItem& item : m_page.items)
    if ((item.term >= 0 || item.patch >= 0) && item.rect.contains(position)) return &item;
  return nullptr;
}

void Inspector::setHovered(int term) {
  if (term == m_hovered) return;
  m_hovered = term;
  if (term < 0 || !m_explanation)
    emit termHovered(std::nullopt);
  else
    emit termHovered(m_explanation->terms[std::size_t(term)].source);
  update();
}

void Inspector::mouseMoveEvent(QMouseEvent* event) {
  const InspectorItem* item = itemAt(event->position());
  setHovered(item ? item->term : -1);
  setCursor(item ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (!item || item->term < 0) return setToolTip({});
  const scene::Term& term = m_explanation->terms[std::size_t(item->term)];
  setToolTip(QString("%1 × %2 = %3").arg(inspectorNumber(term.input), inspectorNumber(term.weight), inspectorNumber(term.product)));
}

void Inspector::mousePressEvent(QMouseEvent* event) {
  const InspectorItem* item = itemAt(event->position());
  if (!item || event->button() != Qt::LeftButton) return;
  if (item->patch >= 0 && item->patch != m_chosenPatch) {
    m_chosenPatch = item->patch;
    layOut();
  } else if (item->term >= 0) {
    emit unitRequested(m_explanation->terms[std::size_t(item->term)].source);
  }
}

void Inspector::leaveEvent(QEvent*) {
  setHovered(-1);
}

void Inspector::contextMenuEvent(QContextMenuEvent* event) {
  if (!m_explanation) return;
  QMenu menu(this);
  menu.addAction(tr("Copy as text"), this, [this] { QGuiApplication::clipboard()->setText(inspectorText(*m_explanation)); });
  menu.exec(event->globalPos());
}

}  // namespace ui
