#include "ui/scene/AnimationPlayer.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QSettings>
#include <QWidget>

#include "ui/base/Action.h"
#include "ui/base/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kTickMs = 33;
constexpr double kLongestLapSeconds = 0.25;  // a pause of the program does not become a jump
constexpr auto kSpeedKey = "player/speed";

QString detailKey(const scene::AnimationType& type) {
  return QStringLiteral("player/") + type.detail->command.id;
}

}  // namespace

AnimationPlayer::AnimationPlayer(SceneController& controller, QWidget& host, Types types)
    : QObject(&host), m_controller(controller), m_host(host) {
  for (const scene::AnimationType* type : types) addCommands(*type);
  m_back = makeAction(this, "animation.back", tr("Player: one step &back"),
                      tr("Of what is played, with the comma; forward with the full stop"), {}, false);
  m_back->setEnabled(false);
  m_speed = std::clamp(QSettings().value(kSpeedKey, 2).toInt(), 0, int(kSpeeds.size()) - 1);
  connect(m_back, &QAction::triggered, this, [this] { stepBy(-1); });
  m_timer.setInterval(kTickMs);
  connect(&m_timer, &QTimer::timeout, this, &AnimationPlayer::tick);
  connect(&m_controller.contents(), &SceneContents::animationChanged, this, &AnimationPlayer::followState);
  connect(&m_controller.selection(), &Selection::pinsChanged, this, &AnimationPlayer::followPins);
  m_host.installEventFilter(this);
}

void AnimationPlayer::addCommands(const scene::AnimationType& type) {
  const auto add = [this](const scene::AnimationCommand& command, const QString& tip, bool checkable) {
    const QByteArray id = QByteArray("animation.") + command.id;
    return makeAction(this, id.constData(), tr(command.title), tip, QKeySequence(QString::fromLatin1(command.key)), checkable);
  };
  Actions& actions = m_commands.emplace_back(Actions{&type, add(type.open, tr(type.open.tip), true)});
  connect(actions.open, &QAction::triggered, this, [this, &type](bool on) { on ? open(type) : close(); });
  if (type.unit) {
    actions.fromHere = add(type.unit->fromHere, tr(type.unit->fromHere.tip), false);
    connect(actions.fromHere, &QAction::triggered, this, [this, &type] { open(type, true); });
  }
  if (!type.detail) return;
  actions.detail = add(type.detail->command, tr("%1; opens it, too").arg(tr(type.detail->command.tip)), true);
  actions.detail->setChecked(QSettings().value(detailKey(type), false).toBool());
  // By its key or from the menu it opens the animation where it is not open.
  connect(actions.detail, &QAction::triggered, this, [this, &type](bool on) {
    const bool opens = this->type() != &type;
    setDetailed(type, on || opens);
    if (opens) open(type);
  });
}

QList<QAction*> AnimationPlayer::openingActions() const {
  QList<QAction*> actions;
  for (const Actions& one : m_commands)
    for (QAction* action : {one.open, one.fromHere, one.detail})
      if (action) actions << action;
  return actions;
}

const AnimationPlayer::Actions& AnimationPlayer::commandsOf(const scene::AnimationType& type) const {
  return *std::find_if(m_commands.begin(), m_commands.end(), [&](const Actions& one) { return one.type == &type; });
}

const scene::AnimationType* AnimationPlayer::type() const {
  const std::optional<scene::AnimationStep>& step = m_controller.state().animation();
  return step ? &step->animation->type() : nullptr;
}

std::shared_ptr<const scene::Animation> AnimationPlayer::created(const scene::AnimationType& type,
                                                                 const std::optional<scene::UnitId>& unit) const {
  const bool detailed = type.detail && commandsOf(type).detail->isChecked();
  return m_controller.state().empty() ? nullptr : type.create(*m_controller.state().layout(), {unit, detailed});
}

bool AnimationPlayer::plays(const scene::AnimationType& type, const std::optional<scene::UnitId>& unit) const {
  const scene::SceneState& state = m_controller.state();
  return type.unit && unit && !state.empty() && created(type, scene::firstOf(*state.layout(), *unit));
}

std::optional<scene::UnitId> AnimationPlayer::unitRequested(const scene::AnimationType& type) const {
  const scene::SceneState& state = m_controller.state();
  std::optional<scene::UnitId> hovered;
  if (state.selection().hovered && !state.selection().hovered->kernel && !state.selection().hovered->slab)
    hovered = state.selection().hovered->unit;
  for (const std::optional<scene::UnitId>& unit : {state.selection().pinned(), hovered})
    if (plays(type, unit)) return scene::firstOf(*state.layout(), *unit);
  return liveliest(type);
}

std::optional<scene::UnitId> AnimationPlayer::liveliest(const scene::AnimationType& type) const {
  const scene::SceneState& state = m_controller.state();
  for (const scene::Block& block : state.layout()->blocks) {
    scene::UnitId unit{block.node, {0, 0, 0}};
    if (block.folded || !plays(type, unit)) continue;
    if (!state.values() || state.resting()) return unit;
    const std::span<const float> values = state.values()->of(block.valueNode);
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    unit.cell = nn::cellAt(state.network()->node(block.node).shape, std::size_t(best));
    return unit;
  }
  return std::nullopt;
}

