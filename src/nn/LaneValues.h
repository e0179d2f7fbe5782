// Plain CHW values into a tensor of a Workspace, and out of it again. Pure functions of their arguments; any thread.
#pragma once

#include <span>

#include "nn/LayerCalls.h"

namespace nn {

// One lane; as many values as the tensor has cells.
void writeLane(std::span<const float> values, const Tensor& tensor, int lane);
void readLane(const ConstTensor& tensor, int lane, std::span<float> values);
// All kLanes lanes at once, several times faster.
void writeAllLanes(const float* const* samples, const Tensor& tensor);

}  // namespace nn
