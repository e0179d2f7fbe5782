#include "ui/scene/Player.h"

#include <algorithm>
#include <cmath>

#include <QAction>
#include <QEvent>
#include <QSettings>
#include <QWidget>

#include "ui/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kTickMs = 33;
constexpr double kCellsPerSecond = 4, kProductsPerSecond = 3, kLayersPerSecond = 0.4;
constexpr double kLongestLapSeconds = 0.25;  // a pause of the program does not become a jump
constexpr auto kSpeedKey = "player/speed", kEachKey = "player/eachProduct";

}  // namespace

Player::Player(SceneController& controller, QWidget& host) : QObject(&host), m_controller(controller), m_host(host) {
  m_flow =
      add(tr("The &data flows through"), tr("Layer after layer lights up, each with a sentence on what happens in it"), Qt::Key_G, true);
  m_window = add(tr("The s&liding window"),
                 tr("A kernel slides over its input and writes the pinned unit's map, from its first cell, cell by cell"), Qt::Key_L, true);
  m_fromHere = add(tr("The sliding window from &here"), tr("The same, beginning at the pinned unit or the one under the pointer"),
                   QKeySequence(Qt::CTRL | Qt::Key_L), false);
  m_each = add(tr("Each &product"), tr("The sliding window stops at every single multiplication, or comparison; opens it, too"),
               QKeySequence(Qt::SHIFT | Qt::Key_L), true);
  m_back =
      add(tr("Player: one step &back"), tr("Of the sliding window or the data flow; forward with the full stop"), Qt::Key_Comma, false);
  m_speed = std::clamp(QSettings().value(kSpeedKey, 2).toInt(), 0, int(kSpeeds.size()) - 1);
  m_eachProduct = QSettings().value(kEachKey, false).toBool();
  m_each->setChecked(m_eachProduct);
  m_back->setEnabled(false);
  const auto opens = [this](QAction* action, scene::Player which) {
    connect(action, &QAction::triggered, this, [this, which](bool on) { on ? open(which) : close(); });
  };
  opens(m_flow, scene::Player::Flow);
  opens(m_window, scene::Player::Window);
  connect(m_fromHere, &QAction::triggered, this, &Player::openFromHere);
  connect(m_each, &QAction::triggered, this, &Player::productsAsked);
  connect(m_back, &QAction::triggered, this, [this] { stepBy(-1); });
  m_timer.setInterval(kTickMs);
  connect(&m_timer, &QTimer::timeout, this, &Player::tick);
  connect(&m_controller, &SceneController::playbackChanged, this, &Player::followState);
  connect(&m_controller, &SceneController::pinsChanged, this, &Player::followPins);
  m_host.installEventFilter(this);
}

QAction* Player::add(const QString& text, const QString& tip, const QKeySequence& key, bool checkable) {
  auto* action = new QAction(text, this);
  action->setToolTip(QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)));
  action->setShortcut(key);
  action->setCheckable(checkable);
  return action;
}

bool Player::slidesAt(const std::optional<scene::UnitId>& unit) const {
  const scene::SceneState& state = m_controller.state();
  return unit && !state.empty() && scene::windowRun(*state.network(), scene::firstOf(*state.layout(), *unit)).has_value();
}

std::optional<scene::UnitId> Player::unitAsked() const {
  const scene::SceneState& state = m_controller.state();
  std::optional<scene::UnitId> hovered;
  if (state.hovered() && !state.hovered()->kernel && !state.hovered()->slab) hovered = state.hovered()->unit;
  for (const std::optional<scene::UnitId>& unit : {state.pinned(), hovered})
    if (slidesAt(unit)) return scene::firstOf(*state.layout(), *unit);
  return liveliest();
}

