// What every machine of its kind can run: SSE2 on x86-64, NEON on 64-bit ARM, and elsewhere whatever the compiler makes of it.
#define CONVSCOPE_WIDTH 4
#if defined(__aarch64__)
#define CONVSCOPE_REGISTERS 32
#else
#define CONVSCOPE_REGISTERS 16
#endif
#include "nn/kernels/TargetCode.h"

namespace nn {
namespace {
#if defined(__x86_64__)
constexpr KernelTable kTable = makeTable("sse2");
#elif defined(__ARM_NEON)
constexpr KernelTable kTable = makeTable("neon");
#else
constexpr KernelTable kTable = makeTable("generic");
#endif
}  // namespace
const KernelTable& baselineKernels() {
  return kTable;
}
}  // namespace nn
