// One allocation of floats, zeroed, and aligned for the widest vectors, so that threads which share it at multiples of 16 never share a
// cache line. Movable, never copied.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "nn/Error.h"

namespace nn {

inline constexpr std::size_t kAlignment = 64;  // bytes
inline constexpr std::size_t kAlignedFloats = kAlignment / sizeof(float);

inline std::size_t roundUp(std::size_t floats) {
  return (floats + kAlignedFloats - 1) / kAlignedFloats * kAlignedFloats;
}

class AlignedBlock {
 public:
  // Throws Error when the memory is not to be had.
  explicit AlignedBlock(std::size_t floats);
  float* data() { return m_data.get(); }
  const float* data() const { return m_data.get(); }
  std::size_t size() const { return m_size; }
  std::span<float> values() { return {m_data.get(), m_size}; }
  std::span<const float> values() const { return {m_data.get(), m_size}; }

 private:
  struct Free {
    void operator()(float* data) const;
  };
  std::unique_ptr<float, Free> m_data;
  std::size_t m_size;
};

}  // namespace nn
