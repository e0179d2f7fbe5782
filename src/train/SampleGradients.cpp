#include "train/SampleGradients.h"

#include <cassert>

namespace train {

SampleGradients::SampleGradients(std::shared_ptr<const nn::Network> network, const tasks::ObjectiveSettings& settings)
    : m_network(std::move(network)),
      m_pipeline(*m_network),
      m_objective(tasks::taskOf(*m_network).objective(*m_network, settings)),
      m_lossNode(m_objective->lossNode()),
      m_workspace(m_network, 1, true),
      m_reached(m_network->nodes().size(), false),
      m_outputs(m_network->node(m_lossNode).shape.size()),
      m_outputGradient(m_outputs.size()),
      m_units(m_reached.size()),
      m_parameters(m_network->parameterCount()) {
  m_reached[std::size_t(m_lossNode)] = true;
  for (int i = m_lossNode; i >= 0; --i) {
    if (!m_reached[std::size_t(i)]) continue;
    m_units[std::size_t(i)].resize(m_network->node(i).shape.size());
    for (const int source : m_network->node(i).inputs) m_reached[std::size_t(source)] = true;
  }
}

int SampleGradients::classes() const {
  return m_objective->classes() == 0 ? 0 : int(m_objective->classes()) - tasks::taskOf(*m_network).firstClass;
}

double SampleGradients::compute(const nn::Weights& weights, std::span<const float> input, int label) {
  assert(classes() == 0 || (label >= 0 && label < classes()));
  m_workspace.setInput(0, input);
  m_workspace.forward(weights);
  m_workspace.read(m_lossNode, 0, m_outputs);
  m_ink.assign(input.begin(), input.end());
  m_pipeline.inputToInk(m_ink);
  const tasks::SampleResult result = m_objective->evaluate({m_outputs, m_ink, m_ink, label}, m_outputGradient, {});
  m_workspace.setGradient(m_lossNode, 0, m_outputGradient);
  nn::Pass pass;
  pass.replaceGradients = true;
  m_workspace.backward(weights, pass, m_parameters, true);
  for (std::size_t i = 0; i < m_units.size(); ++i)
    if (m_reached[i]) m_workspace.readGradient(int(i), 0, m_units[i]);
  return result.loss;
}

}  // namespace train
