#include "scene/SceneState.h"

#include <algorithm>
#include <utility>

#include "scene/Winner.h"

namespace scene {

void SceneState::setNetwork(NetworkScene scene) {
  m_values = nullptr;
  m_selection.pins = {};
  m_animation.reset();
  m_deadUnits = {};
  replaceBy(std::move(scene), false);
}

void SceneState::setLayout(NetworkScene scene) {
  replaceBy(std::move(scene), true);
}

void SceneState::replaceBy(NetworkScene&& scene, bool sameNetwork) {
  ++m_versions.layout;
  m_highlight.reset();
  m_selection.hovered.reset();
  m_selection.heldWeight.reset();
  m_caption.clear();
  scene.request.scope = m_request.scope;
  m_request = std::move(scene.request);
  m_layout = std::move(scene.layout);
  m_shown.replaceBy(std::move(scene.shown), sameNetwork);
  if (!m_layout) return;
  m_deadUnits.set(*m_layout, m_deadUnits.activity());
  updateUnits();
}

std::span<const float> SceneState::parameters() const {
  return m_request.parameters ? std::span<const float>(*m_request.parameters) : std::span<const float>();
}

bool SceneState::takeParameters(std::shared_ptr<const std::vector<float>> parameters) {
  if (parameters && parameters == m_request.parameters) return false;  // those that the scene was built with
  m_request.parameters =
      parameters && m_request.network && parameters->size() == m_request.network->parameterCount() ? std::move(parameters) : nullptr;
  if (m_layout) m_shown.setParameters(this->parameters());
  return true;
}

void SceneState::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  if (takeParameters(std::move(parameters)) && m_layout) updateHighlight();
}

void SceneState::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  if (!m_layout) return;
  const std::vector<std::uint8_t> before = m_deadUnits.marks();
  m_deadUnits.set(*m_layout, activity && activity->network == m_request.network ? std::move(activity) : nullptr);
  m_deadUnits.observe(*m_layout, resting() ? nullptr : m_values.get());
  if (m_deadUnits.marks() != before) ++m_versions.marks;
}

void SceneState::setValues(std::shared_ptr<const Values> values) {
  m_values = values && values->network == m_request.network ? std::move(values) : nullptr;
  if (m_values && m_values->parameters) takeParameters(m_values->parameters);
  updateUnits();
}

void SceneState::updateUnits() {
  if (!m_layout) return;
  m_shown.setValues(m_values);
  m_deadUnits.observe(*m_layout, resting() ? nullptr : m_values.get());
  ++m_versions.marks;
  updateHighlight();
}

void SceneState::setSelection(const Selection& selection) {
  const auto missing = [this](const UnitId& unit) { return !m_layout || !m_layout->locate(unit); };
  const auto cellOf = [](const std::optional<Pick>& pick) { return pick ? std::optional(pick->cell) : std::nullopt; };
  const Selection before = std::exchange(m_selection, selection);
  std::erase_if(m_selection.pins.beside, missing);
  if (m_selection.pinned() && missing(*m_selection.pinned())) m_selection.pins.current.reset();
  const bool hovered = cellOf(before.hovered) != cellOf(m_selection.hovered);
  const bool other = before.pinned() != m_selection.pinned() || cellOf(before.heldWeight) != cellOf(m_selection.heldWeight) ||
                     before.connectionOptions != m_selection.connectionOptions;
  // The trace stays, and so does an animation, with a frame around what is hovered.
  if (other || (hovered && !tracing() && !m_animation)) return updateHighlight();
  if (hovered || before.pins != m_selection.pins) ++m_versions.highlight;
}

void SceneState::setAnimation(std::optional<AnimationStep> animation) {
  if (!m_layout) animation.reset();
  if (animation) animation->step = std::min(animation->step, animation->animation->steps() - 1);
  if (animation == m_animation) return;
  m_animation = std::move(animation);
  updateHighlight();
}

// The weight under the pointer; the one that is held, where there is nothing under the pointer.
std::optional<CellRef> SceneState::highlightedWeight() const {
  const std::optional<Pick>& asked = m_selection.hovered ? m_selection.hovered : m_selection.heldWeight;
  return asked && asked->kernel ? std::optional(asked->cell) : std::nullopt;
}

std::optional<UnitId> SceneState::unitInHand() const {
  return m_selection.hovered && !m_selection.hovered->slab ? std::optional(m_selection.hovered->unit) : m_selection.pinned();
}

void SceneState::updateHighlight() {
  ++m_versions.highlight;
  m_highlight.reset();
  m_caption.clear();
  const bool complete = m_layout && m_values && (m_request.parameters || m_request.network->parameterCount() == 0);
  if (m_animation) {
    if (complete) {
      const AnimationScene scene{*m_layout, parameters(), *m_values, resting(), m_selection.connectionOptions};
      AnimationFrame frame = m_animation->animation->frame(scene, m_animation->step);
      m_highlight = std::move(frame.highlight);
      m_caption = std::move(frame.caption);
    }
  } else if (const std::optional<UnitId> unit = complete ? traced() : std::nullopt) {
    m_highlight = highlightTrace(*m_layout, parameters(), *m_values, *unit, m_selection.connectionOptions);
  } else if (const std::optional<CellRef> weight = complete ? highlightedWeight() : std::nullopt) {
    m_highlight = highlightWeight(*m_layout, parameters(), *m_values, *weight, m_selection.connectionOptions);
  } else if (const std::optional<UnitId> shown = complete ? unitInHand() : std::nullopt) {
    m_highlight = highlightUnit(*m_layout, parameters(), *m_values, *shown, m_selection.connectionOptions);
  }
  m_shown.setTraced(tracing() ? &m_highlight->trace->amounts : nullptr);
}

std::optional<UnitId> SceneState::traced() const {
  if (!m_selection.connectionOptions.trace || resting()) return std::nullopt;
  if (m_selection.pinned()) return m_selection.pinned();
  const bool single = m_request.network->outputShape().size() == 1;  // nothing else can be meant
  const int best = single ? 0 : winner(*this);
  return best < 0 ? std::nullopt : std::optional(UnitId{m_request.network->logitsNode(), {best, 0, 0}});
}

}  // namespace scene
