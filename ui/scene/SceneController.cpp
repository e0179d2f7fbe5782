#include "ui/scene/SceneController.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTouchEvent>
#include <QWheelEvent>

#include "render/Overlay.h"

namespace ui {
namespace {

constexpr qreal kClickSlackPx = 5;
constexpr float kDimSeconds = 0.22f;
constexpr float kGrowSeconds = 0.30f;
constexpr float kLongestStep = 0.10f;  // a pause between frames does not become a jump
constexpr float kZoomPerNotch = 1.18f;

}  // namespace

SceneController::SceneController(Selection& selection, QObject* parent)
    : QObject(parent),
      m_selection(selection),
      m_style(render::SceneStyle::of(true)),
      m_contents(new SceneContents(selection, this)),
      m_cameraController(new CameraController(*m_contents, m_style, this)) {
  m_clock.start();
  for (const auto another : {&SceneContents::networkAwaited, &SceneContents::networkShown})
    connect(m_contents, another, this, [this] {
      m_motion = {};
      forgetPicture();
    });
  connect(m_contents, &SceneContents::layoutChanged, this, &SceneController::forgetPicture);
  connect(m_contents, &SceneContents::connectionsReplaced, this, &SceneController::growConnections);
  connect(m_contents, &SceneContents::changed, this, &SceneController::changed);
  connect(m_cameraController, &CameraController::changed, this, &SceneController::changed);
}

// What the pointer was doing with it, and where its names were.
void SceneController::forgetPicture() {
  m_gesture = {};
  m_pointedName = -1;
  m_names.clear();
}

void SceneController::growConnections() {
  m_motion.progress = 0;
  m_clock.restart();
}

void SceneController::setStyle(const render::SceneStyle& style) {
  m_style = style;
  m_cameraController->place(false);
  emit changed();
}

render::OverlayOptions SceneController::overlay() const {
  render::OverlayOptions options;
  options.motion = m_motion;
  options.reserved = m_reserved;
  options.pointed = m_pointedName;
  options.foot = m_cameraController->foot();
  options.names = &m_names;
  return options;
}

bool SceneController::moving() const {
  if (state().empty()) return false;
  const float dimGoal = state().highlight() ? 1 : 0;
  return m_cameraController->moving() || m_motion.dimming != dimGoal || (state().highlight() && m_motion.progress < 1);
}

bool SceneController::advance() {
  const float seconds = std::min(float(m_clock.restart()) / 1000, kLongestStep);
  if (state().empty()) return false;
  m_cameraController->advance(seconds);
  const float goal = state().highlight() ? 1 : 0, step = seconds / kDimSeconds;
  m_motion.dimming += std::clamp(goal - m_motion.dimming, -step, step);
  m_motion.progress = std::min(1.0f, m_motion.progress + seconds / kGrowSeconds);
  return moving();
}

std::optional<scene::Pick> SceneController::pickAt(QPointF position) const {
  if (state().empty() || m_contents->busy()) return std::nullopt;
  return scene::pick(*state().layout(), camera().rayThrough({float(position.x()), float(position.y())}));
}

void SceneController::setHovered(const std::optional<scene::UnitId>& unit) {
  const std::optional<scene::CellRef> cell =
      unit && state().layout() && !m_contents->busy() ? state().layout()->locate(*unit) : std::nullopt;
  m_selection.setHovered(cell ? std::optional(scene::Pick{*cell, false, false, state().layout()->unitAt(*cell), 0}) : std::nullopt);
}

int SceneController::nameAt(QPointF position, bool mark) const {
  for (const render::WrittenName& name : m_names)
    if ((mark ? name.mark : name.rect).contains(position)) return name.block;
  return -1;
}

int SceneController::blockInHand() const {
  if (state().empty()) return -1;
  if (m_pointedName >= 0) return m_pointedName;
  const scene::Layout& layout = *state().layout();
  if (state().selection().hovered) return layout.sheets[std::size_t(state().selection().hovered->cell.sheet)].block;
  return state().selection().pinned() ? layout.blockOfNode[std::size_t(state().selection().pinned()->node)] : -1;
}

bool SceneController::handle(const QEvent& event) {
  if (m_contents->busy()) return false;
  switch (event.type()) {
    case QEvent::MouseButtonPress:
      press(static_cast<const QMouseEvent&>(event));
      return true;
    case QEvent::MouseMove:
      move(static_cast<const QMouseEvent&>(event));
      return true;
    case QEvent::MouseButtonRelease:
      release(static_cast<const QMouseEvent&>(event));
      return true;
    case QEvent::MouseButtonDblClick:
      doubleClick(static_cast<const QMouseEvent&>(event));
      return true;
    case QEvent::Leave:
      leave();
      return true;
    case QEvent::Wheel:
      return wheel(static_cast<const QWheelEvent&>(event));
    case QEvent::TouchBegin:  // one finger is a mouse
      return static_cast<const QTouchEvent&>(event).pointCount() > 1;
    case QEvent::TouchUpdate:
      return touch(static_cast<const QTouchEvent&>(event));
    case QEvent::KeyPress:
      return key(static_cast<const QKeyEvent&>(event));
    default:
      return false;
  }
}

void SceneController::press(const QMouseEvent& event) {
  if (m_gesture.drag != Drag::None) return;
  m_gesture.button = event.button();
  m_gesture.pressed = m_gesture.last = event.position();
  m_gesture.drag = Drag::Undecided;
}

void SceneController::move(const QMouseEvent& event) {
  const QPointF at = event.position(), step = at - m_gesture.last;
  if (m_gesture.drag == Drag::None) {
    const int name = nameAt(at, false);
    if (std::exchange(m_pointedName, name) != name) emit changed();
    m_selection.setHovered(name >= 0 ? std::nullopt : pickAt(at));
    return;
  }
  if (m_gesture.drag == Drag::Undecided) {
    if (std::hypot(at.x() - m_gesture.pressed.x(), at.y() - m_gesture.pressed.y()) < kClickSlackPx) return;
    const bool pans = state().request().arrangement == scene::Arrangement::Flat || m_gesture.button != Qt::LeftButton ||
                      (event.modifiers() & Qt::ShiftModifier);
    m_gesture.drag = pans ? Drag::Pan : Drag::Orbit;
    m_selection.setHovered(std::nullopt);
  }
  m_gesture.last = at;
  m_gesture.drag == Drag::Pan ? m_cameraController->pan(step) : m_cameraController->orbit(step);
}

void SceneController::setReserved(std::vector<QRectF> rects) {
  if (rects == m_reserved) return;
  m_reserved = std::move(rects);
  emit changed();
}

void SceneController::release(const QMouseEvent& event) {
  if (event.button() != m_gesture.button) return;
  if (m_gesture.drag == Drag::Undecided && m_gesture.button == Qt::LeftButton)
    click(event.position(), event.modifiers() & Qt::ControlModifier);
  const bool menu = m_gesture.drag == Drag::Undecided && m_gesture.button == Qt::RightButton;
  m_gesture.drag = Drag::None;
  m_gesture.button = Qt::NoButton;
  if (!menu) return;
  const std::optional<scene::Pick> pick = nameAt(event.position(), false) >= 0 ? std::nullopt : pickAt(event.position());
  if (pick && !pick->kernel && !pick->slab) {
    emit menuRequested(pick->unit);
  } else {
    emit layerMenuRequested(event.globalPosition().toPoint());
  }
}

// A double click brings the layer under the pointer close, and elsewhere everything back.
void SceneController::doubleClick(const QMouseEvent& event) {
  if (event.button() != Qt::LeftButton || state().empty()) return;
  if (nameAt(event.position(), true) >= 0) return;  // the two clicks have folded and unfolded
  if (const int name = nameAt(event.position(), false); name >= 0) return m_contents->toggleFold(name);
  const std::optional<scene::Pick> pick = pickAt(event.position());
  if (!pick) return m_cameraController->reset();
  const int index = state().layout()->sheets[std::size_t(pick->cell.sheet)].block;
  const scene::Block& block = state().layout()->blocks[std::size_t(index)];
  if (block.folded) return m_contents->toggleFold(index);
  m_cameraController->focus(pick->kernel ? block.kernelBounds : block.bounds);
}

void SceneController::leave() {
  if (std::exchange(m_pointedName, -1) >= 0) emit changed();
  m_selection.setHovered(std::nullopt);
}

bool SceneController::wheel(const QWheelEvent& event) {
  if (state().empty()) return false;
  if (!event.pixelDelta().isNull() && event.source() != Qt::MouseEventNotSynthesized && !(event.modifiers() & Qt::ControlModifier)) {
    m_cameraController->pan(event.pixelDelta());
    return true;
  }
  // Towards what lies under the pointer: it may stand before the middle of the view, and is not to be passed.
  const QPointF at = event.position();
  const std::optional<scene::Pick> under = pickAt(at);
  const scene::Ray ray = camera().rayThrough({float(at.x()), float(at.y())});
  m_cameraController->zoom(std::pow(kZoomPerNotch, float(event.angleDelta().y()) / 120), at,
                           under ? std::optional(ray.origin + ray.direction * under->distance) : std::nullopt);
  return true;
}

// Two fingers move and zoom; one finger arrives as a mouse.
bool SceneController::touch(const QTouchEvent& event) {
  if (event.pointCount() != 2 || state().empty()) return false;
  const QEventPoint &a = event.points().at(0), &b = event.points().at(1);
  const QPointF middle = (a.position() + b.position()) / 2, before = (a.lastPosition() + b.lastPosition()) / 2;
  const auto apart = [](QPointF p, QPointF q) { return std::max(8.0, std::hypot(p.x() - q.x(), p.y() - q.y())); };
  const qreal factor = apart(a.position(), b.position()) / apart(a.lastPosition(), b.lastPosition());
  m_gesture.drag = Drag::None;
  m_cameraController->pan(middle - before);
  m_cameraController->zoom(float(factor), middle);
  return true;
}

Qt::CursorShape SceneController::cursor() const {
  if (m_gesture.drag == Drag::Orbit || m_gesture.drag == Drag::Pan) return Qt::ClosedHandCursor;
  if (m_pointedName >= 0) return Qt::PointingHandCursor;
  return state().selection().hovered && !state().selection().hovered->kernel ? Qt::PointingHandCursor : Qt::ArrowCursor;
}

bool SceneController::letGo() {
  if (!state().animation()) {
    if (m_selection.unpinNext()) return true;
    emit nothingHeld();
    return false;
  }
  m_contents->setAnimation(std::nullopt);
  return true;
}

void SceneController::click(QPointF position, bool adds) {
  if (nameAt(position, true) >= 0) return m_contents->toggleFold(nameAt(position, true));
  if (nameAt(position, false) >= 0) return;
  const std::optional<scene::Pick> pick = pickAt(position);
  const bool unit = pick && !pick->slab && !pick->kernel;
  if (pick && !pick->slab) m_selection.setHovered(pick);
  if (pick && pick->kernel) {
    const std::optional<scene::Pick>& held = m_selection.value().heldWeight;
    m_selection.holdWeight(held && held->cell == pick->cell ? std::nullopt : pick);
  } else if (unit) {
    if (adds || m_selection.pinned() != pick->unit) m_motion.progress = 0;
    adds ? m_selection.toggle(pick->unit) : m_selection.pin(pick->unit);
  } else if (!adds) {
    m_selection.holdWeight(std::nullopt);
    m_selection.pin(std::nullopt);
  }
}

}  // namespace ui
