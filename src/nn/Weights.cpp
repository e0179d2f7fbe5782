#include "nn/Weights.h"

#include <algorithm>
#include <cassert>

namespace nn {

Weights::Impl::Impl(std::shared_ptr<const Network> shared)
    : network(std::move(shared)), flat(roundUp(network->parameterCount())), packed(0) {
  std::size_t total = 0;
  for (const Network::Node& node : network->nodes()) {
    if (node.layer->packedCount() > 0) packedNodes.push_back(packedOffsets.size());
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
  for (int part = 0; part < packParts(); ++part) repack(part);
}

int Weights::packParts() const {
  return int(m_impl->packedNodes.size());
}

void Weights::repack(int part) {
  const std::size_t index = m_impl->packedNodes[std::size_t(part)];
  const Network::Node& node = m_impl->network->nodes()[index];
  node.layer->pack(flat().subspan(node.parameterOffset, node.parameterCount),
                   {m_impl->packed.data() + m_impl->packedOffsets[index], node.layer->packedCount()});
}

}  // namespace nn
