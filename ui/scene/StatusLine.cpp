#include "ui/scene/StatusLine.h"

#include <algorithm>

#include <QPainter>

namespace ui {

namespace {
constexpr int kSayMs = 4000, kCharacterMs = 60;  // as long as it takes to be read
constexpr int kPaddingPx = 8;
constexpr int kMostLines = 3;
constexpr int kLeastPx = 80;  // narrower rooms hold no words
}  // namespace

StatusLine::StatusLine(QWidget* parent) : QLabel(parent) {
  setObjectName("statusLine");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setTextFormat(Qt::PlainText);
  setMargin(4);
  setContentsMargins(kPaddingPx - 4, 0, kPaddingPx - 4, 0);
  m_timer.setSingleShot(true);
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
  painter.drawText(rect().adjusted(kPaddingPx, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());  // its lines are broken already
}

void StatusLine::tell(const QString& text) {
  if (text == m_unit) return;
  m_unit = text;
  present();
}

void StatusLine::insist(const QString& text) {
  if (text == m_standing) return;
  m_standing = text;
  if (!text.isEmpty()) m_passing.clear();  // it is newer
  present();
}

void StatusLine::say(const QString& text) {
  m_passing = text;
  m_timer.start(std::max(kSayMs, kCharacterMs * int(text.size())));
  present();
}

void StatusLine::place(const QRect& room, const QRect& wide) {
  m_room = room;
  m_wide = wide;
  present();
}

// At blanks into as many lines as it needs, or there may be; the last takes what is left, with dots where that is too much.
QString StatusLine::broken(const QString& text, int width) const {
  const QFontMetrics metrics = fontMetrics();
  QStringList lines{QString()};
  for (const QString& word : text.split(u' ')) {
    const QString longer = lines.back().isEmpty() ? word : lines.back() + u' ' + word;
    if (lines.size() == kMostLines || lines.back().isEmpty() || metrics.horizontalAdvance(longer) <= width)
      lines.back() = longer;
    else
      lines << word;
  }
  for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideRight, width);
  return lines.join(u'\n');
}

bool StatusLine::needsRoom() const {
  return !m_standing.isEmpty() || text().contains(u'\n');
}

void StatusLine::present() {
  const bool whole = !m_passing.isEmpty() || !m_standing.isEmpty();
  QString text = !m_passing.isEmpty() ? m_passing : whole ? m_standing : m_unit;
  const auto fits = [&](const QRect& room) { return fontMetrics().horizontalAdvance(text) <= room.width() - 2 * kPaddingPx; };
  const QRect& room = whole && !fits(m_room) ? m_wide : m_room;
  while (!whole && !fits(room) && text.contains(QLatin1String("; "))) text.truncate(text.lastIndexOf(QLatin1String("; ")));
  setVisible(!text.isEmpty() && room.width() > kLeastPx && (whole || fits(room)));
  if (isHidden()) {
    emit placed();
    return;
  }
  setText(broken(text, room.width() - 2 * kPaddingPx));
  setToolTip(text);
  adjustSize();
  resize(std::min(width(), room.width()), height());
  move(room.left(), room.bottom() + 1 - height());
  raise();
  emit placed();
}

}  // namespace ui
