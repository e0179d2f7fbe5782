#include "scene/DeadUnits.h"

#include <algorithm>
#include <cmath>

namespace scene {
namespace {

constexpr float kFromLimit = 0.01f;     // of the activation's range
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
      case nn::Activation::HardSigmoid:
        return Limits{kFromLimit, 1 - kFromLimit};
      case nn::Activation::Tanh:
      case nn::Activation::HardTanh:
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

void DeadUnits::set(const Layout& layout, std::shared_ptr<const analysis::Activity> activity) {
  m_activity = std::move(activity);
  m_first.clear();
  m_dead.clear();
  for (const Block& block : layout.blocks) {
    m_first.push_back(m_dead.size());
    const std::size_t features = featuresOf(block), area = block.shape.size() / features;
    const bool known = m_activity && m_activity->pictures > 0 && counts(block);
    m_dead.resize(m_dead.size() + features, known);
    if (!known) continue;
    // Flattened, a map is many channels of the node whose values are shown.
    const std::vector<std::uint8_t>& fired = m_activity->fired[std::size_t(block.valueNode)];
    const std::size_t perChannel = block.shape.size() / fired.size();
    for (std::size_t i = 0; i < fired.size(); ++i)
      if (fired[i]) m_dead[m_first.back() + i * perChannel / area] = 0;
  }
}

void DeadUnits::observe(const Layout& layout, const Values* values) {
  m_saturated.assign(layout.blocks.size(), 0);
  if (!values) return;
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    const std::optional<Limits> limits = block.folded ? std::nullopt : saturationLimits(layout, block);
    if (!limits) continue;
    const std::span<const float> of = values->of(block.valueNode);
    m_saturated[b] = std::size_t(std::count_if(of.begin(), of.end(), [&](float v) { return limits->reached(v); }));
  }
  for (std::size_t b = 0; b < m_first.size(); ++b) {
    const Block& block = layout.blocks[b];
    const std::size_t features = featuresOf(block), area = block.shape.size() / features;
    for (std::size_t f = 0; f < features; ++f) {
      if (!m_dead[m_first[b] + f]) continue;
      const auto cells = values->of(block.valueNode).subspan(f * area, area);
      m_dead[m_first[b] + f] = std::all_of(cells.begin(), cells.end(), [](float value) { return value == 0; });
    }
  }
}

bool DeadUnits::dead(const Layout& layout, int block, std::size_t flat) const {
  if (m_first.empty()) return false;
  const nn::Shape& shape = layout.blocks[std::size_t(block)].shape;
  return m_dead[m_first[std::size_t(block)] + flat / (std::size_t(shape.height) * std::size_t(shape.width))] != 0;
}

std::size_t DeadUnits::deadCount(const Layout& layout, int block) const {
  if (m_first.empty()) return 0;
  const auto first = m_dead.begin() + std::ptrdiff_t(m_first[std::size_t(block)]);
  return std::size_t(std::count(first, first + std::ptrdiff_t(featuresOf(layout.blocks[std::size_t(block)])), 1));
}

}  // namespace scene
