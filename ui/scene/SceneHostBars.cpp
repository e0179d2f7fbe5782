// Where the buttons and bars at the foot of the scene stand.
#include <QLabel>
#include <QLayout>
#include <QSignalBlocker>
#include <QToolButton>

#include "render/Overlay.h"
#include "ui/scene/AnimationBar.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionBar.h"
#include "ui/scene/FindBox.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"

namespace ui {
namespace {

constexpr int kEdgePx = 10;
constexpr int kBarGapPx = 4;    // between the two rows of buttons
constexpr int kStatusPx = 300;  // a line of words needs that much
constexpr int kRoomyPx = 700;   // height of a view that has room for a second row
constexpr int kLowPx = 360;     // of one that has room for the animation's bar alone
constexpr int kWidestPx = 860;  // of the animation's bar

}  // namespace

// Opened, closed, or at another step.
void SceneHost::showPlayer() {
  const bool came = m_animationBar->isHidden() == m_player->isOpen();
  m_animationBar->setVisible(m_player->isOpen());
  if (m_player->isOpen()) m_connectionBar->hide();
  if (came || m_player->type() != m_playedBefore) placeButtons();
  m_playedBefore = m_player->type();
  emit playerChanged();
}

// To the right of what stands in the row of buttons where there is room for a line, else above that.
void SceneHost::placeStatus() {
  const QSignalBlocker quiet(m_status);  // room is made once all is placed
  const QWidget* bar = m_player->isOpen() ? static_cast<QWidget*>(m_animationBar) : m_connectionBar;
  const bool barBeside = !bar->isHidden() && bar->geometry().bottom() > m_buttons->y();
  const int left = (barBeside ? bar : m_buttons)->geometry().right() + kEdgePx, room = m_colors->x() - kEdgePx - left;
  const bool above = barBeside && room < kStatusPx;
  const int top = bar->isHidden() ? m_buttons->y() : std::min(bar->y(), m_buttons->y());
  const int across = width() - int(render::keyWidth(m_controller->style(), QSizeF(size()))) - 2 * kEdgePx;  // beside the key of the colors
  const QRect wide(kEdgePx, top - m_buttons->height(), across, m_buttons->height());
  if (!above) return m_status->place({left, m_buttons->y(), room, m_buttons->height()}, wide);
  // A second row takes room from the picture: only where there is plenty.
  const int rowWidth = height() < kRoomyPx || m_player->isOpen() ? 0 : across;
  m_status->place({kEdgePx, m_buttons->y() - m_buttons->height(), rowWidth, m_buttons->height()}, wide);
}

// Beside the buttons where it is whole there, else above them; in a low view in their place.
void SceneHost::placePlayBar() {
  const int besideX = m_buttons->geometry().right() + 8;
  const int room = (m_colors->isHidden() ? width() - kEdgePx : m_colors->x() - 8) - besideX;
  const bool low = height() < kLowPx, beside = !low && room >= m_animationBar->fullWidth();
  m_buttons->setVisible(!low);
  if (low) m_colors->hide();
  // Above the buttons it is as wide as the caption over it, and beside the key of the colors.
  const int key = int(render::keyWidth(m_controller->style(), QSizeF(size())));
  m_animationBar->fitTo(std::min(beside ? room : width() - key - 2 * kEdgePx, kWidestPx));
  const int middle = m_buttons->geometry().center().y() - m_animationBar->height() / 2;
  const int y = low ? height() - m_animationBar->height() - 4 : beside ? middle : m_buttons->y() - m_animationBar->height() - 4;
  m_animationBar->move(beside ? besideX : std::max(0, (width() - key - m_animationBar->width()) / 2), y);
  m_animationBar->raise();
}

// A sentence of several lines, or one that stays, covers nothing of the scene: it stands below it, as the bars do.
void SceneHost::makeRoomForWords(bool eased) {
  const int top = m_status->isHidden() || !m_status->needsRoom() ? m_barsTop : std::min(m_barsTop, m_status->y());
  m_controller->setFoot(height() - top, eased);
}

// In a narrow place only those that are whole there; the menus have all of them.
void SceneHost::fitButtons() {
  const QList<QToolButton*> buttons = m_buttons->findChildren<QToolButton*>(Qt::FindDirectChildrenOnly);
  const int gap = m_buttons->layout()->spacing();
  int room = width() - 2 * kEdgePx - buttons.back()->sizeHint().width();  // the last one, which plays, stays
  for (QToolButton* button : buttons) {
    if (button == buttons.back()) break;
    room -= button->sizeHint().width() + gap;
    button->setVisible(room >= 0);
  }
}

void SceneHost::placeButtons() {
  placeNotice();
  m_buttons->setVisible(true);
  fitButtons();
  m_buttons->adjustSize();
  m_buttons->move(kEdgePx, height() - m_buttons->height() - kEdgePx);
  m_buttons->raise();
  m_colors->setText(m_options->colorsText(m_notShown.isEmpty()) + QStringLiteral(" ▾"));
  m_colors->setToolTip(m_notShown.isEmpty() ? tr("What numbers the colors stand for, and which colors") : m_notShown);
  m_colors->adjustSize();
  const int key = int(render::keyWidth(m_controller->style(), QSizeF(size())));
  m_colors->move(width() - m_colors->width() - 10 - key, height() - m_colors->height() - 10);
  m_colors->setVisible(m_colors->x() > m_buttons->geometry().right() + 10);
  // Beside the buttons where there is room for it, else above them.
  const int besideX = m_buttons->geometry().right() + 8;
  const int besideEnd = (m_colors->isHidden() ? width() : m_colors->x()) - 4;
  const bool beside = besideX + m_connectionBar->width() < besideEnd, alwaysBeside = besideX + m_connectionBar->widest() < besideEnd;
  const int middle = m_buttons->geometry().center().y() - m_connectionBar->height() / 2;
  m_connectionBar->move(beside ? besideX : 10, beside ? middle : std::max(0, m_buttons->y() - m_connectionBar->height() - kBarGapPx));
  m_connectionBar->raise();
  if (m_player->isOpen()) placePlayBar();
  m_colors->raise();
  placeStatus();
  std::vector<QRectF> reserved;
  int top = height();
  for (const QWidget* part : std::initializer_list<QWidget*>{m_buttons, m_colors, m_connectionBar, m_animationBar}) {
    if (part->isHidden()) continue;
    reserved.push_back(QRectF(part->geometry().translated(focusProxy() ? -focusProxy()->pos() : QPoint())));  // of the view
    top = std::min(top, part->y());
  }
  m_controller->setReserved(std::move(reserved));
  // The room of the bar of edges is kept while the bar is away: nothing jumps when the pointer meets a unit.
  if (!m_player->isOpen()) {
    top = m_buttons->y();
    if (m_connectionBar->fits()) top = std::min(top, alwaysBeside ? middle : m_buttons->y() - m_connectionBar->height() - kBarGapPx);
    // So is that of the line of words above the buttons.
    const int leftBeside = m_colors->x() - kEdgePx - (besideX + m_connectionBar->widest() + kEdgePx);
    if (alwaysBeside && leftBeside < kStatusPx && height() >= kRoomyPx) top = std::min(top, m_buttons->y() - m_buttons->height());
  }
  m_barsTop = top;
  makeRoomForWords(false);
  m_find->move((width() - m_find->width()) / 2, kEdgePx);
  m_find->raise();
  m_signs.film->adjustSize();
  m_signs.film->move(width() - m_signs.film->width() - kEdgePx, kEdgePx);
  m_signs.film->raise();
  m_signs.opening->setGeometry(focusProxy() ? focusProxy()->geometry() : rect());
  m_signs.opening->raise();
}

}  // namespace ui
