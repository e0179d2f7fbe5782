#include "ui/scene/ConnectionBar.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/ConnectionBarParts.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kLingerMs = 2500;

}  // namespace

ConnectionBar::ConnectionBar(SceneController* controller, ConnectionActions* actions, AnimationPlayer* player, QWidget* parent)
    : QFrame(parent),
      m_controller(controller),
      m_actions(actions),
      m_player(player),
      m_edgeCount(new QLabel(this)),
      m_question(new TraceQuestion(controller, actions, this)),
      m_linger(new QTimer(this)) {
  setObjectName("inquiryBar");
  setAutoFillBackground(true);
  QHBoxLayout* row = rowOf(this, {4, 2, 4, 2}, 2);
  m_direction = new ChoiceButtons(actions->outgoingAction(), tr("In"), tr("What the unit reads (%1)"), tr("Out"),
                                  tr("Who reads the unit (%1)"), this);
  row->addWidget(m_direction);
  addGap();
  m_measure = new ChoiceButtons(actions->weightAction(), tr("Contribution"), tr("Color and width: activation × weight (%1)"), tr("Weight"),
                                tr("Color and width: the weight alone (%1)"), this);
  row->addWidget(m_measure);
  addGap();
  QToolButton* fewer = barButton(this, QStringLiteral("−"), actions->fewerAction()->toolTip(), false);
  m_edgeCount->setAlignment(Qt::AlignCenter);
  row->addWidget(m_edgeCount);
  QToolButton* more = barButton(this, QStringLiteral("+"), actions->moreAction()->toolTip(), false);
  addGap();
  m_receptiveField = barButton(this, tr("Sees"), actions->receptiveFieldAction()->toolTip(), true);
  m_trace = barButton(this, tr("Trace"), actions->traceAction()->toolTip(), true);
  m_trace->setObjectName("traceButton");
  for (const AnimationPlayer::Actions& one : m_player->commands()) {
    if (!one.type->unit) continue;
    QToolButton* button = m_plays.emplace_back(one.type, barButton(this, tr(one.type->unit->button), one.open->toolTip(), false)).second;
    button->setObjectName(QLatin1String("play.") + one.type->open.id);
    connect(button, &QToolButton::clicked, this, [this, type = one.type] { play(*type); });
  }
  row->addWidget(m_question);
  connect(m_direction, &ChoiceButtons::chosen, this, &ConnectionBar::refresh);
  connect(m_measure, &ChoiceButtons::chosen, this, &ConnectionBar::refresh);
  connect(fewer, &QToolButton::clicked, actions->fewerAction(), &QAction::trigger);
  connect(more, &QToolButton::clicked, actions->moreAction(), &QAction::trigger);
  connect(m_receptiveField, &QToolButton::clicked, actions->receptiveFieldAction(), &QAction::trigger);
  connect(m_trace, &QToolButton::clicked, actions->traceAction(), &QAction::trigger);
  runOnce(*m_linger, kLingerMs, this, &ConnectionBar::appear);
  connect(actions, &ConnectionActions::changed, this, &ConnectionBar::refresh);
  connect(m_controller, &SceneController::changed, this, &ConnectionBar::appear);
  hide();
}

void ConnectionBar::addGap() {
  auto* gap = new QWidget(this);
  gap->setFixedSize(8, 1);
  layout()->addWidget(gap);
  m_gaps.push_back(gap);
}

void ConnectionBar::setTheme(const Theme& theme) {
  QPalette colors = palette();
  colors.setColor(QPalette::Window, theme.surface);
  setPalette(colors);
  setFont(theme.small);
  for (QWidget* part : findChildren<QWidget*>()) part->setFont(theme.small);
  // As wide as for the most edges, so that the buttons do not move under the pointer.
  m_edgeCount->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("2500")) + 4);
  m_widest = 0;
  refresh();
}

bool ConnectionBar::fits() const {
  return parentWidget()->width() >= sizeHint().width() + 20;  // in a small window the keys and the menu remain
}

// Comes with a unit highlighted; goes a moment after it, unless the pointer is on the bar.
void ConnectionBar::appear() {
  const scene::SceneState& state = m_controller->state();
  if (state.animation()) {  // one bar at a time
    m_linger->stop();
    hide();
    return;
  }
  const bool wanted = state.highlight().has_value();
  if (wanted) {
    m_unit = state.highlight()->unit;
    for (const auto& [type, button] : m_plays) button->setEnabled(m_player->plays(*type, m_unit));
    m_linger->start();
  }
  const bool shown = fits() && (wanted || underMouse() || m_linger->isActive());
  if (wanted && m_question->refresh()) {
    adjustSize();
    emit placeNeeded();
  }
  if (shown == !isHidden()) return;
  setVisible(shown);
  shown ? refresh() : emit placeNeeded();
}

// The pointer is on the bar by now: what it was on before is pinned.
void ConnectionBar::play(const scene::AnimationType& type) {
  if (m_player->plays(type, m_unit)) m_controller->selection().pin(m_unit);
  m_player->open(type);
}

void ConnectionBar::refresh() {
  const scene::ConnectionOptions& connectionOptions = m_controller->selection().connectionOptions();
  const bool out = connectionOptions.direction == scene::Direction::Outgoing, weights = connectionOptions.measure == scene::Measure::Weight;
  m_direction->setChosen(out);
  m_measure->setChosen(weights);
  m_receptiveField->setChecked(connectionOptions.receptiveField);
  m_trace->setChecked(connectionOptions.trace);
  for (QWidget* part : std::initializer_list<QWidget*>{m_direction, m_measure, m_receptiveField})
    part->setVisible(!connectionOptions.trace);
  for (const auto& [type, button] : m_plays) button->setVisible(!connectionOptions.trace);
  m_gaps[0]->setVisible(!connectionOptions.trace);
  m_gaps[1]->setVisible(!connectionOptions.trace);
  m_edgeCount->setText(QString::number(m_actions->shownEdges()));
  m_edgeCount->setToolTip(connectionOptions.trace ? tr("So many edges into each layer are shown: the strongest")
                                                  : tr("So many edges are shown: the strongest"));
  m_question->refresh();
  adjustSize();
  m_widest = std::max(m_widest, width());
  emit placeNeeded();
}

bool ConnectionBar::event(QEvent* event) {
  if (event->type() == QEvent::Leave && !m_controller->state().highlight()) m_linger->start();
  return QFrame::event(event);
}

}  // namespace ui
