#include "scene/text/UnitText.h"

#include "analysis/Answer.h"
#include "scene/text/Formula.h"
#include "scene/text/Text.h"

namespace scene {

std::string describe(const SceneState& state, const UnitId& unit) {
  const Layout& layout = *state.layout();
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(unit.node)])];
  const nn::Cell& c = unit.cell;
  const std::string answer = analysis::answerWords(*state.network(), unit.node, c.channel);
  if (block.isOutput && block.shape.size() == 1) return block.name;
  if (block.shape.isVector()) return block.name + " · " + (answer.empty() ? "unit " + std::to_string(c.channel + 1) : answer);
  const std::string place = "row " + std::to_string(c.row + 1) + ", column " + std::to_string(c.column + 1);
  if (block.shape.channels == 1) return block.name + " · " + place;
  if (!answer.empty()) return block.name + " · " + answer + ", " + place;
  return block.name + " · map " + std::to_string(c.channel + 1) + ", " + place;
}

std::string describe(const SceneState& state, const Pick& pick) {
  const Layout& layout = *state.layout();
  if (pick.slab) {
    const Block& folded = layout.blocks[std::size_t(layout.sheets[std::size_t(pick.cell.sheet)].block)];
    return folded.name + " · " + folded.dims + ", folded away";
  }
  if (!pick.kernel) return describe(state, pick.unit);
  const Sheet& sheet = layout.sheets[std::size_t(pick.cell.sheet)];
  const Block& block = layout.blocks[std::size_t(sheet.block)];
  const KernelTile& tile = layout.tiles[sheet.firstTile + std::size_t(pick.cell.tile)];
  return block.name + " · kernel " + std::to_string(tile.inputChannel + 1) + " → " + std::to_string(sheet.channel + 1) + ", row " +
         std::to_string(pick.cell.row + 1) + ", column " + std::to_string(pick.cell.column + 1);
}

std::string tracedName(const SceneState& state) {
  if (!state.tracing()) return {};
  const UnitId& unit = state.highlight()->unit;
  if (!isLogit(*state.layout(), unit)) return describe(state, unit);
  const std::string name = analysis::answerWords(*state.network(), unit.node, unit.cell.channel);
  if (name.empty()) return describe(state, unit);
  const bool compared = state.highlight()->against >= 0;
  return compared ? name + " − " + analysis::answerWords(*state.network(), unit.node, state.highlight()->against) : name;
}

std::string conditionOf(const SceneState& state, const UnitId& unit) {
  if (state.resting() || !state.values()) return {};
  const Layout& layout = *state.layout();
  const int b = layout.blockOfNode[std::size_t(unit.node)];
  const Block& block = layout.blocks[std::size_t(b)];
  const std::size_t flat = nn::flatIndex(state.network()->node(unit.node).shape, unit.cell);
  if (state.deadUnits().dead(layout, b, flat)) {
    const std::string what = block.shape.isVector() ? "dead: zero for all " : "dead map: zero everywhere for all ";
    return what + std::to_string(state.deadUnits().activity()->pictures) + " sample pictures";
  }
  const std::optional<Limits> limits = saturationLimits(layout, block);
  if (limits && limits->reached(shownValue(state, unit))) return "saturated: hardly any gradient passes";
  return {};
}

std::string valueWords(const SceneState& state, const UnitId& unit, float value) {
  const Layout& layout = *state.layout();
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(unit.node)])];
  const nn::Layer& layer = *state.network()->node(block.valueNode).layer;
  return scene::valueWords(layer.combineKind(), layer.activation(), std::size_t(block.shape.channels), value);
}

float shownValue(const SceneState& state, const UnitId& unit) {
  return state.values() ? state.values()->at(state.layout()->shownUnit(unit)) : 0;
}

std::string tell(const SceneState& state, const UnitId& unit) {
  std::string text = describe(state, unit);
  if (!state.values()) return text;
  text += ": " + valueWords(state, unit, shownValue(state, unit));
  if (state.parameters().empty() && state.network()->parameterCount() > 0) return text;
  const UnitEdges edges = edgesInto(*state.layout(), state.parameters(), *state.values(), unit);
  const std::vector<int> first = strongest(edges.edges, 1, Measure::Contribution);
  if (first.empty() || edges.largest(Measure::Contribution) == 0) return text;
  const Edge& edge = edges.edges[std::size_t(first.front())];
  text += "; strongest input: " + describe(state, edge.other) + ", " + valueWords(state, edge.other, edge.input);
  return edge.hasWeight ? text + " × " + shortNumber(edge.weight) : text;
}

}  // namespace scene
