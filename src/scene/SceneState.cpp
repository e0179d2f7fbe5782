#include "scene/SceneState.h"

#include <algorithm>
#include <cmath>

#include "analysis/Answer.h"

namespace scene {
namespace {

constexpr float kEven = 1e-6f;            // an input whose cells differ by less shows nothing; a single cell is compared with 0
constexpr float kRestingHeadroom = 7.0f;  // at rest nothing glows: the scale goes beyond what a blank input causes

constexpr double kBelowTop = 0.94;  // of the units with a part in a trace: the others have the color of the end of the scale

// The colors of a trace: a few units stand out so far that the others would all look like nothing.
Scale traceScale(std::span<const float> amounts) {
  std::vector<float> sizes;
  for (const float amount : amounts)
    if (amount != 0) sizes.push_back(std::abs(amount));
  if (sizes.empty()) return {-1, 1, true, true};
  const auto at = sizes.begin() + std::ptrdiff_t(double(sizes.size() - 1) * (sizes.size() > 24 ? kBelowTop : 1.0));
  std::nth_element(sizes.begin(), at, sizes.end());
  const float most = std::max(*at, 1e-6f);
  return {-most, most, true};
}

}  // namespace

void SceneState::setNetwork(std::shared_ptr<const nn::Network> network, Arrangement arrangement) {
  m_network = std::move(network);
  m_namesClasses = m_network && analysis::whyNoClass(*m_network).empty();
  m_values = nullptr;
  m_parameters = nullptr;
  m_hovered.reset();
  m_pins = {};
  m_animation.reset();
  m_windowRun.reset();
  m_scalesSeen = false;
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
  m_traceScales.clear();
  m_layout = m_network ? buildLayout(m_network, arrangement, m_folded) : nullptr;
  if (!m_layout) {
    m_cells.clear();
    return;
  }
  m_cells.assign(m_layout->cellCount, 0);
  m_unitScales.assign(m_layout->blocks.size(), Scale{});
  m_kernelScales.assign(m_layout->blocks.size(), Scale{-1, 1, true});
  m_sheetScales.assign(m_layout->sheets.size(), Scale{});
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
  if (m_parameters) {
    gatherKernels(*m_layout, *m_parameters, m_cells);
    m_kernelScales = kernelScales(*m_layout, m_cells, m_scope);
  }
  updateSheetScales();
  ++m_versions.kernels;
  updateHighlight();
}

void SceneState::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  if (!m_layout) return;
  const std::vector<std::uint8_t> before = m_deadUnits.marks();
  m_deadUnits.set(*m_layout, activity && activity->network == m_network ? std::move(activity) : nullptr);
  if (!m_resting) m_deadUnits.observe(*m_layout, *m_values);
  if (m_deadUnits.marks() != before) ++m_versions.marks;
}

void SceneState::setValues(std::shared_ptr<const Values> values) {
  m_values = values && values->network == m_network ? std::move(values) : nullptr;
  updateUnits();
}

void SceneState::updateUnits() {
  if (!m_layout) return;
  ++m_versions.units;
  if (!m_values) {
    std::fill(m_cells.begin(), m_cells.begin() + std::ptrdiff_t(m_layout->unitCells), 0.0f);
    m_resting = true;
    m_unitScales = unitScales(*m_layout, m_cells, m_scope);
    updateSheetScales();
    countSaturated();
    m_highlight.reset();
    m_caption.clear();
    m_traceScales.clear();
    return;
  }
  gatherUnits(*m_layout, *m_values, m_cells);
  m_resting = true;
  for (const Block& block : m_layout->blocks) {
    if (!block.isInput || block.folded) continue;
    const auto input = std::span<const float>(m_cells).subspan(block.firstCell, block.cellCount());
    const auto [low, high] = std::minmax_element(input.begin(), input.end());
    if (*high - *low > kEven || (input.size() == 1 && std::abs(*high) > kEven)) m_resting = false;
  }
  updateScales();
  if (!m_resting) m_deadUnits.observe(*m_layout, *m_values);
  countSaturated();
  updateHighlight();
}

