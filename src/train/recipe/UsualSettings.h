// Settings that are usual with a task where nobody has chosen others: what the literature trains such networks with. Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "nn/Network.h"
#include "train/recipe/Recipe.h"

namespace train {

struct UsualSetting {
  std::string_view task;   // tasks::Task::id
  std::string_view field;  // of recipeFields()
  double value = 0;
};
// Where it is not the field's default.
std::vector<UsualSetting> usualSettings(const nn::Network& network);

// Another network is trained: what was only usual with the one before (null: none) becomes the default again, and what still is the default
// becomes what is usual with this one.
void followNetwork(Recipe& recipe, const nn::Network* before, const nn::Network* now);

}  // namespace train
