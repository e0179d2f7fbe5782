#include "nn/layers/AdaptivePool.h"

namespace nn {

namespace {

std::shared_ptr<const Layer> createAdaptiveMaxPool(const LayerRequest& request) {
  return createAdaptivePool(request, "adaptive-max-pool", Combine::Maximum);
}

}  // namespace

LayerType describeAdaptiveMaxPool() {
  return {"adaptive-max-pool",
          "Adaptive max pooling",
          "Keeps the largest value under windows that are chosen to give a result of the wanted size.",
          1,
          1,
          {adaptiveSizeField()},
          createAdaptiveMaxPool};
}

}  // namespace nn
