#include "ui/scene/SceneController.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTouchEvent>
#include <QWheelEvent>

#include "render/Overlay.h"
#include "scene/Edges.h"
#include "ui/scene/SceneBuilder.h"

namespace ui {
namespace {

constexpr qreal kClickSlackPx = 5;
constexpr float kDimSeconds = 0.22f;
constexpr float kGrowSeconds = 0.30f;
constexpr float kLongestStep = 0.10f;  // a pause between frames does not become a jump
constexpr float kZoomPerNotch = 1.18f;

}  // namespace

SceneController::SceneController(Selection& selection, QObject* parent)
    : QObject(parent), m_selection(selection), m_builder(new SceneBuilder(this)), m_style(render::SceneStyle::of(true)) {
  m_clock.start();
  connect(&m_selection, &Selection::changed, this, &SceneController::followSelection);
}

void SceneController::setStyle(const render::SceneStyle& style, scene::ScaleScope scope) {
  m_style = style;
  m_state.setScaleScope(scope);
  placeCamera(false);
  emit changed();
}

render::OverlayOptions SceneController::overlay() const {
  render::OverlayOptions options;
  options.motion = m_motion;
  options.reserved = m_room.reserved;
  options.pointed = m_pointedName;
  options.foot = m_room.foot;
  options.names = &m_names;
  return options;
}

void SceneController::setViewport(QSizeF size) {
  if (size == m_room.size) return;
  const bool first = m_room.size.isEmpty();
  const bool chose = m_cameraTouched && !m_state.empty() && !isClose();
  const std::optional<scene::View> chosen = chose ? std::optional(view()) : std::nullopt;
  m_room.size = size;
  m_room.shape = scene::shapeOf(size.width(), size.height(), first ? std::nullopt : std::optional(m_room.shape));
  followRequest();
  placeCamera(false);
  // A network that was all in view is that in the other size, too.
  if (chosen && chosen->node < 0) m_camera.move(scene::poseOf(*chosen, m_camera, *m_state.layout()), false);
  emit changed();
}

// Everything in view, unless the person has already chosen a view; what the eye came close to stays in view above whatever stands below.
void SceneController::placeCamera(bool animated) {
  if (m_state.empty() || m_room.size.isEmpty()) return;
  const bool close = isClose();
  m_camera.setScene(*m_state.layout());
  m_camera.setViewport(float(m_room.size.width()), float(m_room.size.height()),
                       render::overlayMargins(m_state, m_style, m_room.size, m_room.foot));
  if (!m_cameraTouched) {
    const scene::Box played = m_state.animation() ? m_state.animation()->closeUp(*m_state.layout()) : scene::Box();
    const bool eased = animated && m_placed;
    if (played.empty() || !eased) m_camera.reset(eased);
    if (!played.empty()) m_camera.focus(played, eased);
  } else if (close) {
    comeClose(m_close.box, animated && m_placed);
  }
  m_placed = true;
}

void SceneController::fit() {
  if (m_state.empty()) return;
  m_camera.fit(true);
  emit changed();
}

void SceneController::reset() {
  if (m_state.empty()) return;
  m_cameraTouched = false;
  m_camera.reset(true);
  emit changed();
}

void SceneController::focus(const scene::Box& box) {
  if (m_state.empty()) return;
  m_cameraTouched = true;
  comeClose(box, true);
  emit changed();
}

// To what is played, too, where the eye comes close to that.
void SceneController::comeClose(const scene::Box& box, bool animated) {
  scene::Box seen = m_state.animation() ? m_state.animation()->closeUp(*m_state.layout()) : scene::Box();
  seen.add(box.low);
  seen.add(box.high);
  m_camera.focus(seen, animated);
  m_close = {box, m_camera.goal()};
}

// Until the person moves it.
bool SceneController::isClose() const {
  const scene::Camera::Pose &one = m_close.pose, &other = m_camera.goal();
  return m_cameraTouched && !m_close.box.empty() && one.target == other.target && one.yaw == other.yaw && one.pitch == other.pitch &&
         one.distance == other.distance;
}

void SceneController::setView(const scene::View& view) {
  m_builder->whenBuilt([this, view] {
    if (m_state.empty()) return;
    m_cameraTouched = true;
    m_camera.move(scene::poseOf(view, m_camera, *m_state.layout()), true);
    emit changed();
  });
}

bool SceneController::moving() const {
  if (m_state.empty()) return false;
  const float dimGoal = m_state.highlight() ? 1 : 0;
  return m_camera.moving() || m_motion.dimming != dimGoal || (m_state.highlight() && m_motion.progress < 1);
}

bool SceneController::advance() {
  const float seconds = std::min(float(m_clock.restart()) / 1000, kLongestStep);
  if (m_state.empty()) return false;
  m_camera.advance(seconds);
  const float goal = m_state.highlight() ? 1 : 0, step = seconds / kDimSeconds;
  m_motion.dimming += std::clamp(goal - m_motion.dimming, -step, step);
  m_motion.progress = std::min(1.0f, m_motion.progress + seconds / kGrowSeconds);
  return moving();
}

// The edges grow where there were none, or others.
void SceneController::followSelection() {
  const bool before = m_state.highlight().has_value();
  const scene::ConnectionOptions asked = m_state.selection().connectionOptions, now = m_selection.connectionOptions();
  m_state.setSelection(m_selection.value());
  if (asked.trace != now.trace || asked.direction != now.direction || (!before && m_state.highlight())) {
    m_motion.progress = 0;
    m_clock.restart();
  }
  emit changed();
}

std::optional<scene::Pick> SceneController::pickAt(QPointF position) const {
  if (m_state.empty() || m_builder->busy()) return std::nullopt;
  return scene::pick(*m_state.layout(), m_camera.rayThrough({float(position.x()), float(position.y())}));
}

void SceneController::setHovered(const std::optional<scene::UnitId>& unit) {
  const std::optional<scene::CellRef> cell =
      unit && m_state.layout() && !m_builder->busy() ? m_state.layout()->locate(*unit) : std::nullopt;
  m_selection.setHovered(cell ? std::optional(scene::Pick{*cell, false, false, m_state.layout()->unitAt(*cell), 0}) : std::nullopt);
}

int SceneController::nameAt(QPointF position, bool mark) const {
  for (const render::WrittenName& name : m_names)
    if ((mark ? name.mark : name.rect).contains(position)) return name.block;
  return -1;
}

void SceneController::toggleFold(int block) {
  if (m_state.empty() || block < 0) return;
  std::set<int> nodes = m_state.request().folded;
  const int node = m_state.layout()->blocks[std::size_t(block)].node;
  if (!nodes.erase(node)) nodes.insert(node);
  setFolded(nodes);
}

// Of what is under the pointer, else of what is pinned; -1: none.
int SceneController::blockInHand() const {
  if (m_state.empty()) return -1;
  if (m_pointedName >= 0) return m_pointedName;
  const scene::Layout& layout = *m_state.layout();
  if (m_state.selection().hovered) return layout.sheets[std::size_t(m_state.selection().hovered->cell.sheet)].block;
  return m_state.selection().pinned() ? layout.blockOfNode[std::size_t(m_state.selection().pinned()->node)] : -1;
}

bool SceneController::handle(const QEvent& event) {
  if (m_builder->busy()) return false;
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
    if (name != m_pointedName) {
      m_pointedName = name;
      emit changed();
    }
    m_selection.setHovered(name >= 0 ? std::nullopt : pickAt(at));
    return;
  }
  if (m_gesture.drag == Drag::Undecided) {
    if (std::hypot(at.x() - m_gesture.pressed.x(), at.y() - m_gesture.pressed.y()) < kClickSlackPx) return;
    const bool pans =
        m_arrangement == scene::Arrangement::Flat || m_gesture.button != Qt::LeftButton || (event.modifiers() & Qt::ShiftModifier);
    m_gesture.drag = pans ? Drag::Pan : Drag::Orbit;
    m_selection.setHovered(std::nullopt);
  }
  m_gesture.last = at;
  m_cameraTouched = true;
  if (m_gesture.drag == Drag::Pan) {
    m_camera.pan(float(step.x()), float(step.y()));
  } else {
    m_camera.orbit(float(step.x()), float(step.y()));
  }
  emit changed();
}

