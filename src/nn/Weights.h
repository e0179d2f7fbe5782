// The inside of nn::Weights (declared in nn/Workspace.h), shared with the Workspace.
#pragma once

#include <vector>

#include "nn/AlignedBlock.h"
#include "nn/Workspace.h"

namespace nn {

struct Weights::Impl {
  explicit Impl(std::shared_ptr<const Network> shared);
  std::shared_ptr<const Network> network;
  AlignedBlock flat;
  AlignedBlock packed;
  std::vector<std::size_t> packedOffsets;  // of each node
  std::vector<std::size_t> packedNodes;    // the nodes that have a part of it
};

}  // namespace nn
