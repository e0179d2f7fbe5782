// A small problem that every training test uses: 12x12 images with one bright quadrant, in noise; the class is the quadrant.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/Dataset.h"
#include "nn/Network.h"
#include "train/Trainer.h"

namespace testproblem {

std::shared_ptr<const data::Dataset> quadrants(std::size_t count, std::uint64_t seed = 1, int classes = 4);
// conv, max-pool, dense with dropout, dense.
std::shared_ptr<const nn::Network> network(double dropout = 0.0, int outputs = 4);
// The network that the program opens with.
std::shared_ptr<const nn::Network> harley();
train::TrainingOptions options(int threads = 2);

// Changes fields of the recipe that a trainer works by: change(trainer, [](train::Recipe& recipe) { recipe.batchSize = 17; }).
template <typename Change>
void change(train::Trainer& trainer, Change function) {
  train::Recipe recipe = trainer.options();
  function(recipe);
  trainer.setRecipe(recipe);
}

inline std::vector<float> copyOf(std::span<const float> values) {
  return {values.begin(), values.end()};
}

}  // namespace testproblem
