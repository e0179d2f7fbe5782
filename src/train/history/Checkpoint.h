// A training between two of its steps, whole: restored into a trainer of the same network and data, the steps that follow are the same,
// bit for bit, as if it had never stopped. Plain data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/Optimizer.h"
#include "train/LossWatch.h"
#include "train/recipe/Recipe.h"

namespace train {

struct Checkpoint {
  Recipe recipe;
  std::vector<float> parameters;  // flat, running means and variances included
  nn::OptimizerState optimizer;   // moments, and steps so far
  LossWatch::State loss;
  std::uint64_t step = 0;    // taken
  std::uint64_t epoch = 0;   // complete ones
  std::size_t position = 0;  // samples of the present epoch that have been seen
};

}  // namespace train
