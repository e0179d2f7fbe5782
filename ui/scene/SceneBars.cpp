#include "ui/scene/SceneBars.h"

#include <algorithm>
#include <vector>

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>

#include "render/Overlay.h"
#include "ui/base/Widgets.h"
#include "ui/scene/AnimationBar.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionBar.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"

namespace ui {
namespace {

constexpr int kEdgePx = 10;
constexpr int kBarsApartPx = 8;  // between bars beside each other
constexpr int kBarGapPx = 4;     // between the two rows of buttons
constexpr int kStatusPx = 300;   // a line of words needs that much
constexpr int kRoomyPx = 700;    // height of a view that has room for a second row
constexpr int kLowPx = 360;      // of one that has room for the animation's bar alone
constexpr int kWidestPx = 860;   // of the animation's bar

}  // namespace

SceneBars::SceneBars(const Parts& parts, const QList<QAction*>& views, QWidget& host)
    : QObject(&host),
      m_host(host),
      m_controller(parts.controller),
      m_player(parts.player),
      m_options(parts.options),
      m_buttons(named("sceneButtons", new QWidget(&host))),
      m_connectionBar(new ConnectionBar(&parts.controller, &parts.connectionOptions, &parts.player, &host)),
      m_animationBar(new AnimationBar(parts.player, parts.controller, &host)),
      m_status(new StatusLine(parts.controller, parts.player, &host)) {
  makeButtons(views);
  connect(m_connectionBar, &ConnectionBar::placeNeeded, this, &SceneBars::place);
  connect(&m_player, &AnimationPlayer::changed, this, &SceneBars::showPlayer);
  connect(m_status, &StatusLine::placed, this, [this] { makeRoomForWords(true); });
}

void SceneBars::makeButtons(const QList<QAction*>& views) {
  m_buttons->setAttribute(Qt::WA_StyledBackground);  // cells that the eye is near lie below the buttons
  QHBoxLayout* row = rowOf(m_buttons, {}, 2);
  for (QAction* view : views) row->addWidget(flatButton(m_buttons, view, Qt::NoFocus));
  QStringList played;
  for (const AnimationPlayer::Actions& one : m_player.commands())
    played << QStringLiteral("%1 (%2)").arg(QString::fromUtf8(one.type->name).toLower(), one.open->shortcut().toString());
  QToolButton* play = addMenuButton(m_buttons, "playersButton", tr("Explains by playing: %1").arg(played.join(QStringLiteral(", "))));
  play->setText(tr("Play ▾"));
  play->menu()->setToolTipsVisible(true);
  play->menu()->addActions(m_player.openingActions());
  row->addWidget(play);
  m_colors = addMenuButton(&m_host, "colorsButton", {});
  m_options.addColors(m_colors->menu());
}

QToolButton* SceneBars::addMenuButton(QWidget* parent, const char* name, const QString& tip) {
  auto* button = new QToolButton(parent);
  button->setObjectName(name);
  button->setToolTip(tip);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::NoFocus);
  button->setPopupMode(QToolButton::InstantPopup);
  button->setMenu(new QMenu(button));
  return button;
}

void SceneBars::setTheme(const Theme& theme) {
  m_status->setTheme(theme);
  m_connectionBar->setTheme(theme);
  m_animationBar->setTheme(theme);
}

int SceneBars::keyWidth() const {
  return int(render::keyWidth(m_controller.style(), QSizeF(m_host.size())));
}

// Opened, closed, or at another step.
void SceneBars::showPlayer() {
  const bool came = m_animationBar->isHidden() == m_player.isOpen();
  m_animationBar->setVisible(m_player.isOpen());
  if (m_player.isOpen()) m_connectionBar->hide();
  if (came || m_player.type() != m_playedBefore) place();
  m_playedBefore = m_player.type();
}

// To the right of what stands in the row of buttons where there is room for a line, else above that.
void SceneBars::placeStatus() {
  const QSignalBlocker quiet(m_status);  // room is made once all is placed
  const QWidget* bar = m_player.isOpen() ? static_cast<QWidget*>(m_animationBar) : m_connectionBar;
  const bool barBeside = !bar->isHidden() && bar->geometry().bottom() > m_buttons->y();
  const int left = (barBeside ? bar : m_buttons)->geometry().right() + kEdgePx, room = m_colors->x() - kEdgePx - left;
  const bool above = barBeside && room < kStatusPx;
  const int top = bar->isHidden() ? m_buttons->y() : std::min(bar->y(), m_buttons->y());
  const int across = m_host.width() - keyWidth() - 2 * kEdgePx;  // beside the key of the colors
  const QRect wide(kEdgePx, top - m_buttons->height(), across, m_buttons->height());
  if (!above) return m_status->place({left, m_buttons->y(), room, m_buttons->height()}, wide);
  // A second row takes room from the picture: only where there is plenty.
  const int rowWidth = m_host.height() < kRoomyPx || m_player.isOpen() ? 0 : across;
  m_status->place({kEdgePx, m_buttons->y() - m_buttons->height(), rowWidth, m_buttons->height()}, wide);
}

