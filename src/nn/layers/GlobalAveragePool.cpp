#include "nn/layers/AdaptivePool.h"

namespace nn {

namespace {

// One number per map, its mean (Lin et al. 2014): what stands before the classes in ResNet and Inception.
std::shared_ptr<const Layer> createGlobalAveragePool(const LayerRequest& request) {
  return std::make_shared<AdaptivePool>("global-average-pool", Combine::Average, request.inputs[0], 1, 1);
}

}  // namespace

LayerType describeGlobalAveragePool() {
  return {"global-average-pool", "Global average pooling", "Takes the mean of each whole map.", 1, 1, {}, createGlobalAveragePool};
}

}  // namespace nn
