#if defined(__x86_64__)
#define CONVSCOPE_WIDTH 8
#define CONVSCOPE_REGISTERS 16
#include "nn/kernels/TargetCode.h"

namespace nn {
namespace {
constexpr KernelTable kTable = makeTable("avx2");
}
const KernelTable* avx2Kernels() {
  return &kTable;
}
}  // namespace nn
#else
#include "nn/kernels/Kernels.h"

namespace nn {
const KernelTable* avx2Kernels() {
  return nullptr;
}
}  // namespace nn
#endif