void AnimationPlayer::open(const scene::AnimationType& type, bool fromHere) {
  if (m_controller.state().empty()) return followState();
  const std::optional<scene::UnitId> unit = type.unit ? unitRequested(type) : std::nullopt;
  const std::shared_ptr<const scene::Animation> animation = created(type, unit);
  if (!animation) {
    emit said(type.unit ? tr(type.unit->nowhere) : tr("There is nothing to play in this network."));
    return followState();
  }
  show(animation, fromHere ? unit : std::nullopt);
  setPlaying(true);
}

// At its first step, or where it comes to a unit.
void AnimationPlayer::show(const std::shared_ptr<const scene::Animation>& animation, const std::optional<scene::UnitId>& at) {
  m_controller.contents().setAnimation(scene::AnimationStep{animation, at ? animation->stepOf(*at) : 0});
}

void AnimationPlayer::close() {
  m_controller.contents().setAnimation(std::nullopt);
}

// Whoever opened or ended it: the network may have been exchanged.
void AnimationPlayer::followState() {
  for (const Actions& one : m_commands) one.open->setChecked(one.type == type());
  m_back->setEnabled(isOpen());
  if (!isOpen()) m_playing = false;
  run();
  emit changed();
}

// A click on a unit takes an animation that is about one there.
void AnimationPlayer::followPins() {
  const scene::SceneState& state = m_controller.state();
  if (state.selection().pinned() == m_pinned) return;
  m_pinned = state.selection().pinned();
  if (!isOpen() || !type()->unit) return;
  if (!plays(*type(), m_pinned)) return emit changed();
  const scene::UnitId unit = scene::firstOf(*state.layout(), *m_pinned);
  show(created(*type(), unit), unit);
}

void AnimationPlayer::toggle() {
  if (!isOpen()) return;
  const scene::SceneState& state = m_controller.state();
  if (!m_playing && state.animation()->step + 1 >= state.animation()->animation->steps()) setStep(0);
  setPlaying(!m_playing);
}

void AnimationPlayer::setPlaying(bool on) {
  m_playing = on && isOpen();
  m_due = 0;
  run();
  emit changed();
}

void AnimationPlayer::stepBy(int steps) {
  if (!isOpen()) return;
  const auto last = std::ptrdiff_t(m_controller.state().animation()->animation->steps()) - 1;
  if (m_playing) setPlaying(false);
  setStep(std::size_t(std::clamp<std::ptrdiff_t>(std::ptrdiff_t(m_controller.state().animation()->step) + steps, 0, last)));
}

void AnimationPlayer::setStep(std::size_t step) {
  if (!isOpen() || step == m_controller.state().animation()->step) return;
  m_controller.contents().setAnimation(scene::AnimationStep{m_controller.state().animation()->animation, step});
}

void AnimationPlayer::setSpeed(int index) {
  m_speed = std::clamp(index, 0, int(kSpeeds.size()) - 1);
  remember(kSpeedKey, m_speed);
  emit changed();
}

void AnimationPlayer::setDetailed(const scene::AnimationType& type, bool on) {
  const scene::AnimationPlace at =
      isOpen() ? m_controller.state().animation()->place(*m_controller.state().layout()) : scene::AnimationPlace();
  commandsOf(type).detail->setChecked(on);
  remember(detailKey(type), on);
  if (this->type() != &type || !m_controller.state().animation()->animation->offersDetail()) return emit changed();
  show(created(type, at.unit), at.unit);
}

bool AnimationPlayer::seen() const {
  return m_host.isVisible() && !m_host.window()->isMinimized();
}

void AnimationPlayer::run() {
  const bool wanted = m_playing && isOpen() && seen();
  if (wanted == m_timer.isActive()) return;
  m_clock.restart();
  wanted ? m_timer.start() : m_timer.stop();
}

void AnimationPlayer::tick() {
  if (!seen() || !isOpen()) return run();
  const double stepsPerSecond = m_controller.state().animation()->animation->stepsPerSecond() * kSpeeds[std::size_t(m_speed)];
  m_due += std::min(double(m_clock.restart()) / 1000, kLongestLapSeconds) * stepsPerSecond;
  const double whole = std::floor(m_due);
  if (whole < 1) return;
  m_due -= whole;
  const scene::AnimationStep& now = *m_controller.state().animation();
  const std::size_t last = now.animation->steps() - 1, next = std::min(last, now.step + std::size_t(whole));
  if (next == last) m_playing = false;
  if (next == now.step) return followState();
  setStep(next);
}

bool AnimationPlayer::eventFilter(QObject* object, QEvent* event) {
  const QEvent::Type type = event->type();
  if (type == QEvent::Show && object == &m_host && m_watched != m_host.window()) {
    m_watched = m_host.window();
    if (m_watched != &m_host) m_watched->installEventFilter(this);
  }
  if (type == QEvent::Show || type == QEvent::Hide || type == QEvent::WindowStateChange)
    QMetaObject::invokeMethod(this, &AnimationPlayer::run, Qt::QueuedConnection);
  return QObject::eventFilter(object, event);
}

}  // namespace ui
