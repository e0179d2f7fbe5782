// Puts the pictures of a whole block, as bytes, into the lanes of a workspace's input; training does it for every sample.
#pragma once

#include <cstdint>

#include "nn/LayerCalls.h"
#include "nn/Workspace.h"

namespace nn {

// `images`: kLanes pictures of `shape`, which has as many channels as the tensor and is no larger; they come to lie in its middle,
// times `scale`, with zeros around.
void writeByteImages(const std::uint8_t* const* images, const Shape& shape, float scale, const Tensor& tensor);

}  // namespace nn
