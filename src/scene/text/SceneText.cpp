#include "analysis/Answer.h"
#include "scene/SceneState.h"
#include "scene/text/Formula.h"

namespace scene {

std::string SceneState::describe(const UnitId& unit) const {
  const Block& block = m_layout->blocks[std::size_t(m_layout->blockOfNode[std::size_t(unit.node)])];
  const nn::Cell& c = unit.cell;
  const std::string answer = analysis::answerWords(*m_request.network, unit.node, c.channel);
  if (block.isOutput && block.shape.size() == 1) return block.name;
  if (block.shape.isVector()) return block.name + " · " + (answer.empty() ? "unit " + std::to_string(c.channel + 1) : answer);
  const std::string place = "row " + std::to_string(c.row + 1) + ", column " + std::to_string(c.column + 1);
  if (block.shape.channels == 1) return block.name + " · " + place;
  if (!answer.empty()) return block.name + " · " + answer + ", " + place;
  return block.name + " · map " + std::to_string(c.channel + 1) + ", " + place;
}

std::string SceneState::describe(const Pick& pick) const {
  if (pick.slab) {
    const Block& folded = m_layout->blocks[std::size_t(m_layout->sheets[std::size_t(pick.cell.sheet)].block)];
    return folded.name + " · " + folded.dims + ", folded away";
  }
  if (!pick.kernel) return describe(pick.unit);
  const Sheet& sheet = m_layout->sheets[std::size_t(pick.cell.sheet)];
  const Block& block = m_layout->blocks[std::size_t(sheet.block)];
  const KernelTile& tile = m_layout->tiles[sheet.firstTile + std::size_t(pick.cell.tile)];
  return block.name + " · kernel " + std::to_string(tile.inputChannel + 1) + " → " + std::to_string(sheet.channel + 1) + ", row " +
         std::to_string(pick.cell.row + 1) + ", column " + std::to_string(pick.cell.column + 1);
}

std::string SceneState::tracedName() const {
  if (!tracing()) return {};
  const UnitId& unit = m_highlight->unit;
  if (!isLogit(*m_layout, unit)) return describe(unit);
  const std::string name = analysis::answerWords(*m_request.network, unit.node, unit.cell.channel);
  if (name.empty()) return describe(unit);
  const bool compared = m_highlight->against >= 0;
  return compared ? name + " − " + analysis::answerWords(*m_request.network, unit.node, m_highlight->against) : name;
}

std::string SceneState::conditionOf(const UnitId& unit) const {
  if (resting() || !m_values) return {};
  const int b = m_layout->blockOfNode[std::size_t(unit.node)];
  const Block& block = m_layout->blocks[std::size_t(b)];
  const std::size_t flat = nn::flatIndex(m_request.network->node(unit.node).shape, unit.cell);
  if (m_deadUnits.dead(*m_layout, b, flat)) {
    const std::string what = block.shape.isVector() ? "dead: zero for all " : "dead map: zero everywhere for all ";
    return what + std::to_string(m_deadUnits.activity()->pictures) + " sample pictures";
  }
  const std::optional<Limits> limits = saturationLimits(*m_layout, block);
  if (limits && limits->reached(shownValue(unit))) return "saturated: hardly any gradient passes";
  return {};
}

std::string SceneState::valueWords(const UnitId& unit, float value) const {
  const Block& block = m_layout->blocks[std::size_t(m_layout->blockOfNode[std::size_t(unit.node)])];
  const nn::Layer& layer = *m_request.network->node(block.valueNode).layer;
  return scene::valueWords(layer.combineKind(), layer.activation(), std::size_t(block.shape.channels), value);
}

}  // namespace scene
