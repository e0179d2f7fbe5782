// How far two pictures are apart, for tasks whose output is one. Pure functions.
#pragma once

#include <span>

#include "data/InputPipeline.h"

namespace tasks {

// Both as values of a network's input, of one size: the mean of their squared differences as ink, 0 to 1.
double meanSquaredInk(const data::InputPipeline& pipeline, std::span<const float> one, std::span<const float> other);
// The sum of the squared differences.
double squaredDifference(std::span<const float> one, std::span<const float> other);
// Peak signal-to-noise ratio in dB, of a mean squared error where the largest value is 1.
double psnrOf(double meanSquaredError);

}  // namespace tasks
