#include "scene/ShownCells.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace scene {
namespace {

constexpr float kEven = 1e-6f;            // an input whose cells differ by less shows nothing; a single cell is compared with 0
constexpr float kRestingHeadroom = 7.0f;  // at rest nothing glows: the scale goes beyond what a blank input causes

// Whether an input shows one even surface: blank paper is not the same number in every channel where a mean was taken away.
bool isEven(std::span<const float> input, const nn::Shape& shape) {
  const nn::Shape picture = nn::pictureShape(shape);
  const std::size_t plane = picture.isVector() ? input.size() : std::size_t(picture.height) * std::size_t(picture.width);
  if (input.size() == 1) return std::abs(input[0]) <= kEven;
  for (std::size_t first = 0; first < input.size(); first += plane) {
    const std::span<const float> channel = input.subspan(first, plane);
    const auto [low, high] = std::minmax_element(channel.begin(), channel.end());
    if (*high - *low > kEven) return false;
  }
  return true;
}

}  // namespace

void ShownCells::setLayout(std::shared_ptr<const Layout> layout) {
  m_layout = std::move(layout);
  m_field = nullptr;
  m_values = nullptr;
  m_parameters = {};
  m_resting = true;
  m_scalesSeen = false;
  m_traced = nullptr;
  m_inCells = {};
  m_fieldScales.clear();
  m_cells.assign(m_layout ? m_layout->cellCount : 0, 0);
  if (!m_layout) return;
  m_unitScales = unitScales(*m_layout, m_cells, m_scope);
  m_kernelScales.assign(m_layout->blocks.size(), Scale{-1, 1, true});
  m_sheetScales.assign(m_layout->sheets.size(), Scale{});
  updateSheetScales();
}

void ShownCells::replaceBy(ShownCells&& other, bool sameNetwork) {
  const std::shared_ptr<const CellField> field = sameNetwork ? m_field : nullptr;
  const ScaleScope scope = m_scope;
  const auto versions = m_versions;
  *this = std::move(other);
  m_versions = {versions.units + 1, versions.kernels + 1};  // whoever has seen those before sees that these are others
  setScope(scope);
  setField(field);
}

void ShownCells::setParameters(std::span<const float> parameters) {
  m_parameters = parameters;
  if (!m_layout) return;
  showKernels();
  updateSheetScales();
}

// The cells of the kernels: the field's numbers where it has any, else the weights.
void ShownCells::showKernels() {
  ++m_versions.kernels;
  m_inCells.weights = m_field && !m_field->weights.empty() ? m_field->weights.data() : nullptr;
  if (m_parameters.empty() && !m_inCells.weights) return;
  gatherKernels(*m_layout, m_inCells.weights ? std::span<const float>(m_field->weights) : m_parameters, m_cells);
  m_kernelScales = kernelScales(*m_layout, m_cells, m_scope);
}

void ShownCells::setField(std::shared_ptr<const CellField> field) {
  if (field && (!m_layout || field->network != m_layout->network || field->units.size() > m_layout->network->nodes().size() ||
                (!field->weights.empty() && field->weights.size() != m_layout->network->parameterCount())))
    field = nullptr;
  if (field == m_field) return;
  const std::shared_ptr<const CellField> before = std::exchange(m_field, std::move(field));  // its numbers are compared by their place
  if (m_layout) showField();
}

void ShownCells::setTraced(const UnitNumbers* amounts) {
  if (!amounts && !m_traced) return;
  m_traced = amounts;
  if (m_layout) showField();
}

void ShownCells::setValues(std::shared_ptr<const Values> values) {
  if (!values && !m_values) return;
  m_values = std::move(values);
  m_resting = true;
  if (!m_layout) return;
  ++m_versions.units;
  m_inCells.units = nullptr;
  m_traced = nullptr;  // it was of the values before
  if (!m_values) {
    std::fill(m_cells.begin(), m_cells.begin() + std::ptrdiff_t(m_layout->firstKernelCell), 0.0f);
    m_unitScales = unitScales(*m_layout, m_cells, m_scope);
    m_fieldScales.clear();
    updateSheetScales();
    return;
  }
  gatherUnits(*m_layout, *m_values, m_cells);
  // By its values, since the cells of a folded one do not show them.
  for (const int input : m_layout->network->inputs())
    if (!isEven(m_values->of(input), m_layout->network->node(input).shape)) m_resting = false;
  updateScales();
  showField();
}

void ShownCells::setScope(ScaleScope scope) {
  if (scope == m_scope) return;
  m_scope = scope;
  if (!m_layout) return;
  if (!m_parameters.empty()) m_kernelScales = kernelScales(*m_layout, m_cells, m_scope);
  m_scalesSeen = false;
  if (m_inCells.units) gatherUnits(*m_layout, *m_values, m_cells);
  m_inCells.units = nullptr;
  updateScales();
  showField();
}

void ShownCells::updateScales() {
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

void ShownCells::updateSheetScales() {
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

// What the cells show: of a trace its parts, for and against; else the field's numbers; else activations and weights.
void ShownCells::showField() {
  const void* weights = m_field && !m_field->weights.empty() ? m_field->weights.data() : nullptr;
  if (weights != m_inCells.weights) {
    showKernels();
    updateSheetScales();
  }
  const UnitNumbers* units = nullptr;
  if (m_traced) {
    units = m_traced;
  } else if (m_field && !m_field->units.empty() && !m_resting) {
    units = &m_field->units;
  }
  if (units && units == m_inCells.units && !m_traced) return;
  if (!units && m_fieldScales.empty()) return;
  if (m_layout && m_values) gatherUnits(*m_layout, *m_values, m_cells);
  ++m_versions.units;
  m_inCells.units = units;
  m_fieldScales.clear();
  updateSheetScales();
  if (units) showUnits(*units, m_traced || m_field->isSigned, !m_traced);
}

// The cells of every block that there are numbers of. byScope: each map or the whole network may have a scale of its own; the parts of a
// trace are compared within a layer.
void ShownCells::showUnits(const UnitNumbers& numbers, bool isSigned, bool byScope) {
  m_fieldScales.assign(m_layout->blocks.size(), std::nullopt);
  const auto of = [&](int node) {
    return std::size_t(node) < numbers.size() ? std::span(numbers[std::size_t(node)]) : std::span<const float>();
  };
  float most = 0;
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    const std::span<const float> amounts = of(block.valueNode).empty() ? of(block.node) : of(block.valueNode);
    if (amounts.size() != block.cellCount() || block.folded) continue;
    std::copy(amounts.begin(), amounts.end(), m_cells.begin() + std::ptrdiff_t(block.firstCell));
    m_fieldScales[b] = fieldScale(amounts, isSigned);
    if (!m_fieldScales[b]->nothing) most = std::max(most, m_fieldScales[b]->high);
  }
  for (std::size_t b = 0; b < m_layout->blocks.size(); ++b) {
    const Block& block = m_layout->blocks[b];
    if (!m_fieldScales[b]) continue;
    Scale& scale = *m_fieldScales[b];
    if (byScope && m_scope == ScaleScope::Network && most > 0) scale = {isSigned ? -most : 0.0f, most, isSigned};
    if (byScope && m_scope == ScaleScope::Map && !scale.nothing)
      sheetScales(*m_layout, m_cells, block.firstSheet, block.sheetCount, scale, m_sheetScales);
    else
      std::fill_n(m_sheetScales.begin() + block.firstSheet, block.sheetCount, scale);
  }
}

}  // namespace scene