std::optional<scene::UnitId> Player::liveliest() const {
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

void Player::open(scene::Player which) {
  if (m_controller.state().empty()) return followState();
  if (which == scene::Player::Window) return openWindow(false);
  show({});
  setPlaying(true);
}

void Player::openFromHere() {
  if (m_controller.state().empty()) return followState();
  openWindow(true);
}

void Player::openWindow(bool fromHere) {
  const scene::SceneState& state = m_controller.state();
  const std::optional<scene::UnitId> unit = unitAsked();
  if (!unit) {
    emit said(tr("No window slides in this network: it has neither convolution nor pooling."));
    return followState();
  }
  scene::Playback playback{scene::Player::Window, *unit, m_eachProduct, 0};
  if (fromHere) playback.step = scene::stepOf(*scene::windowRun(*state.network(), *unit), m_eachProduct, unit->cell);
  show(playback);
  setPlaying(true);
}

// By its key or from the menu: without an open window it opens one.
void Player::productsAsked(bool on) {
  if (m_controller.state().windowRun()) return setEachProduct(on);
  setEachProduct(true);
  open(scene::Player::Window);
}

void Player::close() {
  m_controller.setPlayback(std::nullopt);
}

void Player::show(const scene::Playback& playback) {
  m_controller.setPlayback(playback);
}

// Whoever opened or ended it: the network may have been exchanged.
void Player::followState() {
  const std::optional<scene::Playback>& playback = m_controller.state().playback();
  m_open = playback.has_value();
  m_flow->setChecked(m_open && playback->player == scene::Player::Flow);
  m_window->setChecked(m_open && playback->player == scene::Player::Window);
  m_back->setEnabled(m_open);
  if (!m_open) m_playing = false;
  run();
  emit changed();
}

// A click on a unit takes the window there.
void Player::followPins() {
  const scene::SceneState& state = m_controller.state();
  if (state.pinned() == m_pinned) return;
  m_pinned = state.pinned();
  if (!m_open || state.playback()->player != scene::Player::Window) return;
  if (!slidesAt(state.pinned())) return emit changed();
  scene::Playback playback = *state.playback();
  playback.unit = scene::firstOf(*state.layout(), *state.pinned());
  playback.step = scene::stepOf(*scene::windowRun(*state.network(), playback.unit), playback.eachProduct, playback.unit.cell);
  show(playback);
}

void Player::toggle() {
  if (!m_open) return;
  const scene::SceneState& state = m_controller.state();
  if (!m_playing && state.playback()->step + 1 >= state.playSteps()) setStep(0);
  setPlaying(!m_playing);
}

void Player::setPlaying(bool on) {
  m_playing = on && m_open;
  m_due = 0;
  run();
  emit changed();
}

void Player::stepBy(int steps) {
  if (!m_open) return;
  const auto last = std::ptrdiff_t(m_controller.state().playSteps()) - 1;
  if (m_playing) setPlaying(false);
  setStep(std::size_t(std::clamp<std::ptrdiff_t>(std::ptrdiff_t(m_controller.state().playback()->step) + steps, 0, last)));
}

void Player::setStep(std::size_t step) {
  if (!m_open || step == m_controller.state().playback()->step) return;
  scene::Playback playback = *m_controller.state().playback();
  playback.step = step;
  show(playback);
}

void Player::setSpeed(int index) {
  m_speed = std::clamp(index, 0, int(kSpeeds.size()) - 1);
  remember(kSpeedKey, m_speed);
  emit changed();
}

bool Player::canShowProducts() const {
  const std::optional<scene::WindowRun>& run = m_controller.state().windowRun();
  return run && run->regular;
}

void Player::setEachProduct(bool on) {
  m_eachProduct = on;
  m_each->setChecked(on);
  remember(kEachKey, on);
  const scene::SceneState& state = m_controller.state();
  if (state.windowRun() && state.playback()->eachProduct != on) {
    const scene::WindowStep at = *state.windowStep();
    scene::Playback playback = *state.playback();
    playback.eachProduct = on;
    playback.step = scene::stepOf(*state.windowRun(), on, at.unit.cell);
    show(playback);
  }
  emit changed();
}

double Player::stepsPerSecond() const {
  const std::optional<scene::Playback>& playback = m_controller.state().playback();
  if (playback->player == scene::Player::Flow) return kLayersPerSecond * kSpeeds[std::size_t(m_speed)];
  return (playback->eachProduct && canShowProducts() ? kProductsPerSecond : kCellsPerSecond) * kSpeeds[std::size_t(m_speed)];
}

bool Player::seen() const {
  return m_host.isVisible() && !m_host.window()->isMinimized();
}

void Player::run() {
  const bool wanted = m_open && m_playing && seen();
  if (wanted == m_timer.isActive()) return;
  m_clock.restart();
  wanted ? m_timer.start() : m_timer.stop();
}

void Player::tick() {
  if (!seen()) return run();
  m_due += std::min(double(m_clock.restart()) / 1000, kLongestLapSeconds) * stepsPerSecond();
  const double whole = std::floor(m_due);
  if (whole < 1) return;
  m_due -= whole;
  const scene::SceneState& state = m_controller.state();
  const std::size_t last = state.playSteps() - 1, next = std::min(last, state.playback()->step + std::size_t(whole));
  if (next == last) m_playing = false;
  if (next == state.playback()->step) return followState();
  setStep(next);
}

bool Player::eventFilter(QObject* object, QEvent* event) {
  const QEvent::Type type = event->type();
  if (type == QEvent::Show && object == &m_host && m_watched != m_host.window()) {
    m_watched = m_host.window();
    if (m_watched != &m_host) m_watched->installEventFilter(this);
  }
  if (type == QEvent::Show || type == QEvent::Hide || type == QEvent::WindowStateChange)
    QMetaObject::invokeMethod(this, &Player::run, Qt::QueuedConnection);
  return QObject::eventFilter(object, event);
}

}  // namespace ui
