#include "train/SampleGradients.h"

#include <algorithm>
#include <cassert>

namespace train {

SampleGradients::SampleGradients(const std::shared_ptr<const nn::Network>& network, const tasks::ObjectiveSettings& settings)
    : m_pipeline(*network),
      m_objective(tasks::taskOf(*network).objective(*network, settings)),
      m_lossNodes(m_objective->phases().front().passes.front().nodes),
      m_firstClass(tasks::taskOf(*network).firstClass),
      m_pass(network),
      m_outputs(m_objective->phases().front().passes.front().valueCount(*network)),
      m_outputGradient(m_outputs.size()) {}

int SampleGradients::classes() const {
  return m_objective->classes() == 0 ? 0 : int(m_objective->classes()) - m_firstClass;
}

double SampleGradients::compute(const nn::Weights& weights, std::span<const float> input, int label) {
  assert(classes() == 0 || (label >= 0 && label < classes()));
  m_pass.setInput(input);
  m_pass.forward(weights);
  m_ink.assign(input.begin(), input.end());
  m_pipeline.inputToInk(m_ink);
  auto next = m_outputs.begin();
  for (const int node : m_lossNodes) {
    const std::vector<float>& values = m_pass.values(node);
    next = std::copy(values.begin(), values.end(), next);
  }
  const tasks::SampleResult result = m_objective->evaluate({m_outputs, m_ink, m_ink, label}, m_outputGradient, {});
  m_units = &m_pass.backward(weights, m_lossNodes, m_outputGradient);
  return result.loss;
}

}  // namespace train
