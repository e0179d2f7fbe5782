#include "scene/NetworkScene.h"

namespace scene {

NetworkScene::NetworkScene(SceneRequest asked) : request(std::move(asked)) {
  const nn::Network* network = request.network.get();
  if (!network || (request.parameters && request.parameters->size() != network->parameterCount())) request.parameters = nullptr;
  layout = network ? buildLayout(request.network, request.arrangement, request.folded, request.shape) : nullptr;
  shown.setScope(request.scope);
  shown.setLayout(layout);
  if (request.parameters) shown.setParameters(*request.parameters);
}

}  // namespace scene
