// How familiar the images that a model is validated on are to it, to be kept with the model (tasks/EnergyScore.h).
#pragma once

#include <memory>
#include <span>

#include "data/Dataset.h"
#include "nn/Network.h"
#include "tasks/EnergyScore.h"

namespace cli {

// Of nothing where there are no images, or no class is named.
tasks::EnergyCalibration calibrationOf(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters,
                                       const data::Dataset& validation);

}  // namespace cli
