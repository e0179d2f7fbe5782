#include "scene/SceneState.h"

#include <algorithm>
#include <cmath>

#include "analysis/Answer.h"

namespace scene {

void SceneState::setNetwork(std::shared_ptr<const nn::Network> network, Arrangement arrangement) {
  m_network = std::move(network);
  m_namesClasses = m_network && analysis::whyNoClass(*m_network).empty();
  m_values = nullptr;
  m_parameters = nullptr;
  m_hovered.reset();
  m_pins = {};
  m_animation.reset();
  m_windowRun.reset();
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
  m_hovered.reset();
  rebuildLayout(arrangement);
}

void SceneState::rebuildLayout(Arrangement arrangement) {
  ++m_versions.layout;
  m_highlight.reset();
  m_heldWeight.reset();
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

void SceneState::setHovered(const std::optional<Pick>& pick) {
  if (m_hovered.has_value() == pick.has_value() && (!pick || m_hovered->cell == pick->cell)) {
    m_hovered = pick;
    return;
  }
  m_hovered = pick;
  if (tracing() || m_animation) {
    ++m_versions.highlight;  // the frame around the hovered cell; the trace stays, and so does an animation
    return;
  }
  updateHighlight();
}

void SceneState::setPinned(const std::optional<UnitId>& unit) {
  if (unit && (!m_layout || !m_layout->locate(*unit))) return;
  m_pins.current = unit;
  updateHighlight();
}

void SceneState::setKept(const std::vector<UnitId>& units) {
  std::vector<UnitId> known;
  for (const UnitId& unit : units)
    if (m_layout && m_layout->locate(unit)) known.push_back(unit);
  if (known == m_pins.kept) return;
  m_pins.kept = std::move(known);
  ++m_versions.highlight;
}

void SceneState::setHeldWeight(const std::optional<Pick>& pick) {
  if (pick && !pick->kernel) return;
  if (!pick && !m_heldWeight) return;
  m_heldWeight = pick;
  updateHighlight();
}

// The weight under the pointer; the one that is held, where there is nothing under the pointer.
std::optional<CellRef> SceneState::highlightedWeight() const {
  const std::optional<Pick>& asked = m_hovered ? m_hovered : m_heldWeight;
  return asked && asked->kernel ? std::optional(asked->cell) : std::nullopt;
}

void SceneState::setConnectionOptions(const ConnectionOptions& connectionOptions) {
  if (connectionOptions == m_connectionOptions) return;
  m_connectionOptions = connectionOptions;
  updateHighlight();
}

void SceneState::updateHighlight() {
  ++m_versions.highlight;
  m_highlight.reset();
  m_caption.clear();
  const bool complete = m_layout && m_values && (m_parameters || m_network->parameterCount() == 0);
  if (m_animation) {
    if (complete) play();
  } else if (const std::optional<UnitId> unit = complete ? traced() : std::nullopt) {
    m_highlight = highlightTrace(*m_layout, parameters(), *m_values, *unit, m_connectionOptions);
  } else if (const std::optional<CellRef> weight = complete ? highlightedWeight() : std::nullopt) {
    m_highlight = highlightWeight(*m_layout, parameters(), *m_values, *weight, m_connectionOptions);
  } else if (complete && ((m_hovered && !m_hovered->slab) || pinned())) {
    m_highlight =
        highlightUnit(*m_layout, parameters(), *m_values, m_hovered && !m_hovered->slab ? m_hovered->unit : *pinned(), m_connectionOptions);
  }
  m_shown.setTraced(tracing() ? &m_highlight->trace->amounts : nullptr);
}

std::optional<UnitId> SceneState::traced() const {
  if (!m_connectionOptions.trace || resting()) return std::nullopt;
  if (pinned()) return pinned();
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
  const std::span<const float> values = m_values->of(block.valueNode);  // the cells may show a trace
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); })) return -1;
  return int(std::max_element(values.begin(), values.end()) - values.begin());
}

float SceneState::shownValue(const UnitId& unit) const {
  return m_values ? m_values->at(m_layout->shownUnit(unit)) : 0;
}

}  // namespace scene
