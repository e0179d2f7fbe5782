#include "scene/text/UnitText.h"

#include "scene/text/Text.h"

namespace scene {

std::string tell(const SceneState& state, const UnitId& unit) {
  std::string text = state.describe(unit);
  if (!state.values()) return text;
  text += ": " + state.valueWords(unit, state.shownValue(unit));
  if (state.parameters().empty() && state.network()->parameterCount() > 0) return text;
  const UnitEdges edges = edgesInto(*state.layout(), state.parameters(), *state.values(), unit);
  const std::vector<int> first = strongest(edges.edges, 1, Measure::Contribution);
  if (first.empty() || edges.largest(Measure::Contribution) == 0) return text;
  const Edge& edge = edges.edges[std::size_t(first.front())];
  text += "; strongest input: " + state.describe(edge.other) + ", " + state.valueWords(edge.other, edge.input);
  return edge.hasWeight ? text + " × " + shortNumber(edge.weight) : text;
}

}  // namespace scene
