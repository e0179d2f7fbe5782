// What an animation shows in the scene, and where the eye goes for it. How it plays is AnimationPlayer's business.
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr double kSlow = 1;  // steps a second; there is time for the edges of each to grow

}  // namespace

void SceneController::setAnimation(const std::optional<scene::AnimationStep>& animation) {
  const std::optional<scene::AnimationStep> before = m_state.animation();
  m_state.setAnimation(animation);
  const std::optional<scene::AnimationStep>& now = m_state.animation();
  if (now == before) return;
  const auto closeUp = [this](const scene::AnimationStep& step) { return step.closeUp(*m_state.layout()); };
  const bool other = !now || !before || now->animation != before->animation;
  if (other || closeUp(*now) != closeUp(*before)) placeCamera(true);
  if (other || now->animation->stepsPerSecond() < kSlow) {
    m_motion.progress = 0;
    m_clock.restart();
  }
  // In a network that is larger than the view, the eye goes along until the person moves it.
  if (now && !now->animation->type().closeUp && !m_cameraTouched) m_camera.reveal(now->place(*m_state.layout()).focus.center());
  emit animationChanged();
  emit changed();
}

void SceneController::setFoot(double px, bool eased) {
  if (px == m_room.foot) return;
  m_room.foot = px;
  placeCamera(eased || m_state.animation().has_value());
  emit changed();
}

}  // namespace ui
