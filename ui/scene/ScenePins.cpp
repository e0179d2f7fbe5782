// What a click selects, and how it is let go again.
#include "ui/scene/SceneController.h"

namespace ui {

bool SceneController::letGo() {
  if (!m_state.animation()) {
    if (m_selection.unpinNext()) return true;
    emit nothingHeld();
    return false;
  }
  setAnimation(std::nullopt);
  return true;
}

void SceneController::click(QPointF position, bool adds) {
  if (nameAt(position, true) >= 0) return toggleFold(nameAt(position, true));
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
