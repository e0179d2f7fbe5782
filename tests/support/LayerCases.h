// The grid of layer settings that every generic test of the catalogue runs through. A case is a small network whose last node
// is the layer under test.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "nn/Network.h"
#include "nn/Workspace.h"

namespace nntest {

struct LayerCase {
  std::string name;
  std::vector<nn::Shape> inputs;  // one input node each
  std::string type;
  nn::Fields fields;
};

inline std::ostream& operator<<(std::ostream& out, const LayerCase& layerCase) {
  return out << layerCase.name;
}

const std::vector<LayerCase>& layerCases();
nn::NetworkSpec specOf(const LayerCase& layerCase);
nn::NodeSpec inputNode(const nn::Shape& shape, const std::string& name = "input");

// Distinct values, at least 1/64 apart, so that no small step changes which one is the largest.
std::vector<float> distinctValues(std::size_t count, std::uint64_t seed);
std::vector<float> randomValues(std::size_t count, std::uint64_t seed);
// Random numbers for all parameters; those that must not be negative, variances, are not.
std::vector<float> randomParameters(const nn::Network& network, std::uint64_t seed);
std::vector<float> readNode(const nn::Workspace& workspace, int node, int lane);
std::vector<float> readGradientOf(const nn::Workspace& workspace, int node, int lane);

}  // namespace nntest
