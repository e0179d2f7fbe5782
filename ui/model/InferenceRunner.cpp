#include "ui/model/InferenceRunner.h"

namespace ui {

namespace {
constexpr std::size_t kSlowMultiplyAdds = 200000000;  // a few milliseconds
constexpr std::size_t kSlowUnits = 2000000;           // as long to compute without a sum and to read out
}  // namespace

InferenceRunner::InferenceRunner(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters)
    : m_network(std::move(network)),
      m_pipeline(*m_network),
      m_weights(m_network),
      m_workspace(m_network, 1, false),
      m_input(m_network->inputShape().size()) {
  std::size_t work = 0, units = 0;
  for (const nn::Network::Node& node : m_network->nodes()) {
    work += std::size_t(node.layer->multiplyAdds());
    units += node.shape.size();
  }
  m_slow = work > kSlowMultiplyAdds || units > kSlowUnits || hasLargeInput();
  setParameters(std::move(parameters));
}

void InferenceRunner::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  m_parameters = std::move(parameters);
  m_weights.assign(*m_parameters);
}

std::shared_ptr<const scene::Values> InferenceRunner::run(const data::GrayImage& prepared, const data::ColorImage* colors) {
  m_pipeline.write(prepared, colors, m_input);
  m_workspace.setInput(0, m_input);
  m_workspace.forward(m_weights);
  return scene::collectValues(m_workspace, ++m_version, 0, m_parameters);
}

}  // namespace ui
