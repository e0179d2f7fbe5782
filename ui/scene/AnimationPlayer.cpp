#include "ui/scene/AnimationPlayer.h"

#include <algorithm>
#include <cmath>

#include <QAction>
#include <QEvent>
#include <QSettings>
#include <QWidget>

#include "ui/base/Action.h"
#include "ui/base/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kTickMs = 33;
constexpr double kCellsPerSecond = 4, kProductsPerSecond = 3, kLayersPerSecond = 0.4;
constexpr double kLongestLapSeconds = 0.25;  // a pause of the program does not become a jump
constexpr auto kSpeedKey = "player/speed", kEachKey = "player/eachProduct";

}  // namespace

AnimationPlayer::AnimationPlayer(SceneController& controller, QWidget& host) : QObject(&host), m_controller(controller), m_host(host) {
  m_forwardPass = makeAction(this, "animation.forward-pass", tr("The &data flows through"),
                             tr("Layer after layer lights up, each with a sentence on what happens in it"), Qt::Key_G, true);
  m_window =
      makeAction(this, "animation.sliding-window", tr("The s&liding window"),
                 tr("A kernel slides over its input and writes the pinned unit's map, from its first cell, cell by cell"), Qt::Key_L, true);
  m_fromHere =
      makeAction(this, "animation.from-here", tr("The sliding window from &here"),
                 tr("The same, beginning at the pinned unit or the one under the pointer"), QKeySequence(Qt::CTRL | Qt::Key_L), false);
  m_each = makeAction(this, "animation.each-product", tr("Each &product"),
                      tr("The sliding window stops at every single multiplication, or comparison; opens it, too"),
                      QKeySequence(Qt::SHIFT | Qt::Key_L), true);
  m_back = makeAction(this, "animation.back", tr("Player: one step &back"),
                      tr("Of the sliding window or the data flow; forward with the full stop"), Qt::Key_Comma, false);
  m_speed = std::clamp(QSettings().value(kSpeedKey, 2).toInt(), 0, int(kSpeeds.size()) - 1);
  m_eachProduct = QSettings().value(kEachKey, false).toBool();
  m_each->setChecked(m_eachProduct);
  m_back->setEnabled(false);
  const auto opens = [this](QAction* action, scene::AnimationKind which) {
    connect(action, &QAction::triggered, this, [this, which](bool on) { on ? open(which) : close(); });
  };
  opens(m_forwardPass, scene::AnimationKind::ForwardPass);
  opens(m_window, scene::AnimationKind::SlidingWindow);
  connect(m_fromHere, &QAction::triggered, this, &AnimationPlayer::openFromHere);
  connect(m_each, &QAction::triggered, this, &AnimationPlayer::productsRequested);
  connect(m_back, &QAction::triggered, this, [this] { stepBy(-1); });
  m_timer.setInterval(kTickMs);
  connect(&m_timer, &QTimer::timeout, this, &AnimationPlayer::tick);
  connect(&m_controller, &SceneController::playbackChanged, this, &AnimationPlayer::followState);
  connect(&m_controller.selection(), &Selection::pinsChanged, this, &AnimationPlayer::followPins);
  m_host.installEventFilter(this);
}

bool AnimationPlayer::slidesAt(const std::optional<scene::UnitId>& unit) const {
  const scene::SceneState& state = m_controller.state();
  return unit && !state.empty() && scene::slidingWindow(*state.network(), scene::firstOf(*state.layout(), *unit)).has_value();
}

std::optional<scene::UnitId> AnimationPlayer::unitRequested() const {
  const scene::SceneState& state = m_controller.state();
  std::optional<scene::UnitId> hovered;
  if (state.selection().hovered && !state.selection().hovered->kernel && !state.selection().hovered->slab)
    hovered = state.selection().hovered->unit;
  for (const std::optional<scene::UnitId>& unit : {state.selection().pinned(), hovered})
    if (slidesAt(unit)) return scene::firstOf(*state.layout(), *unit);
  return liveliest();
}

std::optional<scene::UnitId> AnimationPlayer::liveliest() const {
  const scene::SceneState& state = m_controller.state();
  for (const scene::Block& block : state.layout()->blocks) {
    if (!slidesAt(scene::UnitId{block.node, {0, 0, 0}}) || block.folded) continue;
    scene::UnitId unit{block.node, {0, 0, 0}};
    if (!state.values() || state.resting()) return unit;
    const std::span<const float> values = state.values()->of(block.valueNode);
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    unit.cell = nn::cellAt(state.network()->node(block.node).shape, std::size_t(best));
    return unit;
  }
  return std::nullopt;
}

void AnimationPlayer::open(scene::AnimationKind which) {
  if (m_controller.state().empty()) return followState();
  if (which == scene::AnimationKind::SlidingWindow) return openWindow(false);
  show({});
  setPlaying(true);
}

void AnimationPlayer::openFromHere() {
  if (m_controller.state().empty()) return followState();
  openWindow(true);
}

