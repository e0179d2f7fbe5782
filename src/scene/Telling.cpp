#include "scene/Telling.h"

#include <cstdio>

namespace scene {

namespace {

std::string number(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", double(value));
  return text[0] == '-' ? std::string("\u2212") + (text + 1) : std::string(text);
}

}  // namespace

std::string tell(const SceneState& state, const UnitId& unit) {
  std::string text = state.describe(unit);
  if (!state.values()) return text;
  text += ": " + number(state.shownValue(unit));
  if (state.parameters().empty() && state.network()->parameterCount() > 0) return text;
  const UnitEdges edges = edgesInto(*state.layout(), state.parameters(), *state.values(), unit);
  const std::vector<int> first = strongest(edges.edges, 1, Measure::Contribution);
  if (first.empty() || edges.largest(Measure::Contribution) == 0) return text;
  const Edge& edge = edges.edges[std::size_t(first.front())];
  text += "; strongest input: " + state.describe(edge.other) + ", " + number(edge.input);
  return edge.hasWeight ? text + " × " + number(edge.weight) : text;
}

}  // namespace scene
