#include "cli/Answer.h"

#include "analysis/Answer.h"
#include "data/Dataset.h"

namespace cli {

Answerer::Answerer(const io::Model& model) : m_weights(model.network), m_workspace(model.network, 1, false) {
  m_weights.assign(model.parameters);
}

std::vector<float> Answerer::answer(const data::GreyImage& drawing) {
  const nn::Network& network = *m_workspace.network();
  std::vector<float> input(network.inputShape().size());
  data::fitInput(std::span<const float>(drawing.ink), {1, drawing.height, drawing.width}, network.inputShape(), input);
  m_workspace.setInput(0, input);
  m_workspace.forward(m_weights);
  const int output = network.outputs().front();
  std::vector<float> values(network.node(output).shape.size());
  m_workspace.read(output, 0, values);
  return analysis::classProbabilities(network, values);
}

}  // namespace cli
