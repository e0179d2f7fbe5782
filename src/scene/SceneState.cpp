#include "scene/SceneState.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/Answer.h"

namespace scene {

void SceneState::setNetwork(std::shared_ptr<const nn::Network> network, Arrangement arrangement) {
  m_network = std::move(network);
  m_namesClasses = m_network && analysis::whyNoClass(*m_network).empty();
  m_values = nullptr;
  m_parameters = nullptr;
  m_selection.pins = {};
  m_animation.reset();
  m_shown.setLayout(nullptr);
  m_deadUnits = {};
  m_folded.clear();
  rebuildLayout(arrangement);
}

void SceneState::setArrangement(Arrangement arrangement) {
  if (m_layout && m_layout->arrangement == arrangement) return;
  relay(arrangement);
}

void SceneState::setFolded(const std::set<int>& nodes) {
  if (nodes == m_folded) return;
  m_folded = nodes;
  if (m_layout) relay(m_layout->arrangement);
}

// The same network in another layout: what is known of its units stays.
void SceneState::relay(Arrangement arrangement) {
  rebuildLayout(arrangement);
}

void SceneState::rebuildLayout(Arrangement arrangement) {
  ++m_versions.layout;
  m_highlight.reset();
  m_selection.hovered.reset();
  m_selection.heldWeight.reset();
  m_caption.clear();
  m_layout = m_network ? buildLayout(m_network, arrangement, m_folded) : nullptr;
  m_shown.setLayout(m_layout);
  if (!m_layout) return;
  m_saturated.assign(m_layout->blocks.size(), 0);
  setParameters(m_parameters);
  m_deadUnits.set(*m_layout, m_deadUnits.activity());
  updateUnits();
}

std::span<const float> SceneState::parameters() const {
  return m_parameters ? std::span<const float>(*m_parameters) : std::span<const float>();
}

void SceneState::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  m_parameters = parameters && m_network && parameters->size() == m_network->parameterCount() ? std::move(parameters) : nullptr;
  if (!m_layout) return;
  m_shown.setParameters(this->parameters());
  updateHighlight();
}

void SceneState::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  if (!m_layout) return;
  const std::vector<std::uint8_t> before = m_deadUnits.marks();
  m_deadUnits.set(*m_layout, activity && activity->network == m_network ? std::move(activity) : nullptr);
  if (!resting()) m_deadUnits.observe(*m_layout, *m_values);
  if (m_deadUnits.marks() != before) ++m_versions.marks;
}

void SceneState::setValues(std::shared_ptr<const Values> values) {
  m_values = values && values->network == m_network ? std::move(values) : nullptr;
  updateUnits();
}

void SceneState::updateUnits() {
  if (!m_layout) return;
  m_shown.setValues(m_values);
  if (!resting()) m_deadUnits.observe(*m_layout, *m_values);
  countSaturated();
  updateHighlight();
}

void SceneState::countSaturated() {
  ++m_versions.marks;
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    m_saturated[b] = 0;
    const std::optional<Limits> limits = resting() || block.folded ? std::nullopt : saturationLimits(*m_layout, block);
    if (!limits) continue;
    const std::span<const float> values = m_values->of(block.valueNode);  // the cells may show something else
    m_saturated[b] = std::size_t(std::count_if(values.begin(), values.end(), [&](float v) { return limits->reached(v); }));
  }
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
  const bool complete = m_layout && m_values && (m_parameters || m_network->parameterCount() == 0);
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
  const bool single = m_network->outputShape().size() == 1;  // nothing else can be meant
  const int best = single ? 0 : winner();
  return best < 0 ? std::nullopt : std::optional(UnitId{m_network->logitsNode(), {best, 0, 0}});
}

void SceneState::setWhole(bool whole) {
  m_namesClasses = whole && m_network && analysis::whyNoClass(*m_network).empty();
  updateHighlight();
}

int SceneState::winner() const {
  return m_layout && m_namesClasses ? winnerOf(m_layout->blockOfNode[std::size_t(m_network->outputs().front())]) : -1;
}

int SceneState::winnerOf(int index) const {
  if (resting() || !m_layout) return -1;
  const Block& block = m_layout->blocks[std::size_t(index)];
  if (!block.isOutput || !block.shape.isVector() || block.shape.channels < 2 || block.folded) return -1;
  return analysis::winnerOf(m_values->of(block.valueNode));  // the cells may show a trace
}

float SceneState::shownValue(const UnitId& unit) const {
  return m_values ? m_values->at(m_layout->shownUnit(unit)) : 0;
}

}  // namespace scene
