#include "train/SampleGradients.h"

#include <cassert>

namespace train {

SampleGradients::SampleGradients(const std::shared_ptr<const nn::Network>& network, const nn::LossSettings& loss)
    : m_pipeline(*network),
      m_lossNode(nn::takesLogits(loss.kind) ? network->logitsNode() : network->outputs()[0]),
      m_objective(loss, network->inputShape(), network->node(m_lossNode).shape),
      m_pass(network),
      m_outputGradient(network->node(m_lossNode).shape.size()) {}

int SampleGradients::classes() const {
  return int(m_objective.classes()) - (m_objective.perPixel() ? 1 : 0);
}

double SampleGradients::compute(const nn::Weights& weights, std::span<const float> input, int label) {
  assert(label >= 0 && label < classes());
  m_pass.setInput(input);
  m_pass.forward(weights);
  m_ink.assign(input.begin(), input.end());
  m_pipeline.inputToInk(m_ink);
  const SampleResult result = m_objective.evaluate(m_pass.values(m_lossNode), m_ink, label, m_outputGradient, {});
  m_units = &m_pass.backward(weights, m_lossNode, m_outputGradient);
  return result.loss;
}

}  // namespace train
