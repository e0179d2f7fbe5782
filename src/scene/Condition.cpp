#include "scene/Condition.h"

#include <algorithm>
#include <cmath>

namespace scene {
namespace {

constexpr float kFromLimit = 0.01f;     // of the activation's range
constexpr float kOtherInput = 0.02f;    // of the pixels, by which another input differs from the last one
constexpr float kScaledTanh = 1.7159f;  // LeCun et al. 1998

std::size_t featuresOf(const Block& block) {
  return std::size_t(block.shape.channels);  // a vector has one unit in each channel
}

bool counts(const Block& block) {
  return !block.isInput && !block.isOutput && !block.folded;
}

}  // namespace

std::optional<Limits> saturationLimits(const Layout& layout, const Block& block) {
  for (auto node = block.nodes.rbegin(); node != block.nodes.rend(); ++node) {
    const nn::Layer& layer = *layout.network->node(*node).layer;
    switch (layer.activation()) {
      case nn::Activation::Sigmoid:
        return Limits{kFromLimit, 1 - kFromLimit};
      case nn::Activation::Tanh:
        return Limits{-1 + 2 * kFromLimit, 1 - 2 * kFromLimit};
      case nn::Activation::ScaledTanh:
        return Limits{kScaledTanh * (-1 + 2 * kFromLimit), kScaledTanh * (1 - 2 * kFromLimit)};
      case nn::Activation::None:
        if (layer.combineKind() != nn::Combine::Copy) return std::nullopt;
        break;  // dropout and flatten pass on what the layer before them computed
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

void Silence::restart(const Layout& layout) {
  m_first.clear();
  std::size_t features = 0;
  for (const Block& block : layout.blocks) {
    m_first.push_back(features);
    features += featuresOf(block);
  }
  m_zeroFor.assign(features, 0);
  m_last.clear();
  m_inputs = 0;
}

void Silence::observe(const Layout& layout, std::span<const float> cells) {
  std::vector<float> input;
  for (const Block& block : layout.blocks) {
    if (!block.isInput) continue;
    const auto shown = cells.subspan(block.firstCell, block.cellCount());
    input.insert(input.end(), shown.begin(), shown.end());
  }
  float difference = 0;
  for (std::size_t i = 0; i < m_last.size(); ++i) difference += std::min(1.0f, std::abs(input[i] - m_last[i]));
  const bool fresh = m_last.empty() || difference > kOtherInput * float(input.size());
  if (fresh) {
    m_last = std::move(input);
    ++m_inputs;
  }
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    if (!counts(block)) continue;
    const std::size_t area = std::size_t(block.shape.height) * std::size_t(block.shape.width);
    for (std::size_t f = 0; f < featuresOf(block); ++f) {
      const auto values = cells.subspan(block.firstCell + f * area, area);
      int& zeroFor = m_zeroFor[m_first[b] + f];
      const bool moved = std::any_of(values.begin(), values.end(), [](float v) { return v != 0; });
      zeroFor = moved ? 0 : zeroFor + fresh;
    }
  }
}

bool Silence::deadFeature(const Block& block, std::size_t feature) const {
  if (!counts(block) || m_inputs == 0) return false;
  const int zeroFor = m_zeroFor[feature];
  return zeroFor >= kRecentInputs || (!block.shape.isVector() && zeroFor == m_inputs);
}

bool Silence::dead(const Layout& layout, int block, std::size_t flat) const {
  if (m_first.empty()) return false;
  const Block& of = layout.blocks[std::size_t(block)];
  return deadFeature(of, m_first[std::size_t(block)] + flat / (std::size_t(of.shape.height) * std::size_t(of.shape.width)));
}

std::size_t Silence::deadCount(const Layout& layout, int block) const {
  if (m_first.empty()) return 0;
  const Block& of = layout.blocks[std::size_t(block)];
  std::size_t count = 0;
  for (std::size_t f = 0; f < featuresOf(of); ++f) count += deadFeature(of, m_first[std::size_t(block)] + f);
  return count;
}

}  // namespace scene
