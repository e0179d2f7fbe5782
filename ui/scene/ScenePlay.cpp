// What an animation shows in the scene, and where the eye goes for it. How it plays is AnimationPlayer's business.
#include "ui/scene/SceneController.h"

namespace ui {

void SceneController::setAnimation(const std::optional<scene::Animation>& animation) {
  const std::optional<scene::Animation> before = m_state.animation();
  m_state.setAnimation(animation);
  const std::optional<scene::Animation>& now = m_state.animation();
  if (now == before) return;
  const bool other = !now || !before || now->player != before->player || now->unit.node != before->unit.node ||
                     now->unit.cell.channel != before->unit.cell.channel;
  if (other) placeCamera(true);
  if (other || now->player == scene::AnimationKind::ForwardPass) {
    m_motion.progress = 0;
    m_clock.restart();
  }
  if (now && now->player == scene::AnimationKind::ForwardPass) follow(now->step);
  emit playbackChanged();
  emit changed();
}

// In a network that is larger than the view, the eye goes along with the data until the person moves it.
void SceneController::follow(std::size_t block) {
  if (m_cameraTouched) return;
  m_camera.reveal(m_state.layout()->blocks[block].bounds.center());
}

void SceneController::setFoot(double px) {
  if (px == m_foot) return;
  m_foot = px;
  placeCamera(m_state.animation().has_value());
  emit changed();
}

}  // namespace ui
