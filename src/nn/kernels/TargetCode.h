// All kernels for one target, included once by each Target*.cpp after it has set CONVSCOPE_WIDTH and CONVSCOPE_REGISTERS.
#pragma once

#include "nn/kernels/ConvolutionCode.h"
#include "nn/kernels/ConvolutionGradientCode.h"
#include "nn/kernels/DenseCode.h"
#include "nn/kernels/PoolCode.h"
#include "nn/kernels/WinogradCode.h"
#include "nn/kernels/WinogradGradientCode.h"

namespace nn {
namespace {

constexpr KernelTable makeTable(const char* name) {
  return {name,
          convolution,
          convolutionGradient,
          winograd,
          winogradGradient,
          scatter,
          dense,
          denseInputGradient,
          denseWeightGradient,
          maxPool,
          maxPoolGradient,
          activateRun,
          differentiateRun};
}

}  // namespace
}  // namespace nn
