#include "ui/scene/CameraController.h"

#include <utility>

#include "render/Overlay.h"
#include "ui/scene/SceneContents.h"

namespace ui {
namespace {

scene::Vec2 pixel(QPointF at) {
  return {float(at.x()), float(at.y())};
}

}  // namespace

CameraController::CameraController(SceneContents& contents, const render::SceneStyle& style, QObject* parent)
    : QObject(parent), m_contents(contents), m_style(style) {
  for (const auto another : {&SceneContents::networkAwaited, &SceneContents::networkShown})
    connect(&m_contents, another, this, [this] {
      m_touched = false;
      place(false);
    });
  connect(&m_contents, &SceneContents::layoutAboutToChange, this, [this] {
    const scene::SceneRequest& request = m_contents.state().request();
    m_before = {chosen(), request.arrangement, request.shape};
  });
  connect(&m_contents, &SceneContents::layoutChanged, this, &CameraController::followLayout);
  connect(&m_contents, &SceneContents::animationChanged, this, &CameraController::followAnimation);
}

void CameraController::followLayout() {
  const scene::SceneRequest& request = m_contents.state().request();
  const bool turned = request.arrangement != m_before.arrangement;
  if (turned) m_touched = false;
  place(!turned && request.shape == m_before.shape);
  keep(m_before.chosen);
}

std::optional<scene::View> CameraController::chosen() const {
  return m_touched && !m_contents.state().empty() ? std::optional(view()) : std::nullopt;
}

void CameraController::keep(const std::optional<scene::View>& chosen) {
  if (chosen && m_touched) m_camera.move(scene::poseOf(*chosen, m_camera, *m_contents.state().layout()), false);
}

void CameraController::setViewport(QSizeF size) {
  if (size == m_size) return;
  const std::optional<scene::View> before = isClose() ? std::nullopt : chosen();
  const std::optional<scene::ViewShape> shape = m_size.isEmpty() ? std::nullopt : std::optional(m_contents.shape());
  m_size = size;
  m_contents.setShape(scene::shapeOf(size.width(), size.height(), shape));
  place(false);
  if (before && before->node < 0) keep(before);  // a network that was all in view is that in the other size, too
  emit changed();
}

void CameraController::setFoot(double px, bool eased) {
  if (px == m_foot) return;
  m_foot = px;
  place(eased || m_contents.state().animation().has_value());
  emit changed();
}

void CameraController::place(bool eased) {
  const scene::SceneState& state = m_contents.state();
  if (state.empty() || m_size.isEmpty()) return;
  const bool close = isClose();
  m_camera.setScene(*state.layout());
  m_camera.setViewport(float(m_size.width()), float(m_size.height()), render::overlayMargins(state, m_style, m_size, m_foot));
  if (close) comeClose(m_close.box, eased);
  if (m_touched) return;
  const scene::Box played = state.animation() ? state.animation()->closeUp(*state.layout()) : scene::Box();
  if (played.empty() || !eased) m_camera.reset(eased);
  if (!played.empty()) m_camera.focus(played, eased);
}

void CameraController::followAnimation() {
  const scene::SceneState& state = m_contents.state();
  const std::optional<scene::AnimationStep>&now = state.animation(), before = std::exchange(m_played, now);
  const auto closeUp = [&state](const scene::AnimationStep& step) { return step.closeUp(*state.layout()); };
  const bool other = !now || !before || now->animation != before->animation;
  if (other || closeUp(*now) != closeUp(*before)) place(true);
  // In a network that is larger than the view, the eye goes along until the person moves it.
  if (now && !now->animation->type().closeUp && !m_touched) m_camera.reveal(now->place(*state.layout()).focus.center());
}

void CameraController::fit() {
  if (m_contents.state().empty()) return;
  m_camera.fit(true);
  emit changed();
}

void CameraController::reset() {
  if (m_contents.state().empty()) return;
  m_touched = false;
  m_camera.reset(true);
  emit changed();
}

void CameraController::focus(const scene::Box& box) {
  if (m_contents.state().empty()) return;
  m_touched = true;
  comeClose(box, true);
  emit changed();
}

// To what is played, too, where the eye comes close to that.
void CameraController::comeClose(const scene::Box& box, bool eased) {
  const scene::SceneState& state = m_contents.state();
  scene::Box seen = state.animation() ? state.animation()->closeUp(*state.layout()) : scene::Box();
  seen.add(box.low);
  seen.add(box.high);
  m_camera.focus(seen, eased);
  m_close = {box, m_camera.goal()};
}

// Until the person moves it.
bool CameraController::isClose() const {
  const scene::Camera::Pose &one = m_close.pose, &other = m_camera.goal();
  return m_touched && !m_close.box.empty() && one.target == other.target && one.yaw == other.yaw && one.pitch == other.pitch &&
         one.distance == other.distance;
}

void CameraController::reveal(const scene::Vec3& point) {
  m_camera.reveal(point);
  m_touched = m_touched || m_camera.moving();
  emit changed();
}

void CameraController::orbit(QPointF by) {
  m_touched = true;
  m_camera.orbit(float(by.x()), float(by.y()));
  emit changed();
}

void CameraController::pan(QPointF by) {
  m_touched = true;
  m_camera.pan(float(by.x()), float(by.y()));
  emit changed();
}

void CameraController::zoom(float factor, QPointF pointer, const std::optional<scene::Vec3>& target) {
  m_touched = true;
  target ? m_camera.zoomTo(factor, *target) : m_camera.zoom(factor, pixel(pointer));
  emit changed();
}

scene::View CameraController::view() const {
  return scene::viewOf(m_camera, *m_contents.state().layout());
}

void CameraController::setView(const scene::View& view) {
  m_contents.whenBuilt([this, view] {
    if (m_contents.state().empty()) return;
    m_touched = true;
    m_camera.move(scene::poseOf(view, m_camera, *m_contents.state().layout()), true);
    emit changed();
  });
}

}  // namespace ui
