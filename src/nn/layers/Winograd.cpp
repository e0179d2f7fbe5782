#include "nn/layers/Winograd.h"

#include "nn/VectorClones.h"
#include "nn/kernels/Kernels.h"

namespace nn {

namespace {

constexpr int kPlaces = 16, kTaps = 9;
constexpr int kFewestMaps = 16;
constexpr int kSmallestMap = 3;

std::size_t groupsOf(int outputs) {
  return (std::size_t(outputs) + kFilterGroup - 1) / kFilterGroup;
}

// The kernels of one group of filters, [tap][kFilterGroup], become the 16 places, `plane` floats apart.
CONVSCOPE_VECTOR_CLONES void transformGroup(const float* __restrict taps, float* __restrict to, std::size_t plane) {
  float rows[4][3][kFilterGroup];
  for (int j = 0; j < 3; ++j)
    for (int f = 0; f < kFilterGroup; ++f) {
      const float first = taps[j * kFilterGroup + f], second = taps[(3 + j) * kFilterGroup + f], third = taps[(6 + j) * kFilterGroup + f];
      const float ends = 0.5f * (first + third), middle = 0.5f * second;
      rows[0][j][f] = first;
      rows[1][j][f] = ends + middle;
      rows[2][j][f] = ends - middle;
      rows[3][j][f] = third;
    }
  for (std::size_t i = 0; i < 4; ++i)
    for (int f = 0; f < kFilterGroup; ++f) {
      const float first = rows[i][0][f], second = rows[i][1][f], third = rows[i][2][f];
      const float ends = 0.5f * (first + third), middle = 0.5f * second;
      to[4 * i * plane + std::size_t(f)] = first;
      to[(4 * i + 1) * plane + std::size_t(f)] = ends + middle;
      to[(4 * i + 2) * plane + std::size_t(f)] = ends - middle;
      to[(4 * i + 3) * plane + std::size_t(f)] = third;
    }
}

}  // namespace

bool winogradPays(const Window& window, int maps, const Shape& output) {
  const bool plain = window.height == 3 && window.width == 3 && window.strideY == 1 && window.strideX == 1 && window.dilationY == 1 &&
                     window.dilationX == 1;
  return plain && maps >= kFewestMaps && output.channels >= kFewestMaps && output.height >= kSmallestMap && output.width >= kSmallestMap;
}

std::size_t winogradWeightCount(int inputs, int outputs) {
  return kPlaces * groupsOf(outputs) * std::size_t(inputs) * kFilterGroup;
}

void packWinograd(const KernelStack& kernels, float* packed) {
  const std::size_t plane = groupsOf(kernels.outputs) * std::size_t(kernels.inputs) * kFilterGroup;
  float taps[kTaps * kFilterGroup] = {};
  for (int group = 0; group < kernels.outputs; group += kFilterGroup)
    for (int input = 0; input < kernels.inputs; ++input, packed += kFilterGroup) {
      for (int f = 0; f < kFilterGroup; ++f) {
        const bool there = group + f < kernels.outputs;
        const float* kernel = kernels.first + (there ? (group + f) * kernels.outputStride + input * kernels.inputStride : 0);
        for (int tap = 0; tap < kTaps; ++tap) taps[tap * kFilterGroup + f] = there ? kernel[kernels.turned ? kTaps - 1 - tap : tap] : 0.0f;
      }
      transformGroup(taps, packed, plane);
    }
}

}  // namespace nn