void SceneController::setReserved(std::vector<QRectF> rects) {
  if (rects == m_room.reserved) return;
  m_room.reserved = std::move(rects);
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
  if (event.button() != Qt::LeftButton || m_state.empty()) return;
  if (nameAt(event.position(), true) >= 0) return;  // the two clicks have folded and unfolded
  if (const int name = nameAt(event.position(), false); name >= 0) return toggleFold(name);
  const std::optional<scene::Pick> pick = pickAt(event.position());
  if (!pick) {
    reset();
    return;
  }
  const int index = m_state.layout()->sheets[std::size_t(pick->cell.sheet)].block;
  const scene::Block& block = m_state.layout()->blocks[std::size_t(index)];
  if (block.folded) return toggleFold(index);
  focus(pick->kernel ? block.kernelBounds : block.bounds);
}

void SceneController::leave() {
  if (m_pointedName >= 0) {
    m_pointedName = -1;
    emit changed();
  }
  m_selection.setHovered(std::nullopt);
}

bool SceneController::wheel(const QWheelEvent& event) {
  if (m_state.empty()) return false;
  const QPointF at = event.position();
  m_cameraTouched = true;
  if (!event.pixelDelta().isNull() && event.source() != Qt::MouseEventNotSynthesized && !(event.modifiers() & Qt::ControlModifier)) {
    m_camera.pan(float(event.pixelDelta().x()), float(event.pixelDelta().y()));
  } else {
    const float factor = std::pow(kZoomPerNotch, float(event.angleDelta().y()) / 120);
    const scene::Vec2 pointer{float(at.x()), float(at.y())};
    // Towards what lies under the pointer: it may stand before the middle of the view, and is not to be passed.
    const std::optional<scene::Pick> under = pickAt(at);
    const scene::Ray ray = m_camera.rayThrough(pointer);
    under ? m_camera.zoomTo(factor, ray.origin + ray.direction * under->distance) : m_camera.zoom(factor, pointer);
  }
  emit changed();
  return true;
}

