// A network of the catalogue's layer cases with random parameters, computed once for an input. Tests only.
#pragma once

#include <memory>
#include <vector>

#include "nn/Workspace.h"
#include "scene/Scene.h"
#include "support/LayerCases.h"

namespace scene_test {

struct ComputedCase {
  explicit ComputedCase(const nntest::LayerCase& layerCase) : network(nn::Network::create(nntest::specOf(layerCase))) {
    parameters = nntest::randomParameters(*network, 5);
    nn::Weights weights(network);
    weights.assign(parameters);
    nn::Workspace workspace(network, 1, false);
    for (std::size_t i = 0; i < network->inputs().size(); ++i)
      workspace.setInput(0, nntest::distinctValues(network->node(network->inputs()[i]).shape.size(), i + 1), int(i));
    workspace.forward(weights);
    values = scene::collectValues(workspace, 1);
    node = network->outputs()[0];
  }
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::shared_ptr<const scene::Values> values;
  int node = 0;  // whose layer it is about
};

}  // namespace scene_test