void SceneState::updateScales() {
  if (!m_resting || !m_scalesSeen) {
    m_unitScales = unitScales(*m_layout, m_cells, m_scope);
    m_scalesSeen = !m_resting;
    for (std::size_t b = 0; m_resting && b < m_unitScales.size(); ++b) {
      if (m_layout->blocks[b].isInput || m_layout->blocks[b].unitRange) continue;
      m_unitScales[b].low *= kRestingHeadroom;
      m_unitScales[b].high *= kRestingHeadroom;
    }
  }
  updateSheetScales();
}

void SceneState::updateSheetScales() {
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    const auto color = [&](int first, int count, const Scale& scale, bool each) {
      if (each)
        sheetScales(*m_layout, m_cells, first, count, scale, m_sheetScales);
      else
        std::fill_n(m_sheetScales.begin() + first, count, scale);
    };
    color(block.firstSheet, block.sheetCount, m_unitScales[b], m_scope == ScaleScope::Map && !m_resting);
    if (block.kernelSheetCount == 0) continue;
    color(block.firstKernelSheet, block.kernelSheetCount, m_kernelScales[b], m_scope == ScaleScope::Map);
  }
}

void SceneState::countSaturated() {
  ++m_versions.marks;
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    m_saturated[b] = 0;
    const std::optional<Limits> limits = m_resting || block.folded ? std::nullopt : saturationLimits(*m_layout, block);
    if (!limits) continue;
    const auto values = std::span<const float>(m_cells).subspan(block.firstCell, block.cellCount());
    m_saturated[b] = std::size_t(std::count_if(values.begin(), values.end(), [&](float v) { return limits->reached(v); }));
  }
}

void SceneState::setScaleScope(ScaleScope scope) {
  if (scope == m_scope) return;
  m_scope = scope;
  if (!m_layout) return;
  if (m_parameters) m_kernelScales = kernelScales(*m_layout, m_cells, m_scope);
  m_scalesSeen = false;
  if (tracing()) gatherUnits(*m_layout, *m_values, m_cells);
  updateScales();
  showTrace();
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
  showTrace();
}

std::optional<UnitId> SceneState::traced() const {
  if (!m_connectionOptions.trace || m_resting) return std::nullopt;
  if (pinned()) return pinned();
  const bool single = m_network->outputShape().size() == 1;  // nothing else can be meant
  const int best = single ? 0 : winner();
  return best < 0 ? std::nullopt : std::optional(UnitId{m_network->logitsNode(), {best, 0, 0}});
}

// The cells of every block that the trace passes take the colors of for and against; without a trace, those of their values.
void SceneState::showTrace() {
  if (!tracing() && m_traceScales.empty()) return;
  if (m_layout && m_values) gatherUnits(*m_layout, *m_values, m_cells);
  ++m_versions.units;
  m_traceScales.clear();
  updateSheetScales();
  if (!tracing()) return;
  m_traceScales.assign(m_layout->blocks.size(), Scale{});
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    const std::vector<float>& shown = m_highlight->trace->amounts[std::size_t(block.valueNode)];
    const std::vector<float>& amounts = shown.empty() ? m_highlight->trace->amounts[std::size_t(block.node)] : shown;
    if (amounts.empty() || block.folded) continue;
    std::copy(amounts.begin(), amounts.end(), m_cells.begin() + std::ptrdiff_t(block.firstCell));
    m_traceScales[b] = traceScale(amounts);
    std::fill_n(m_sheetScales.begin() + block.firstSheet, block.sheetCount, m_traceScales[b]);
  }
}

void SceneState::setWhole(bool whole) {
  m_namesClasses = whole && m_network && analysis::whyNoClass(*m_network).empty();
  updateHighlight();
}

int SceneState::winner() const {
  return m_layout && m_namesClasses ? winnerOf(m_layout->blockOfNode[std::size_t(m_network->outputs().front())]) : -1;
}

int SceneState::winnerOf(int index) const {
  if (m_resting || !m_layout) return -1;
  const Block& block = m_layout->blocks[std::size_t(index)];
  if (!block.isOutput || !block.shape.isVector() || block.shape.channels < 2 || block.folded) return -1;
  return analysis::winnerOf(m_values->of(block.valueNode));  // the cells may show a trace
}

float SceneState::shownValue(const UnitId& unit) const {
  return m_values ? m_values->at(m_layout->shownUnit(unit)) : 0;
}

}  // namespace scene
