#include "nn/Weights.h"

#include <algorithm>
#include <cassert>

namespace nn {

Weights::Impl::Impl(std::shared_ptr<const Network> shared)
    : network(std::move(shared)), flat(roundUp(network->parameterCount())), packed(0) {
  std::size_t total = 0;
  for (const Network::Node& node : network->nodes()) {
    packedOffsets.push_back(total);
    total += roundUp(node.layer->packedCount());
  }
  packed = AlignedBlock(total);
}

Weights::Weights(std::shared_ptr<const Network> network) : m_impl(std::make_unique<Impl>(std::move(network))) {}
Weights::~Weights() = default;
Weights::Weights(Weights&&) noexcept = default;
Weights& Weights::operator=(Weights&&) noexcept = default;

void Weights::assign(std::span<const float> parameters) {
  assert(parameters.size() == m_impl->network->parameterCount());
  std::copy(parameters.begin(), parameters.end(), m_impl->flat.data());
  repack();
}

std::span<float> Weights::flat() {
  return {m_impl->flat.data(), m_impl->network->parameterCount()};
}
std::span<const float> Weights::flat() const {
  return {m_impl->flat.data(), m_impl->network->parameterCount()};
}

void Weights::repack() {
  const auto nodes = m_impl->network->nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t count = nodes[i].layer->packedCount();
    if (count == 0) continue;
    nodes[i].layer->pack(flat().subspan(nodes[i].parameterOffset, nodes[i].parameterCount),
                         {m_impl->packed.data() + m_impl->packedOffsets[i], count});
  }
}

}  // namespace nn
