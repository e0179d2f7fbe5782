#include "ui/scene/AnimationBar.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kPlayIconPx = 18;
constexpr int kLeastSliderPx = 60;

}  // namespace

AnimationBar::AnimationBar(AnimationPlayer& player, SceneController& controller, QWidget* parent)
    : QFrame(parent), m_player(player), m_controller(controller), m_theme(darkTheme()) {
  setObjectName("playBar");
  m_which = new QComboBox(this);
  QStringList keys;
  for (const AnimationPlayer::Actions& one : player.commands()) {
    m_which->addItem(tr(one.type->name));
    keys << one.open->shortcut().toString();
  }
  m_which->setToolTip(tr("What is played (%1)").arg(keys.join(QStringLiteral(", "))));
  m_which->setAccessibleName(tr("What is played"));
  m_back = add(tr("Step back"), tr("One step back (,)"));
  m_play = add(tr("Play"), {});
  m_play->setObjectName("playerPlay");
  m_forward = add(tr("Step forward"), tr("One step forward (.)"));
  m_position = new QSlider(Qt::Horizontal, this);
  m_position->setToolTip(tr("Where it stands: drag to any step"));
  m_position->setAccessibleName(tr("Step of the player"));
  m_position->setMinimumWidth(kLeastSliderPx);
  m_where = new QLabel(this);
  m_where->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_detail = add({}, {});
  m_detail->setCheckable(true);
  m_here = add(tr("From here"), {});
  m_here->setText(tr("From here"));
  m_here->setObjectName("playFromHere");
  m_speed = new QComboBox(this);
  m_speed->addItems(
      {QStringLiteral("¼×"), QStringLiteral("½×"), QStringLiteral("1×"), QStringLiteral("2×"), QStringLiteral("4×"), QStringLiteral("8×")});
  m_speed->setToolTip(tr("How fast it plays"));
  m_speed->setAccessibleName(tr("Speed"));
  m_close = add(tr("Close the player"), tr("Close the player (Esc)"));
  rowOf(this, {4, 2, 4, 2}, 2, {m_which, m_back, m_play, m_forward, {m_position, 1}, m_where, m_detail, m_here, m_speed, m_close});
  for (QWidget* part : std::initializer_list<QWidget*>{m_which, m_speed, m_position}) part->setFocusPolicy(Qt::TabFocus);
  connect(m_which, &QComboBox::activated, this, [this](int index) { m_player.open(*m_player.commands()[std::size_t(index)].type); });
  connect(m_back, &QToolButton::clicked, this, [this] { m_player.stepBy(-1); });
  connect(m_play, &QToolButton::clicked, &m_player, &AnimationPlayer::toggle);
  connect(m_forward, &QToolButton::clicked, this, [this] { m_player.stepBy(1); });
  connect(m_position, &QSlider::valueChanged, this, [this](int value) { m_player.setStep(std::size_t(value)); });
  connect(m_detail, &QToolButton::clicked, this, [this](bool on) { m_player.setDetailed(*m_player.type(), on); });
  connect(m_here, &QToolButton::clicked, this, [this] { m_player.open(*m_player.type(), true); });
  connect(m_speed, &QComboBox::activated, &m_player, &AnimationPlayer::setSpeed);
  connect(m_close, &QToolButton::clicked, &m_player, &AnimationPlayer::close);
  connect(&m_player, &AnimationPlayer::changed, this, &AnimationBar::follow);
  hide();
}

QToolButton* AnimationBar::add(const QString& name, const QString& tip) {
  QToolButton* button = flatButton(this, tip);
  button->setAccessibleName(name);
  button->setIconSize({kPlayIconPx, kPlayIconPx});
  return button;
}

void AnimationBar::setTheme(const Theme& theme) {
  m_theme = theme;
  setFont(theme.small);
  for (QWidget* part : findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) part->setFont(theme.small);
  m_back->setIcon(icon(Icon::StepBack, theme));
  m_forward->setIcon(icon(Icon::Step, theme));
  m_close->setIcon(icon(Icon::Cross, theme));
  follow();
}

// By itself: a style sheet that comes with a new theme gives a frame its own colors back.
void AnimationBar::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), m_theme.surface);
}

void AnimationBar::follow() {
  m_play->setIcon(icon(m_player.playing() ? Icon::Pause : Icon::Play, m_theme));
  m_play->setAccessibleName(m_player.playing() ? tr("Pause") : tr("Play"));
  m_play->setToolTip(m_player.playing() ? tr("Pause (Space; training is paused with its own button)")
                                        : tr("Play (Space; training is played with its own button)"));
  const QSignalBlocker which(m_which), position(m_position), speed(m_speed);
  m_speed->setCurrentIndex(m_player.speed());
  if (!m_player.isOpen()) return;
  const scene::SceneState& state = m_controller.state();
  const auto& [animation, step] = *state.animation();
  const AnimationPlayer::Actions& commands = m_player.commandsOf(*m_player.type());
  m_which->setCurrentIndex(int(&commands - m_player.commands().data()));
  if (commands.detail) {
    m_detail->setText(QString(commands.detail->text()).remove(QLatin1Char('&')));
    m_detail->setAccessibleName(m_detail->text());
    m_detail->setToolTip(commands.detail->toolTip());
    m_detail->setChecked(commands.detail->isChecked());
    m_detail->setEnabled(animation->offersDetail());
  }
  if (commands.fromHere) {
    m_here->setToolTip(tr("Begin at the pinned unit (%1)").arg(commands.fromHere->shortcut().toString()));
    m_here->setEnabled(m_player.plays(*m_player.type(), state.selection().pinned()));
  }
  m_position->setRange(0, int(animation->steps()) - 1);
  m_position->setValue(int(step));
  m_back->setEnabled(step > 0);
  m_forward->setEnabled(step + 1 < animation->steps());
  const scene::AnimationPlace place = animation->place(*state.layout(), step);
  m_where->setText(tr("%1 of %2").arg(place.number).arg(place.count));
  m_where->setMinimumWidth(m_where->fontMetrics().horizontalAdvance(tr("%1 of %2").arg(place.count).arg(place.count)) + 4);
}

int AnimationBar::fullWidth() const {
  int width = layout()->contentsMargins().left() + layout()->contentsMargins().right();
  for (const QWidget* part : findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
    width += (part == m_position ? 2 * kLeastSliderPx : std::max(part->sizeHint().width(), part->minimumWidth())) + layout()->spacing();
  return width;
}

void AnimationBar::fitTo(int width) {
  for (QWidget* part : std::initializer_list<QWidget*>{m_which, m_position, m_where, m_speed}) part->show();
  m_detail->setVisible(m_player.isOpen() && m_player.type()->detail);
  m_here->setVisible(m_player.isOpen() && m_player.type()->unit);
  // The first to go are those that others can stand in for.
  for (QWidget* part : std::initializer_list<QWidget*>{m_here, m_where, m_which, m_detail, m_position, m_speed}) {
    if (layout()->minimumSize().width() <= width) break;
    part->hide();
  }
  resize(std::max(width, layout()->minimumSize().width()), sizeHint().height());
}

}  // namespace ui
