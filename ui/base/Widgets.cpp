#include "ui/base/Widgets.h"

#include <QAction>
#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {
namespace {

template <typename Box>
Box* boxOf(QWidget* parent, const QMargins& margins, int spacing, LayoutParts parts) {
  auto* box = new Box(parent);
  box->setContentsMargins(margins);
  box->setSpacing(spacing);
  addTo(*box, parts);
  return box;
}

}  // namespace

void addTo(QBoxLayout& box, LayoutParts parts) {
  for (const LayoutPart& part : parts) {
    if (part.widget)
      box.addWidget(part.widget, part.stretch, part.alignment);
    else if (part.layout)
      box.addLayout(part.layout, part.stretch);
    else
      part.stretch < 0 ? box.addSpacing(-part.stretch) : box.addStretch(part.stretch);
  }
}

QHBoxLayout* rowOf(QWidget* parent, const QMargins& margins, int spacing, LayoutParts parts) {
  return boxOf<QHBoxLayout>(parent, margins, spacing, parts);
}

QVBoxLayout* columnOf(QWidget* parent, const QMargins& margins, int spacing, LayoutParts parts) {
  return boxOf<QVBoxLayout>(parent, margins, spacing, parts);
}

QHBoxLayout* rowOf(LayoutParts parts, int spacing) {
  return boxOf<QHBoxLayout>(nullptr, {}, spacing, parts);
}

QToolButton* flatButton(QWidget* parent, const QString& tip) {
  auto* button = new QToolButton(parent);
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setAutoRaise(true);
  return button;
}

QToolButton* flatButton(QWidget* parent, QAction* action, Qt::FocusPolicy focus) {
  auto* button = new QToolButton(parent);
  button->setDefaultAction(action);
  button->setAutoRaise(true);
  button->setFocusPolicy(focus);
  return button;
}

void colorWords(QWidget& widget, const QColor& color) {
  QPalette palette = widget.palette();
  palette.setColor(QPalette::WindowText, color);
  widget.setPalette(palette);
}

void drawWords(QPainter& painter, const QRectF& where, int flags, const QString& words, const QFont& font, const QColor& color) {
  painter.setFont(font);
  painter.setPen(color);
  painter.drawText(where, flags, words);
}

void drawElided(QPainter& painter, const QRectF& where, int flags, const QString& words, const QFont& font, const QColor& color) {
  drawWords(painter, where, flags, QFontMetricsF(font).elidedText(words, Qt::ElideRight, where.width()), font, color);
}

}  // namespace ui
