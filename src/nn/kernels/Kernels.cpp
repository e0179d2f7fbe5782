#include "nn/kernels/Kernels.h"

#include <cstdlib>

#include "nn/Workspace.h"

namespace nn {

namespace {

// The widest target of the machine itself: 2 AVX-512, 1 AVX2, 0 the baseline.
int machineLevel() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512bw");
  return wide ? 2 : 1;
#else
  return 0;
#endif
}

}  // namespace

const KernelTable& chooseKernels() {
  int level = machineLevel();
  if (const char* forced = std::getenv("CONVSCOPE_ISA")) {
    const std::string_view name = forced;
    if (name == "avx2" && level > 1) level = 1;
    if (name == "sse2" || name == "neon" || name == "generic") level = 0;
  }
  const KernelTable* table = level == 2 ? avx512Kernels() : level == 1 ? avx2Kernels() : nullptr;
  return table ? *table : baselineKernels();
}

std::size_t convolutionScratch(int inputChannels, int kernelHeight, int kernelWidth) {
  constexpr std::size_t kMostFilters = 8, kMostWidth = 16;
  return (std::size_t(inputChannels) * std::size_t(kernelHeight) * std::size_t(kernelWidth) * kMostFilters + kMostWidth) * kMostWidth;
}

std::size_t winogradScratch(int inputChannels) {
  constexpr std::size_t kPlaces = 16, kGap = kLanes;
  const std::size_t inputs = std::size_t(inputChannels) * kWinogradTiles * kLanes,
                    products = std::size_t(kFilterGroup) * kWinogradTiles * kLanes;
  return kPlaces * (inputs + products + 2 * kGap);
}

std::size_t winogradGradientScratch(int inputChannels, int outputChannels, int outputWidth) {
  constexpr std::size_t kPlaces = 16, kGap = kLanes;
  const std::size_t channels = (std::size_t(inputChannels) + kLanes - 1) / kLanes * kLanes;
  const std::size_t filters = (std::size_t(outputChannels) + kFilterGroup - 1) / kFilterGroup * kFilterGroup;
  const std::size_t turned = 4 * (std::size_t(outputWidth) + 3) * (channels * kLanes + kGap);
  const std::size_t lanes = std::size_t(kWinogradGradientTiles) * kLanes;
  return kPlaces * (filters * channels + lanes * (channels + filters) + 2 * kGap) + turned;
}

std::size_t denseScratch(int inputs, int lanes) {
  return (std::size_t(inputs) + 15) / 16 * 16 * std::size_t(lanes);
}

std::string_view instructionSet() {
  return chooseKernels().name;
}

}  // namespace nn
