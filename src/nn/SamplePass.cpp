#include "nn/SamplePass.h"

#include <algorithm>
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

const std::vector<std::vector<float>>& SamplePass::backward(const Weights& weights, std::span<const int> from, std::span<const float> seeds,
                                                            DerivativeRule rule) {
  const std::span<const Network::Node> nodes = network()->nodes();
  if (!std::equal(from.begin(), from.end(), m_from.begin(), m_from.end())) {
    m_from.assign(from.begin(), from.end());
    m_units.assign(nodes.size(), {});
    std::vector<bool> leads(nodes.size(), false);
    for (const int node : from) leads[std::size_t(node)] = true;
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (!leads[i]) continue;
      m_units[i].resize(nodes[i].shape.size());
      for (const int source : nodes[i].inputs) leads[std::size_t(source)] = true;
    }
    m_parameters.resize(network()->parameterCount());
  }
  m_workspace.clearGradients();
  for (const int node : from) {
    const std::size_t count = nodes[std::size_t(node)].shape.size();
    assert(seeds.size() >= count);
    m_workspace.setGradient(node, 0, seeds.first(count));
    seeds = seeds.subspan(count);
  }
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
