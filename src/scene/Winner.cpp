#include "scene/Winner.h"

#include "analysis/Answer.h"

namespace scene {

bool namesClasses(const SceneState& state) {
  return state.network() && state.request().whole && analysis::whyNoClass(*state.network()).empty();
}

int winner(const SceneState& state) {
  if (state.empty() || !namesClasses(state)) return -1;
  return winnerOf(state, state.layout()->blockOfNode[std::size_t(state.network()->outputs().front())]);
}

int winnerOf(const SceneState& state, int index) {
  if (state.empty() || state.resting()) return -1;
  const Block& block = state.layout()->blocks[std::size_t(index)];
  if (!block.isOutput || !block.shape.isVector() || block.shape.channels < 2 || block.folded) return -1;
  if (analysis::answerName(*state.network(), block.node, 0).empty()) return -1;  // values that are no classes
  return analysis::winnerOf(state.values()->of(block.valueNode));                // the cells may show a trace
}

}  // namespace scene
