#include "ui/LiveNetwork.h"

#include "data/Dataset.h"

namespace ui {

LiveNetwork::LiveNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters)
    : m_network(std::move(network)), m_weights(m_network), m_workspace(m_network, 1, false), m_input(m_network->inputShape().size()) {
  setParameters(std::move(parameters));
}

void LiveNetwork::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  m_parameters = std::move(parameters);
  m_weights.assign(*m_parameters);
}

std::shared_ptr<const scene::Values> LiveNetwork::run(const data::GreyImage& picture) {
  data::fitInput(std::span<const float>(picture.ink), nn::Shape{1, picture.height, picture.width}, m_network->inputShape(), m_input);
  m_workspace.setInput(0, m_input);
  m_workspace.forward(m_weights);
  return scene::collectValues(m_workspace, ++m_version);
}

data::GreyImage LiveNetwork::received() const {
  const nn::Shape shape = m_network->inputShape();
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  data::GreyImage picture{shape.width, shape.height, std::vector<float>(area, 0.0f)};
  for (std::size_t i = 0; i < m_input.size(); ++i) picture.ink[i % area] += m_input[i] / float(shape.channels);
  return picture;
}

}  // namespace ui
