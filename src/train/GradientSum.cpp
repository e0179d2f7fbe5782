#include "train/GradientSum.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "nn/VectorClones.h"

namespace train {

namespace {

constexpr int kMostSlots = 16;
constexpr std::size_t kMostFloats = std::size_t(64) << 20;  // of all slots together: 256 MiB
constexpr std::size_t kChunk = 2048;                        // floats that stay in the first-level cache while slots are added

CONVSCOPE_VECTOR_CLONES void add(float* __restrict sum, const float* __restrict more, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += more[i];
}

CONVSCOPE_VECTOR_CLONES void setSum(float* __restrict sum, const float* __restrict first, const float* __restrict second,
                                    std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] = first[i] + second[i];
}

CONVSCOPE_VECTOR_CLONES void addSum(float* __restrict sum, const float* __restrict first, const float* __restrict second,
                                    std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += first[i] + second[i];
}

CONVSCOPE_VECTOR_CLONES void scaleBy(float* __restrict values, float scale, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) values[i] *= scale;
}

// The largest bit pattern, apart from the sign.
CONVSCOPE_VECTOR_CLONES std::int32_t largestBits(const float* __restrict values, std::size_t count) {
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::bit_cast<std::int32_t>(values[i]) & 0x7fffffff);
  return largest;
}

}  // namespace

bool allFinite(std::span<const float> values) {
  // An exponent of all ones is an infinity or a NaN, and nothing else has as large a bit pattern.
  return largestBits(values.data(), values.size()) < 0x7f800000;
}

std::string nameOfNotFinite(const nn::Network& network, std::span<const float> perParameter) {
  for (const nn::Network::Node& node : network.nodes())
    if (!allFinite(perParameter.subspan(node.parameterOffset, node.parameterCount))) return node.name;
  return {};
}

// Without its own flag __builtin_prefetch asks for reading only.
void askToWrite(std::span<float> values) {
#if defined(__x86_64__)
  for (std::size_t i = 0; i < values.size(); i += 16) asm volatile("prefetchw %0" : : "m"(values[i]));
#else
  for (std::size_t i = 0; i < values.size(); i += 16) __builtin_prefetch(&values[i], 1);
#endif
}

int GradientSum::mostSlots(std::size_t parameterCount) {
  return int(std::clamp(kMostFloats / std::max<std::size_t>(1, parameterCount), std::size_t(2), std::size_t(kMostSlots)));
}

GradientSum::GradientSum(const nn::Network& network)
    : m_mean(network.parameterCount()), m_mostSlots(mostSlots(network.parameterCount())), m_joins(true) {
  for (const nn::Network::Node& node : network.nodes())
    if (node.parameterCount > 0 && !node.layer->addsGradientsOnce()) m_joins = false;
}

void GradientSum::prepare(int blocks) {
  assert(blocks > 0);
  m_slots = std::min(blocks, m_mostSlots);
  m_oneBlockEach = blocks == m_slots;
  m_buffers.reserve(std::size_t(m_mostSlots));
  m_joined.resize(std::size_t(m_mostSlots));
  while (m_buffers.size() < std::size_t(m_slots)) m_buffers.emplace_back(m_mean.values().size());
}

bool GradientSum::reduce(std::size_t begin, std::size_t end, float scale) {
  bool finite = true;
  for (; begin < end; begin += kChunk) {
    const std::size_t count = std::min(kChunk, end - begin);
    float* const mean = m_mean.values().data() + begin;
    const auto joined = [&](int index) { return index + 1 == m_slots || m_joined[std::size_t(index) + 1]; };
    const auto part = [&](int index) { return slot(index).data() + begin; };
    int index = 2;
    if (!joined(0)) {
      setSum(mean, part(0), part(1), count);
    } else if (m_slots > 2 && joined(2)) {
      setSum(mean, part(0), part(2), count);
      index = 4;
    } else {
      std::copy_n(part(0), count, mean);
    }
    for (; index < m_slots; index += 2) {
      if (joined(index))
        add(mean, part(index), count);
      else
        addSum(mean, part(index), part(index + 1), count);
    }
    scaleBy(mean, scale, count);
    finite = allFinite({mean, count}) && finite;
  }
  return finite;
}

void GradientSum::scaleMean(std::size_t begin, std::size_t end, float factor) {
  scaleBy(m_mean.values().data() + begin, factor, end - begin);
}

void GradientSum::clearMean() {
  std::fill(m_mean.values().begin(), m_mean.values().end(), 0.0f);
}

}  // namespace train
