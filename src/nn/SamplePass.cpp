#include "nn/SamplePass.h"

#include <cassert>

namespace nn {

SamplePass::SamplePass(std::shared_ptr<const Network> network) : m_workspace(std::move(network), 1, true) {}

void SamplePass::forward(const Weights& weights, std::vector<Intervention> interventions) {
  m_interventions = std::move(interventions);
  Pass pass;
  pass.interventions = m_interventions;
  m_workspace.forward(weights, pass);
}

const std::vector<float>& SamplePass::values(int node) {
  m_values.resize(network()->node(node).shape.size());
  m_workspace.read(node, 0, m_values);
  return m_values;
}

const std::vector<std::vector<float>>& SamplePass::backward(const Weights& weights, int node, std::span<const float> seed,
                                                            DerivativeRule rule) {
  const std::span<const Network::Node> nodes = network()->nodes();
  if (node != m_from) {
    m_from = node;
    m_units.assign(nodes.size(), {});
    std::vector<bool> leads(nodes.size(), false);
    leads[std::size_t(node)] = true;
    for (std::size_t i = std::size_t(node) + 1; i-- > 0;) {
      if (!leads[i]) continue;
      m_units[i].resize(nodes[i].shape.size());
      for (const int source : nodes[i].inputs) leads[std::size_t(source)] = true;
    }
    m_parameters.resize(network()->parameterCount());
  }
  assert(seed.size() == nodes[std::size_t(node)].shape.size());
  m_workspace.clearGradients();
  m_workspace.setGradient(node, 0, seed);
  Pass pass;
  pass.replaceGradients = true;
  pass.interventions = m_interventions;
  pass.rule = rule;
  m_workspace.backward(weights, pass, m_parameters, true);
  for (std::size_t i = 0; i < m_units.size(); ++i)
    if (!m_units[i].empty()) m_workspace.readGradient(int(i), 0, m_units[i]);
  return m_units;
}

}  // namespace nn