void AnimationPlayer::openWindow(bool fromHere) {
  const scene::SceneState& state = m_controller.state();
  const std::optional<scene::UnitId> unit = unitRequested();
  if (!unit) {
    emit said(tr("No window slides in this network: it has neither convolution nor pooling."));
    return followState();
  }
  scene::Animation animation{scene::AnimationKind::SlidingWindow, *unit, m_eachProduct, 0};
  if (fromHere) animation.step = scene::stepOf(*scene::slidingWindow(*state.network(), *unit), m_eachProduct, unit->cell);
  show(animation);
  setPlaying(true);
}

// By its key or from the menu: without an open window it opens one.
void AnimationPlayer::productsRequested(bool on) {
  if (m_controller.state().slidingWindow()) return setEachProduct(on);
  setEachProduct(true);
  open(scene::AnimationKind::SlidingWindow);
}

void AnimationPlayer::close() {
  m_controller.setAnimation(std::nullopt);
}

void AnimationPlayer::show(const scene::Animation& animation) {
  m_controller.setAnimation(animation);
}

// Whoever opened or ended it: the network may have been exchanged.
void AnimationPlayer::followState() {
  const std::optional<scene::Animation>& animation = m_controller.state().animation();
  m_open = animation.has_value();
  m_forwardPass->setChecked(m_open && animation->player == scene::AnimationKind::ForwardPass);
  m_window->setChecked(m_open && animation->player == scene::AnimationKind::SlidingWindow);
  m_back->setEnabled(m_open);
  if (!m_open) m_playing = false;
  run();
  emit changed();
}

// A click on a unit takes the window there.
void AnimationPlayer::followPins() {
  const scene::SceneState& state = m_controller.state();
  if (state.selection().pinned() == m_pinned) return;
  m_pinned = state.selection().pinned();
  if (!m_open || state.animation()->player != scene::AnimationKind::SlidingWindow) return;
  if (!slidesAt(state.selection().pinned())) return emit changed();
  scene::Animation animation = *state.animation();
  animation.unit = scene::firstOf(*state.layout(), *state.selection().pinned());
  animation.step = scene::stepOf(*scene::slidingWindow(*state.network(), animation.unit), animation.eachProduct, animation.unit.cell);
  show(animation);
}

void AnimationPlayer::toggle() {
  if (!m_open) return;
  const scene::SceneState& state = m_controller.state();
  if (!m_playing && state.animation()->step + 1 >= state.playSteps()) setStep(0);
  setPlaying(!m_playing);
}

void AnimationPlayer::setPlaying(bool on) {
  m_playing = on && m_open;
  m_due = 0;
  run();
  emit changed();
}

void AnimationPlayer::stepBy(int steps) {
  if (!m_open) return;
  const auto last = std::ptrdiff_t(m_controller.state().playSteps()) - 1;
  if (m_playing) setPlaying(false);
  setStep(std::size_t(std::clamp<std::ptrdiff_t>(std::ptrdiff_t(m_controller.state().animation()->step) + steps, 0, last)));
}

void AnimationPlayer::setStep(std::size_t step) {
  if (!m_open || step == m_controller.state().animation()->step) return;
  scene::Animation animation = *m_controller.state().animation();
  animation.step = step;
  show(animation);
}

void AnimationPlayer::setSpeed(int index) {
  m_speed = std::clamp(index, 0, int(kSpeeds.size()) - 1);
  remember(kSpeedKey, m_speed);
  emit changed();
}

bool AnimationPlayer::canShowProducts() const {
  const std::optional<scene::SlidingWindow>& run = m_controller.state().slidingWindow();
  return run && run->regular;
}

void AnimationPlayer::setEachProduct(bool on) {
  m_eachProduct = on;
  m_each->setChecked(on);
  remember(kEachKey, on);
  const scene::SceneState& state = m_controller.state();
  if (state.slidingWindow() && state.animation()->eachProduct != on) {
    const scene::WindowStep at = *state.windowStep();
    scene::Animation animation = *state.animation();
    animation.eachProduct = on;
    animation.step = scene::stepOf(*state.slidingWindow(), on, at.unit.cell);
    show(animation);
  }
  emit changed();
}

double AnimationPlayer::stepsPerSecond() const {
  const std::optional<scene::Animation>& animation = m_controller.state().animation();
  if (animation->player == scene::AnimationKind::ForwardPass) return kLayersPerSecond * kSpeeds[std::size_t(m_speed)];
  return (animation->eachProduct && canShowProducts() ? kProductsPerSecond : kCellsPerSecond) * kSpeeds[std::size_t(m_speed)];
}

bool AnimationPlayer::seen() const {
  return m_host.isVisible() && !m_host.window()->isMinimized();
}

void AnimationPlayer::run() {
  const bool wanted = m_open && m_playing && seen();
  if (wanted == m_timer.isActive()) return;
  m_clock.restart();
  wanted ? m_timer.start() : m_timer.stop();
}

void AnimationPlayer::tick() {
  if (!seen()) return run();
  m_due += std::min(double(m_clock.restart()) / 1000, kLongestLapSeconds) * stepsPerSecond();
  const double whole = std::floor(m_due);
  if (whole < 1) return;
  m_due -= whole;
  const scene::SceneState& state = m_controller.state();
  const std::size_t last = state.playSteps() - 1, next = std::min(last, state.animation()->step + std::size_t(whole));
  if (next == last) m_playing = false;
  if (next == state.animation()->step) return followState();
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
