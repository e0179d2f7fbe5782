#include "cli/Calibration.h"

#include <algorithm>

#include "analysis/Activity.h"
#include "data/InputPipeline.h"

namespace cli {

tasks::EnergyCalibration calibrationOf(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters,
                                       const data::Dataset& validation) {
  constexpr std::size_t kMostImages = 5000;
  if (validation.count() == 0 || tasks::energyNode(*network) < 0) return {};
  const auto count = std::size_t(analysis::affordablePictures(*network, int(std::min(validation.count(), kMostImages))));
  const data::InputPipeline pipeline(*network);
  const auto write = [&](std::size_t i, std::span<float> cells) {
    pipeline.write(validation.image(i * validation.count() / count), validation.shape, cells);
  };
  return tasks::EnergyCalibration(analysis::activityOf(network, parameters, count, write)->energies);
}

}  // namespace cli
