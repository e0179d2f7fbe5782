#include "ui/scene/StatusLine.h"

#include <algorithm>
#include <utility>

#include <QAccessible>
#include <QPainter>

#include "scene/text/UnitText.h"
#include "ui/base/Timers.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/SceneController.h"

namespace ui {

namespace {
constexpr int kSayMs = 4000, kCharacterMs = 60;  // as long as it takes to be read
constexpr int kPaddingPx = 8;
constexpr int kMostLines = 3;
constexpr int kLeastPx = 80;  // narrower rooms hold no words
constexpr int kFollowMs = 150;

// What the cells say that counts, where they show that.
QString explainedText(const scene::SceneState& state) {
  const auto& field = state.shown().field();
  if (!field || field->quantity != scene::CellQuantity::Relevance || state.resting() || state.tracing()) return {};
  const QStringList method = QString::fromStdString(field->subject).split(u'\n');
  return StatusLine::tr("What counts for %1; by %2").arg(method.value(1), method.value(0));  // the latter only where there is room
}

// The unit in hand, or what is played, in words: the name of the scene's view, whose new value screen readers are told.
void announce(QWidget& view, const QString& words) {
  if (words == view.accessibleName()) return;
  view.setAccessibleName(words);
  QAccessibleValueChangeEvent event(&view, words);
  QAccessible::updateAccessibility(&event);
}

}  // namespace

QString pinnedInWords(const scene::SceneState& state) {
  return state.empty() || !state.selection().pinned() ? QString() : QString::fromStdString(scene::tell(state, *state.selection().pinned()));
}

StatusLine::StatusLine(SceneController& controller, AnimationPlayer& player, QWidget* host)
    : QLabel(host), m_controller(controller), m_player(player) {
  setObjectName("statusLine");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setTextFormat(Qt::PlainText);
  setMargin(4);
  setContentsMargins(kPaddingPx - 4, 0, kPaddingPx - 4, 0);
  runOnce(m_timer, 0, this, [this] {
    m_passing.clear();
    present();
  });
  runOnce(m_following, kFollowMs, this, &StatusLine::follow);
  connect(&m_controller, &SceneController::changed, this, [this] {
    if (!m_following.isActive()) m_following.start();
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

// Also as the view's name for screen readers, which read it out when it changes. While an animation is open, its caption stands over the
// picture; while it plays, nothing is read out anew.
void StatusLine::follow() {
  const scene::SceneState& state = m_controller.state();
  const QString unit = pinnedInWords(state), caption = QString::fromStdString(state.caption());
  const QString told = !caption.isEmpty() ? QString() : unit.isEmpty() ? explainedText(state) : unit;
  const QString standing = caption.isEmpty() ? m_insisted : QString();
  const bool tells = std::exchange(m_unit, told) != told, insists = std::exchange(m_standing, standing) != standing;
  if (insists && !standing.isEmpty()) m_passing.clear();  // it is newer
  if (tells || insists) present();
  if (m_player.playing()) return;
  announce(*parentWidget()->focusProxy(), !caption.isEmpty() ? caption : unit.isEmpty() ? tr("The network") : unit);
}

void StatusLine::insist(const QString& text) {
  m_insisted = text;
  follow();
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
