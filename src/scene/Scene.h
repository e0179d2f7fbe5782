// The types that the scene's rooms share: which unit, what values. Plain data; no Qt, no GL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nn/Network.h"
#include "nn/Workspace.h"

namespace scene {

// One unit: a cell of one node's output.
struct UnitId {
  int node = -1;
  nn::Cell cell;
  bool operator==(const UnitId&) const = default;
};

// Activations of every node for one input, CHW, one array: node i begins at offset[i]. Immutable once shared.
struct Values {
  std::shared_ptr<const nn::Network> network;
  std::vector<std::size_t> offset;
  std::vector<float> values;
  std::uint64_t version = 0;                               // larger is newer
  std::shared_ptr<const std::vector<float>> parameters{};  // that they were computed with, where it is known
  std::span<const float> of(int node) const {
    return std::span(values).subspan(offset[std::size_t(node)], network->node(node).shape.size());
  }
  float at(const UnitId& unit) const { return of(unit.node)[nn::flatIndex(network->node(unit.node).shape, unit.cell)]; }
};

// Reads all activations of one lane out of a workspace after forward().
std::shared_ptr<const Values> collectValues(const nn::Workspace& workspace, std::uint64_t version, int lane = 0,
                                            std::shared_ptr<const std::vector<float>> parameters = nullptr);

}  // namespace scene
