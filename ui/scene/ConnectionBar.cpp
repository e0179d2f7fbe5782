#include "ui/scene/ConnectionBar.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

#include "analysis/Answer.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kLingerMs = 2500;
constexpr int kNamePx = 110;      // of a class
constexpr int kMostClasses = 30;  // in the list; of more, the bars choose

}  // namespace

ConnectionBar::ConnectionBar(SceneController* controller, ConnectionActions* connectionOptions, AnimationPlayer* player, QWidget* parent)
    : QFrame(parent),
      m_controller(controller),
      m_connectionOptions(connectionOptions),
      m_player(player),
      m_theme(darkTheme()),
      m_linger(new QTimer(this)) {
  setObjectName("inquiryBar");
  setAutoFillBackground(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(2);
  m_in = add(tr("In"), tr("What the unit reads (%1)"), true);
  m_out = add(tr("Out"), tr("Who reads the unit (%1)"), true);
  addGap();
  m_contribution = add(tr("Contribution"), tr("Color and width: activation × weight (%1)"), true);
  m_weight = add(tr("Weight"), tr("Color and width: the weight alone (%1)"), true);
  addGap();
  m_fewer = add(QStringLiteral("−"), m_connectionOptions->fewerAction()->toolTip(), false);
  m_count = new QLabel(this);
  m_count->setAlignment(Qt::AlignCenter);
  row->addWidget(m_count);
  m_more = add(QStringLiteral("+"), m_connectionOptions->moreAction()->toolTip(), false);
  addGap();
  m_receptiveField = add(tr("Sees"), m_connectionOptions->receptiveFieldAction()->toolTip(), true);
  m_trace = add(tr("Trace"), m_connectionOptions->traceAction()->toolTip(), true);
  m_trace->setObjectName("traceButton");
  for (const AnimationPlayer::Actions& one : m_player->commands()) {
    if (!one.type->unit) continue;
    QToolButton* button = m_plays.emplace_back(one.type, add(tr(one.type->unit->button), one.open->toolTip(), false)).second;
    button->setObjectName(QLatin1String("play.") + one.type->open.id);
    connect(button, &QToolButton::clicked, this, [this, type = one.type] { play(*type); });
  }
  m_why = new QLabel(this);
  m_against = new QComboBox(this);
  m_against->setObjectName("againstChoice");
  m_against->setFocusPolicy(Qt::NoFocus);
  m_against->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_against->setMaximumWidth(120);
  m_against->setToolTip(tr("Traces the difference of the two logits. Also: Ctrl and click on the other class's bar"));
  row->addWidget(m_why);
  row->addWidget(m_against);
  m_why->hide();  // until a class is traced: the bar's width is known before it is first shown
  m_against->hide();
  for (QToolButton* button : {m_in, m_out})
    button->setToolTip(button->toolTip().arg(m_connectionOptions->outgoingAction()->shortcut().toString(QKeySequence::NativeText)));
  for (QToolButton* button : {m_contribution, m_weight})
    button->setToolTip(button->toolTip().arg(m_connectionOptions->weightAction()->shortcut().toString(QKeySequence::NativeText)));
  const auto either = [this](QToolButton* button, QAction* action, bool wanted) {
    connect(button, &QToolButton::clicked, this, [this, action, wanted] {
      if (action->isChecked() != wanted) action->trigger();
      refresh();
    });
  };
  either(m_in, m_connectionOptions->outgoingAction(), false);
  either(m_out, m_connectionOptions->outgoingAction(), true);
  either(m_contribution, m_connectionOptions->weightAction(), false);
  either(m_weight, m_connectionOptions->weightAction(), true);
  connect(m_fewer, &QToolButton::clicked, m_connectionOptions->fewerAction(), &QAction::trigger);
  connect(m_more, &QToolButton::clicked, m_connectionOptions->moreAction(), &QAction::trigger);
  connect(m_receptiveField, &QToolButton::clicked, m_connectionOptions->receptiveFieldAction(), &QAction::trigger);
  connect(m_trace, &QToolButton::clicked, m_connectionOptions->traceAction(), &QAction::trigger);
  connect(m_against, &QComboBox::activated, this, [this](int index) {
    const auto& highlight = m_controller->state().highlight();
    if (highlight) m_connectionOptions->compare(highlight->unit, m_against->itemData(index).toInt());
  });
  m_linger->setSingleShot(true);
  m_linger->setInterval(kLingerMs);
  connect(m_linger, &QTimer::timeout, this, &ConnectionBar::appear);
  connect(m_connectionOptions, &ConnectionActions::changed, this, &ConnectionBar::refresh);
  connect(m_controller, &SceneController::changed, this, &ConnectionBar::appear);
  hide();
}

QToolButton* ConnectionBar::add(const QString& text, const QString& tip, bool checkable) {
  auto* button = new QToolButton(this);
  button->setText(text);
  button->setToolTip(tip);
  button->setAccessibleName(text);
  button->setCheckable(checkable);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::NoFocus);
  layout()->addWidget(button);
  return button;
}

