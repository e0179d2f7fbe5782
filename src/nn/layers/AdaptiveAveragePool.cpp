#include "nn/layers/AdaptivePool.h"

namespace nn {

namespace {

std::shared_ptr<const Layer> createAdaptiveAveragePool(const LayerRequest& request) {
  return createAdaptivePool(request, "adaptive-average-pool", Combine::Average);
}

}  // namespace

LayerType describeAdaptiveAveragePool() {
  return {"adaptive-average-pool",
          "Adaptive average pooling",
          "Takes the mean under windows that are chosen to give a result of the wanted size.",
          1,
          1,
          {adaptiveSizeField()},
          createAdaptiveAveragePool};
}

}  // namespace nn