// Beside the buttons where it is whole there, else above them; in a low view in their place.
void SceneBars::placeAnimationBar() {
  const int besideX = m_buttons->geometry().right() + kBarsApartPx, width = m_host.width(), height = m_host.height();
  const int room = (m_colors->isHidden() ? width - kEdgePx : m_colors->x() - kBarsApartPx) - besideX;
  const bool low = height < kLowPx, beside = !low && room >= m_animationBar->fullWidth();
  m_buttons->setVisible(!low);
  if (low) m_colors->hide();
  // Above the buttons it is as wide as the caption over it, and beside the key of the colors.
  const int key = keyWidth();
  m_animationBar->fitTo(std::min(beside ? room : width - key - 2 * kEdgePx, kWidestPx));
  const int middle = m_buttons->geometry().center().y() - m_animationBar->height() / 2;
  const int y = low      ? height - m_animationBar->height() - kBarGapPx
                : beside ? middle
                         : m_buttons->y() - m_animationBar->height() - kBarGapPx;
  m_animationBar->move(beside ? besideX : std::max(0, (width - key - m_animationBar->width()) / 2), y);
  m_animationBar->raise();
}

// A sentence of several lines, or one that stays, covers nothing of the scene: it stands below it, as the bars do.
void SceneBars::makeRoomForWords(bool eased) {
  const int top = m_status->isHidden() || !m_status->needsRoom() ? m_top : std::min(m_top, m_status->y());
  m_controller.cameraController().setFoot(m_host.height() - top, eased);
}

// In a narrow place only those that are whole there; the menus have all of them.
void SceneBars::fitButtons() {
  const QList<QToolButton*> buttons = m_buttons->findChildren<QToolButton*>(Qt::FindDirectChildrenOnly);
  const int gap = m_buttons->layout()->spacing();
  int room = m_host.width() - 2 * kEdgePx - buttons.back()->sizeHint().width();  // the last one, which plays, stays
  for (QToolButton* button : buttons) {
    if (button == buttons.back()) break;
    room -= button->sizeHint().width() + gap;
    button->setVisible(room >= 0);
  }
}

void SceneBars::setNotShown(const QString& why) {
  m_notShown = why;
  place();
  m_status->insist(why);
}

void SceneBars::place() {
  const int width = m_host.width(), height = m_host.height();
  m_buttons->setVisible(true);
  fitButtons();
  m_buttons->adjustSize();
  m_buttons->move(kEdgePx, height - m_buttons->height() - kEdgePx);
  m_buttons->raise();
  m_colors->setText(m_options.colorsText(m_notShown.isEmpty()) + QStringLiteral(" ▾"));
  m_colors->setToolTip(m_notShown.isEmpty() ? tr("What numbers the colors stand for, and which colors") : m_notShown);
  m_colors->adjustSize();
  m_colors->move(width - m_colors->width() - kEdgePx - keyWidth(), height - m_colors->height() - kEdgePx);
  m_colors->setVisible(m_colors->x() > m_buttons->geometry().right() + kEdgePx);
  // Beside the buttons where there is room for it, else above them.
  const int besideX = m_buttons->geometry().right() + kBarsApartPx;
  const int besideEnd = (m_colors->isHidden() ? width : m_colors->x()) - 4;
  const bool beside = besideX + m_connectionBar->width() < besideEnd, alwaysBeside = besideX + m_connectionBar->widest() < besideEnd;
  const int middle = m_buttons->geometry().center().y() - m_connectionBar->height() / 2;
  m_connectionBar->move(beside ? besideX : kEdgePx, beside ? middle : std::max(0, m_buttons->y() - m_connectionBar->height() - kBarGapPx));
  m_connectionBar->raise();
  if (m_player.isOpen()) placeAnimationBar();
  m_colors->raise();
  placeStatus();
  reserve(besideX, middle, alwaysBeside);
}

// Tells where there is to be no number and no layer.
void SceneBars::reserve(int besideX, int middle, bool alwaysBeside) {
  const QWidget* view = m_host.focusProxy();
  std::vector<QRectF> reserved;
  int top = m_host.height();
  for (const QWidget* part : std::initializer_list<QWidget*>{m_buttons, m_colors, m_connectionBar, m_animationBar}) {
    if (part->isHidden()) continue;
    reserved.push_back(QRectF(part->geometry().translated(view ? -view->mapTo(&m_host, QPoint()) : QPoint())));  // of the view
    top = std::min(top, part->y());
  }
  m_controller.setReserved(std::move(reserved));
  // The room of the bar of edges is kept while the bar is away: nothing jumps when the pointer meets a unit.
  if (!m_player.isOpen()) {
    top = m_buttons->y();
    if (m_connectionBar->fits()) top = std::min(top, alwaysBeside ? middle : m_buttons->y() - m_connectionBar->height() - kBarGapPx);
    // So is that of the line of words above the buttons.
    const int leftBeside = m_colors->x() - kEdgePx - (besideX + m_connectionBar->widest() + kEdgePx);
    if (alwaysBeside && leftBeside < kStatusPx && m_host.height() >= kRoomyPx) top = std::min(top, m_buttons->y() - m_buttons->height());
  }
  m_top = top;
  makeRoomForWords(false);
}

}  // namespace ui
