#include "nn/AlignedBlock.h"

#include <cstring>
#include <new>

namespace nn {

AlignedBlock::AlignedBlock(std::size_t floats) : m_size(floats) {
  constexpr std::size_t kMostFloats = std::size_t(1) << 40;
  void* memory = floats > kMostFloats ? nullptr : ::operator new(floats * sizeof(float), std::align_val_t(kAlignment), std::nothrow);
  if (!memory)
    throw Error("The network needs " + std::to_string(floats / (1 << 18)) + " MB of memory, more than there is", "Memory",
                "Make the network smaller");
  std::memset(memory, 0, floats * sizeof(float));
  m_data.reset(static_cast<float*>(memory));
}

void AlignedBlock::Free::operator()(float* data) const {
  ::operator delete(data, std::align_val_t(kAlignment));
}

}  // namespace nn
