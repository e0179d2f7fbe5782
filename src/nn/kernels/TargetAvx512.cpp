#if defined(__x86_64__)
#define CONVSCOPE_WIDTH 16
#define CONVSCOPE_REGISTERS 32
#include "nn/kernels/TargetCode.h"

namespace nn {
namespace {
constexpr KernelTable kTable = makeTable("avx512");
}
const KernelTable* avx512Kernels() {
  return &kTable;
}
}  // namespace nn
#else
#include "nn/kernels/Kernels.h"

namespace nn {
const KernelTable* avx512Kernels() {
  return nullptr;
}
}  // namespace nn
#endif
