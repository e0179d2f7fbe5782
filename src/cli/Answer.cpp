#include "cli/Answer.h"

#include <algorithm>
#include <cmath>

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
  const int logits = network.logitsNode();
  std::vector<float> values(network.node(logits).shape.size());
  m_workspace.read(logits, 0, values);
  const float largest = *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (float& value : values) sum += value = std::exp(value - largest);
  for (float& value : values) value /= sum;
  return values;
}

}  // namespace cli
