// What a click pins, and how it is let go again.
#include "ui/scene/SceneController.h"

namespace ui {

void SceneController::setPins(const scene::Pins& pins) {
  if (pins == m_state.pins()) return;
  const bool before = m_state.highlight().has_value();
  if (pins.current) m_state.setHeldWeight(std::nullopt);
  m_state.setPinned(pins.current);
  m_state.setKept(pins.kept);
  highlightMayHaveBegun(before);
  emit pinsChanged();
  emit changed();
}

void SceneController::askToKeep(bool on) {
  if (m_state.pinned()) emit unitHeld(*m_state.pinned(), on);
  emit pinsChanged();  // nothing may have come of it
}

void SceneController::pin(const std::optional<scene::UnitId>& unit) {
  if (unit == m_state.pinned()) return;
  scene::Pins pins = m_state.pins();
  pins.current = unit;
  setPins(pins);
  if (m_state.pinned() == unit) emit unitPinned(unit);
}

bool SceneController::unpin() {
  if (m_state.animation()) {
    setAnimation(std::nullopt);
    return true;
  }
  if (connectionOptions().trace) {
    scene::ConnectionOptions without = connectionOptions();
    without.trace = false;
    without.against = -1;
    setConnectionOptions(without);
    return true;
  }
  if (m_state.heldWeight()) {
    m_state.setHeldWeight(std::nullopt);
    emit changed();
    return true;
  }
  if (m_state.pinned()) {
    pin(std::nullopt);
    return true;
  }
  if (m_state.pins().kept.empty()) return false;
  emit heldUnpinned();
  return true;
}

void SceneController::click(QPointF position, bool adds) {
  if (nameAt(position, true) >= 0) return toggleFold(nameAt(position, true));
  if (nameAt(position, false) >= 0) return;
  const std::optional<scene::Pick> pick = pickAt(position);
  if (pick && !pick->slab) m_state.setHovered(pick);
  if (pick && pick->kernel) {
    const bool same = m_state.heldWeight() && m_state.heldWeight()->cell == pick->cell;
    m_state.setHeldWeight(same ? std::nullopt : pick);
  } else if (pick && !pick->slab && adds) {
    m_motion.progress = 0;
    emit unitAdded(pick->unit);
  } else if (adds) {
    return;
  } else if (pick && !pick->slab) {
    if (m_state.pinned() != pick->unit) m_motion.progress = 0;
    pin(pick->unit);
  } else {
    m_state.setHeldWeight(std::nullopt);
    pin(std::nullopt);
  }
  emit changed();
}

}  // namespace ui
