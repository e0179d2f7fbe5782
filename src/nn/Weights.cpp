#include <algorithm>

#include "nn/Workspace.h"

namespace nn {

Weights::Weights(std::shared_ptr<const Network> network)
    : m_network(std::move(network)), m_flat(roundUp(m_network->parameterCount())), m_packed(0) {
  std::size_t total = 0;
  for (const Network::Node& node : m_network->nodes()) {
    if (node.layer->packedCount() > 0) m_packedNodes.push_back(m_packedOffsets.size());
    m_packedOffsets.push_back(total);
    total += roundUp(node.layer->packedCount());
  }
  m_packed = AlignedBlock(total);
}

void Weights::assign(std::span<const float> parameters) {
  if (parameters.size() != m_network->parameterCount())
    throw Error(
        "there are " + std::to_string(parameters.size()) + " parameters, the network has " + std::to_string(m_network->parameterCount()),
        m_network->spec().name);
  std::copy(parameters.begin(), parameters.end(), m_flat.data());
  repack();
}

void Weights::repack() {
  for (int part = 0; part < packParts(); ++part) repack(part);
}

void Weights::repack(int part) {
  const std::size_t index = m_packedNodes[std::size_t(part)];
  const Network::Node& node = m_network->nodes()[index];
  node.layer->pack(flat().subspan(node.parameterOffset, node.parameterCount),
                   {m_packed.data() + m_packedOffsets[index], node.layer->packedCount()});
}

}  // namespace nn
