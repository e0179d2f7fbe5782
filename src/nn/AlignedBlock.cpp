#include "nn/AlignedBlock.h"

#include <cstring>
#include <new>

#include "nn/FreeMemory.h"

namespace nn {

namespace {
constexpr std::size_t kManyFloats = std::size_t(1) << 24;
constexpr const char* kHint = "Make the network smaller, use fewer threads, or close other programs";
}  // namespace

AlignedBlock::AlignedBlock(std::size_t floats) : m_size(floats) {
  constexpr std::size_t kMostFloats = std::size_t(1) << 40;
  // Where memory runs out, the system would end the program rather than refuse.
  if (floats > kManyFloats) requireMemory(double(floats) * sizeof(float), "The network", "Memory", kHint);
  void* memory = floats > kMostFloats ? nullptr : ::operator new(floats * sizeof(float), std::align_val_t(kAlignment), std::nothrow);
  if (!memory)
    throw Error("The network needs " + std::to_string(floats / (1 << 18)) + " MB of memory, more than there is", "Memory", kHint);
  std::memset(memory, 0, floats * sizeof(float));
  m_data.reset(static_cast<float*>(memory));
}

void AlignedBlock::Free::operator()(float* data) const {
  ::operator delete(data, std::align_val_t(kAlignment));
}

}  // namespace nn
