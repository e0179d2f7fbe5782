#include "train/SampleGradients.h"

#include <cassert>

namespace train {

SampleGradients::SampleGradients(const std::shared_ptr<const nn::Network>& network, const tasks::ObjectiveSettings& settings)
    : m_pipeline(*network),
      m_objective(tasks::taskOf(*network).objective(*network, settings)),
      m_lossNode(m_objective->lossNode()),
      m_firstClass(tasks::taskOf(*network).firstClass),
      m_pass(network),
      m_outputGradient(network->node(m_lossNode).shape.size()) {}

int SampleGradients::classes() const {
  return m_objective->classes() == 0 ? 0 : int(m_objective->classes()) - m_firstClass;
}

double SampleGradients::compute(const nn::Weights& weights, std::span<const float> input, int label) {
  assert(classes() == 0 || (label >= 0 && label < classes()));
  m_pass.setInput(input);
  m_pass.forward(weights);
  m_ink.assign(input.begin(), input.end());
  m_pipeline.inputToInk(m_ink);
  const tasks::SampleResult result = m_objective->evaluate({m_pass.values(m_lossNode), m_ink, m_ink, label}, m_outputGradient, {});
  m_units = &m_pass.backward(weights, m_lossNode, m_outputGradient);
  return result.loss;
}

}  // namespace train
