#include "scene/Scene.h"

namespace scene {
namespace {

std::shared_ptr<Values> zeros(const std::shared_ptr<const nn::Network>& network) {
  auto result = std::make_shared<Values>();
  result->network = network;
  std::size_t size = 0;
  for (const nn::Network::Node& node : network->nodes()) {
    result->offset.push_back(size);
    size += node.shape.size();
  }
  result->values.resize(size);
  return result;
}

}  // namespace

std::shared_ptr<const Values> collectValues(const nn::Workspace& workspace, std::uint64_t version, int lane) {
  auto result = zeros(workspace.network());
  result->version = version;
  for (std::size_t i = 0; i < result->offset.size(); ++i) {
    const std::size_t size = result->network->node(int(i)).shape.size();
    workspace.read(int(i), lane, std::span(result->values).subspan(result->offset[i], size));
  }
  return result;
}

std::shared_ptr<const Values> restingValues(const std::shared_ptr<const nn::Network>& network) {
  return zeros(network);
}

}  // namespace scene
