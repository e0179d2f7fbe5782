#include "ui/scene/StatusLine.h"

#include <algorithm>

#include <QPainter>

namespace ui {

namespace {
constexpr int kSayMs = 4000;
constexpr int kPaddingPx = 8;
}  // namespace

StatusLine::StatusLine(QWidget* parent) : QLabel(parent) {
  setObjectName("statusLine");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setTextFormat(Qt::PlainText);
  setMargin(4);
  setContentsMargins(kPaddingPx - 4, 0, kPaddingPx - 4, 0);
  m_timer.setSingleShot(true);
  m_timer.setInterval(kSayMs);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    m_passing.clear();
    present();
  });
  hide();
}

void StatusLine::setTheme(const Theme& theme) {
  setFont(theme.small);
  m_ground = theme.surface;
  m_ground.setAlphaF(0.85f);
  m_ink = theme.text;
  present();
}

// By itself: a style sheet that comes with a new theme gives a label its own colours back.
void StatusLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_ground);
  painter.setPen(m_ink);
  painter.drawText(rect().adjusted(kPaddingPx, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
}

void StatusLine::tell(const QString& text) {
  if (text == m_unit) return;
  m_unit = text;
  present();
}

void StatusLine::say(const QString& text) {
  m_passing = text;
  m_timer.start();
  present();
}

void StatusLine::place(const QRect& room) {
  m_room = room;
  present();
}

void StatusLine::present() {
  const QString text = m_passing.isEmpty() ? m_unit : m_passing;
  setVisible(!text.isEmpty() && m_room.width() > 80);
  if (isHidden()) return;
  const int room = m_room.width() - 2 * kPaddingPx;
  setText(fontMetrics().elidedText(text, Qt::ElideRight, room));
  setToolTip(text);
  adjustSize();
  resize(std::min(width(), m_room.width()), height());
  move(m_room.left(), m_room.bottom() + 1 - height());
  raise();
}

}  // namespace ui