void ConnectionBar::addGap() {
  auto* gap = new QWidget(this);
  gap->setFixedSize(8, 1);
  layout()->addWidget(gap);
  m_gaps.push_back(gap);
}

void ConnectionBar::setTheme(const Theme& theme) {
  m_theme = theme;
  QPalette colors = palette();
  colors.setColor(QPalette::Window, theme.surface);
  setPalette(colors);
  setFont(theme.small);
  for (QWidget* part : findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) part->setFont(theme.small);
  m_count->setMinimumWidth(QFontMetrics(theme.small).horizontalAdvance(QStringLiteral("2500")) + 4);
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
  if (wanted) refreshClasses();
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
  m_in->setChecked(!out);
  m_out->setChecked(out);
  m_contribution->setChecked(!weights);
  m_weight->setChecked(weights);
  m_receptiveField->setChecked(connectionOptions.receptiveField);
  m_trace->setChecked(connectionOptions.trace);
  for (QWidget* part : std::initializer_list<QWidget*>{m_in, m_out, m_contribution, m_weight, m_receptiveField})
    part->setVisible(!connectionOptions.trace);
  for (const auto& [type, button] : m_plays) button->setVisible(!connectionOptions.trace);
  m_gaps[0]->setVisible(!connectionOptions.trace);
  m_gaps[1]->setVisible(!connectionOptions.trace);
  m_count->setText(QString::number(m_connectionOptions->shownEdges()));
  m_count->setToolTip(connectionOptions.trace ? tr("So many edges into each layer are shown: the strongest")
                                              : tr("So many edges are shown: the strongest"));
  refreshClasses();
  adjustSize();
  m_widest = std::max(m_widest, width());
  emit placeNeeded();
}

// "Why 3 and not 8?" while a class is traced.
void ConnectionBar::refreshClasses() {
  const scene::SceneState& state = m_controller->state();
  const auto nameOf = [&](int channel) {
    return QString::fromStdString(analysis::answerName(*state.network(), state.highlight()->unit.node, channel));
  };
  const bool asked = state.tracing() && isLogit(*state.layout(), state.highlight()->unit) && !nameOf(0).isEmpty();
  const bool changes = asked != !m_why->isHidden();
  m_why->setVisible(asked);
  m_against->setVisible(asked);
  if (asked) {
    const int one = state.highlight()->unit.cell.channel;
    const QString words = tr("Why %1 and not").arg(m_why->fontMetrics().elidedText(nameOf(one), Qt::ElideRight, kNamePx));
    const int classes = std::min(state.network()->node(state.highlight()->unit.node).shape.channels, kMostClasses);
    if (words != m_why->text() || m_against->count() != classes) {
      m_why->setText(words);
      m_against->clear();
      m_against->addItem(QStringLiteral("–"), -1);
      for (int other = 0; other < classes; ++other)
        if (other != one) m_against->addItem(nameOf(other), other);
    }
    m_against->setCurrentIndex(std::max(0, m_against->findData(state.highlight()->against)));
  }
  if (!changes) return;
  adjustSize();
  emit placeNeeded();
}

bool ConnectionBar::event(QEvent* event) {
  if (event->type() == QEvent::Leave && !m_controller->state().highlight()) m_linger->start();
  return QFrame::event(event);
}

}  // namespace ui
