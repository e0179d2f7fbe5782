#include "scene/ShownColors.h"

#include <algorithm>
#include <cmath>

namespace scene {

namespace {

// Of a layer that is folded away: its one cell says little about its values.
Scale ofValues(std::span<const float> values) {
  Scale scale{0, 0, false};
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    scale.high = std::max(scale.high, std::abs(value));
    scale.diverging = scale.diverging || value < 0;
  }
  if (scale.high <= 0) scale.high = 1;
  if (scale.diverging) scale.low = -scale.high;
  return scale;
}

}  // namespace

void takeScales(const SceneState& state, Explanation& e) {
  e.inputScales.clear();
  e.kernelScale.reset();
  if (state.empty() || !state.values() || e.unit.node < 0 || e.unit.node >= int(state.network()->nodes().size())) return;
  const Layout& layout = *state.layout();
  for (const Patch& patch : e.patches) {
    const std::optional<CellRef> cell = layout.locate({patch.inputNode, {patch.inputChannel, 0, 0}});
    if (!cell) {
      e.inputScales.clear();
      return;
    }
    const bool folded = layout.sheets[std::size_t(cell->sheet)].kind == Sheet::Kind::Slab;
    e.inputScales.push_back(folded ? ofValues(state.values()->of(patch.inputNode)) : state.shown().valueScaleOf(cell->sheet));
  }
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(e.unit.node)])];
  if (!block.folded && block.node == e.unit.node && e.unit.cell.channel < block.kernelSheetCount)
    e.kernelScale = state.shown().scaleOf(block.firstKernelSheet + e.unit.cell.channel);
}

}  // namespace scene
