// What every node of a network costs and how far it sees: parameters, multiply-adds, memory, receptive field. Plain data
// computed from the network alone, once, by whoever shows it (cost table, `convscope describe`, the inspector). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// The part of the network's (first) input that one cell of a node can depend on, along both axes, in input pixels.
// Cell (row, column) sees rows  top + row * strideY  to  top + row * strideY + height - 1; these may lie outside the
// input where padding is used. Stride 0: every cell has the same field (dense), or its position says nothing (flatten).
struct ReceptiveField {
  double height = 1, width = 1;
  double strideY = 1, strideX = 1;
  double top = 0, left = 0;
  bool operator==(const ReceptiveField&) const = default;
};

struct NodeCost {
  int node = 0;
  std::string name;
  std::string type;
  nn::Shape outputShape;
  std::uint64_t parameters = 0;       // that are learned: without the running means of batch normalization
  std::uint64_t multiplyAdds = 0;     // one sample, forward
  std::uint64_t activationBytes = 0;  // one sample, float32
  ReceptiveField receptiveField;
};

struct NetworkCost {
  std::vector<NodeCost> nodes;  // in the network's order
  std::uint64_t parameters = 0;
  std::uint64_t multiplyAdds = 0;
  std::uint64_t activationBytes = 0;
};

NetworkCost costOf(const nn::Network& network);

}  // namespace analysis
