// Where each node's tensors lie in a Workspace's one block of memory: offsets, strides and halos, computed once from the network.
#pragma once

#include <optional>
#include <vector>

#include "nn/LayerCalls.h"
#include "nn/Network.h"

namespace nn {

struct TensorPlan {
  std::size_t start = 0;  // of the whole tensor with its halo, in floats from the block's beginning
  std::size_t count = 0;  // floats, all included
  std::size_t first = 0;  // of cell (0, 0, 0)
  Shape shape;
  Halo halo;
  std::ptrdiff_t rowStride = 0;
  std::ptrdiff_t channelStride = 0;
};

struct MemoryPlan {
  MemoryPlan(const Network& network, int lanes, bool gradients);

  int lanes;
  std::vector<TensorPlan> activations;     // of each node
  std::vector<TensorPlan> gradients;       // of each node; empty without
  std::vector<TensorPlan> preActivations;  // values before the activation, where derivativeNeedsInput(); else without floats
  std::vector<TensorPlan>
      preActivationGradients;  // of each node, all in one place: what a layer's backward reads where the node's own gradient must be kept
  std::size_t scratchStart = 0;
  std::size_t total = 0;  // floats of the block

 private:
  TensorPlan place(const Shape& shape, const Halo& halo, bool contiguous);
};

}  // namespace nn
