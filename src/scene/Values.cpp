#include <utility>

#include "scene/Scene.h"

namespace scene {

std::shared_ptr<const Values> collectValues(const nn::Workspace& workspace, std::uint64_t version, int lane,
                                            std::shared_ptr<const std::vector<float>> parameters) {
  auto result = std::make_shared<Values>();
  result->parameters = std::move(parameters);
  result->network = workspace.network();
  result->version = version;
  std::size_t size = 0;
  for (const nn::Network::Node& node : result->network->nodes()) {
    result->offset.push_back(size);
    size += node.shape.size();
  }
  result->values.resize(size);
  for (std::size_t i = 0; i < result->offset.size(); ++i)
    workspace.read(int(i), lane, std::span(result->values).subspan(result->offset[i], result->network->node(int(i)).shape.size()));
  return result;
}

}  // namespace scene
