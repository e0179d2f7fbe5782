#include "nn/Interventions.h"

#include <algorithm>
#include <cassert>

#include "nn/LayerCalls.h"

namespace nn {

namespace {

// function(cell, intervention) for each unit of the node that is held.
template <typename Function>
void forEachHeld(std::span<const Intervention> interventions, int node, const Shape& shape, Function function) {
  for (const Intervention& held : interventions) {
    if (held.node != node) continue;
    assert(held.first + held.count <= shape.size() && held.low <= held.high);
    for (std::size_t i = held.first; i < held.first + held.count; ++i) function(cellAt(shape, i), held);
  }
}

}  // namespace

void holdUnits(std::span<const Intervention> interventions, int node, const Tensor& values) {
  forEachHeld(interventions, node, values.shape, [&](const Cell& cell, const Intervention& held) {
    float* value = values.at(cell.channel, cell.row, cell.column);
    for (int lane = 0; lane < values.lanes; ++lane) value[lane] = std::clamp(value[lane], held.low, held.high);
  });
}

void clearGradientOfHeld(std::span<const Intervention> interventions, int node, const ConstTensor& values, const Tensor& gradient) {
  forEachHeld(interventions, node, values.shape, [&](const Cell& cell, const Intervention& held) {
    const float* value = values.at(cell.channel, cell.row, cell.column);
    float* slope = gradient.at(cell.channel, cell.row, cell.column);
    for (int lane = 0; lane < values.lanes; ++lane)
      if (value[lane] <= held.low || value[lane] >= held.high) slope[lane] = 0;
  });
}

}  // namespace nn
