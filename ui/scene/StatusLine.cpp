#include "ui/scene/StatusLine.h"

#include <algorithm>

#include <QPainter>

namespace ui {

namespace {
constexpr int kSayMs = 4000;
constexpr int kPaddingPx = 8;
constexpr int kLeastPx = 80;  // narrower rooms hold no words
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

// By itself: a style sheet that comes with a new theme gives a label its own colors back.
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

void StatusLine::place(const QRect& room, const QRect& wide) {
  m_room = room;
  m_wide = wide;
  present();
}

void StatusLine::present() {
  const bool passing = !m_passing.isEmpty();
  QString text = passing ? m_passing : m_unit;
  const auto fits = [&](const QRect& room) { return fontMetrics().horizontalAdvance(text) <= room.width() - 2 * kPaddingPx; };
  const QRect& room = passing && !fits(m_room) ? m_wide : m_room;
  while (!passing && !fits(room) && text.contains(QLatin1String("; "))) text.truncate(text.lastIndexOf(QLatin1String("; ")));
  setVisible(!text.isEmpty() && room.width() > kLeastPx && (passing || fits(room)));
  if (isHidden()) return;
  setText(fontMetrics().elidedText(text, Qt::ElideRight, room.width() - 2 * kPaddingPx));
  setToolTip(text);
  adjustSize();
  resize(std::min(width(), room.width()), height());
  move(room.left(), room.bottom() + 1 - height());
  raise();
}

}  // namespace ui