// Two fingers move and zoom; one finger arrives as a mouse.
bool SceneController::touch(const QTouchEvent& event) {
  if (event.pointCount() != 2 || m_state.empty()) return false;
  const QEventPoint &a = event.points().at(0), &b = event.points().at(1);
  const QPointF middle = (a.position() + b.position()) / 2, before = (a.lastPosition() + b.lastPosition()) / 2;
  const auto apart = [](QPointF p, QPointF q) { return std::max(8.0, std::hypot(p.x() - q.x(), p.y() - q.y())); };
  const qreal factor = apart(a.position(), b.position()) / apart(a.lastPosition(), b.lastPosition());
  m_cameraTouched = true;
  m_gesture.drag = Drag::None;
  m_camera.pan(float(middle.x() - before.x()), float(middle.y() - before.y()));
  m_camera.zoom(float(factor), {float(middle.x()), float(middle.y())});
  emit changed();
  return true;
}

Qt::CursorShape SceneController::cursor() const {
  if (m_gesture.drag == Drag::Orbit || m_gesture.drag == Drag::Pan) return Qt::ClosedHandCursor;
  if (m_pointedName >= 0) return Qt::PointingHandCursor;
  return m_state.selection().hovered && !m_state.selection().hovered->kernel ? Qt::PointingHandCursor : Qt::ArrowCursor;
}

}  // namespace ui
