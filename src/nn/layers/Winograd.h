// When a convolution is computed by Winograd's F(2x2, 3x3) instead of tap by tap, and its kernels in the transformed form that
// nn/kernels wants them in. Shared by the layers that slide 3x3 kernels.
#pragma once

#include <cstddef>

#include "nn/Layer.h"

namespace nn {

// Whether it pays for blocks of samples: 3x3 kernels that move by one cell, and enough maps on both sides to make up for the
// transforms of the tiles.
bool winogradPays(const Window& window, int maps, const Shape& output);

// Kernels [from][to][3][3] or [to][from][3][3], as two strides in floats tell.
struct KernelStack {
  const float* first = nullptr;
  int inputs = 0, outputs = 0;
  std::ptrdiff_t inputStride = 0, outputStride = 0;
  bool turned = false;  // by half a turn, for the data gradient
};

// Floats that packWinograd() writes.
std::size_t winogradWeightCount(int inputs, int outputs);
// G g G' of each kernel (Lavin & Gray 2016): [place][filter group][input][kFilterGroup].
void packWinograd(const KernelStack& kernels, float* packed);

}  // namespace nn
