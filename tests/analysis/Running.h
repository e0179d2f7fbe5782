// A network with random parameters that has seen an input: what contributions and traces are computed from. Tests only.
#pragma once

#include <memory>
#include <vector>

#include "analysis/Contribution.h"
#include "support/LayerCases.h"

namespace analysis_test {

class Running {
 public:
  explicit Running(const nn::NetworkSpec& spec, std::uint64_t seed = 5) : network(nn::Network::create(spec)) {
    parameters = nntest::randomParameters(*network, seed);
    if (parameters.size() > 1000) parameters = network->initialParameters(seed);  // many random numbers would run out of range
    nn::Weights weights(network);
    weights.assign(parameters);
    nn::Workspace workspace(network, 1, false);
    for (std::size_t i = 0; i < network->inputs().size(); ++i)
      workspace.setInput(0, nntest::distinctValues(network->node(network->inputs()[i]).shape.size(), seed + i), int(i));
    workspace.forward(weights);
    for (int node = 0; node < int(network->nodes().size()); ++node) {
      m_offset.push_back(m_values.size());
      const std::vector<float> values = nntest::readNode(workspace, node, 0);
      m_values.insert(m_values.end(), values.begin(), values.end());
    }
  }
  analysis::Activations at() const { return {*network, parameters, m_offset, m_values}; }

  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;

 private:
  std::vector<std::size_t> m_offset;
  std::vector<float> m_values;
};

}  // namespace analysis_test
