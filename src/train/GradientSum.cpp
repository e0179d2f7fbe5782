#include "train/GradientSum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <new>

namespace train {

namespace {

constexpr int kMostSlots = 16;
constexpr std::size_t kMostFloats = std::size_t(64) << 20;  // of all slots together: 256 MiB
constexpr std::size_t kChunk = 2048;                        // floats that stay in the first-level cache while slots are added
constexpr std::align_val_t kAlignment{64};

}  // namespace

bool allFinite(std::span<const float> values) {
  // An exponent of all ones is an infinity or a NaN, and the largest bit pattern there is apart from the sign.
  std::int32_t largest = 0;
  for (const float value : values) largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7fffffff);
  return largest < 0x7f800000;
}

FloatBuffer::FloatBuffer(std::size_t count) : m_count(count) {
  if (count == 0) return;
  m_data.reset(static_cast<float*>(::operator new(count * sizeof(float), kAlignment)));
  std::fill_n(m_data.get(), count, 0.0f);
}

void FloatBuffer::Free::operator()(float* data) const {
  ::operator delete(data, kAlignment);
}

GradientSum::GradientSum(std::size_t parameterCount)
    : m_mean(parameterCount),
      m_mostSlots(int(std::clamp(kMostFloats / std::max<std::size_t>(1, parameterCount), std::size_t(2), std::size_t(kMostSlots)))) {}

void GradientSum::prepare(int blocks) {
  assert(blocks > 0);
  m_slots = std::min(blocks, m_mostSlots);
  m_buffers.reserve(std::size_t(m_mostSlots));
  while (m_buffers.size() < std::size_t(m_slots)) m_buffers.emplace_back(m_mean.values().size());
}

bool GradientSum::reduce(std::size_t begin, std::size_t end, float scale) {
  bool finite = true;
  for (; begin < end; begin += kChunk) {
    const std::size_t count = std::min(kChunk, end - begin);
    float* const mean = m_mean.values().data() + begin;
    const float* const first = slot(0).data() + begin;
    std::copy_n(first, count, mean);
    for (int index = 1; index < m_slots; ++index) {
      const float* const more = slot(index).data() + begin;
      for (std::size_t i = 0; i < count; ++i) mean[i] += more[i];
    }
    for (std::size_t i = 0; i < count; ++i) mean[i] *= scale;
    finite = allFinite({mean, count}) && finite;
  }
  return finite;
}

void GradientSum::clearMean() {
  std::fill(m_mean.values().begin(), m_mean.values().end(), 0.0f);
}

}  // namespace train
