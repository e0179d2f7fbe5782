// Plain CHW values into a tensor of a Workspace, and out of it again; training does it for every sample. Pure functions of their
// arguments; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "nn/LayerCalls.h"

namespace nn {

// One lane; as many values as the tensor has cells.
void writeLane(std::span<const float> values, const Tensor& tensor, int lane);
void readLane(const ConstTensor& tensor, int lane, std::span<float> values);
// All kLanes lanes at once, several times faster.
void writeAllLanes(const float* const* samples, const Tensor& tensor);
// The same of pictures as bytes, times `scale`: of `shape`, which has as many channels as the tensor and is no larger; they come to lie in
// its middle, with zeros around.
void writeByteImages(const std::uint8_t* const* images, const Shape& shape, float scale, const Tensor& tensor);

}  // namespace nn
