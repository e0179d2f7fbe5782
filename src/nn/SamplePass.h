// One sample through a network and back to its activations, as the network answers: dropout is off, batch norm uses its running figures.
// The gradient begins at any node, at one unit or several, by one of the derivative rules; units may be held on the way. One thread; keeps
// its memory from one call to the next.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "nn/Workspace.h"

namespace nn {

class SamplePass {
 public:
  explicit SamplePass(std::shared_ptr<const Network> network);

  const std::shared_ptr<const Network>& network() const { return m_workspace.network(); }
  // CHW of the input'th input node.
  void setInput(std::span<const float> values, int input = 0) { m_workspace.setInput(0, values, input); }
  void forward(const Weights& weights, std::vector<Intervention> interventions = {});
  const std::vector<float>& values(int node);  // CHW, until the next call

  // After forward(), with the same weights: the derivative of the sum of seed x value over the units of `node` (seed: CHW of it) by every
  // activation that leads to them. Per node, CHW; empty for nodes that do not.
  const std::vector<std::vector<float>>& backward(const Weights& weights, int node, std::span<const float> seed,
                                                  DerivativeRule rule = DerivativeRule::Gradient) {
    return backward(weights, std::span(&node, 1), seed, rule);
  }
  // The same from several nodes at once; seeds: of one after the other.
  const std::vector<std::vector<float>>& backward(const Weights& weights, std::span<const int> nodes, std::span<const float> seeds,
                                                  DerivativeRule rule = DerivativeRule::Gradient);
  const std::vector<float>& parameterGradients() const { return m_parameters; }  // flat, of the last backward()

 private:
  Workspace m_workspace;
  std::vector<Intervention> m_interventions;
  std::vector<int> m_from;      // the nodes that m_units have room for
  std::vector<float> m_values;  // of the last values()
  std::vector<std::vector<float>> m_units;
  std::vector<float> m_parameters;
};

}  // namespace nn
