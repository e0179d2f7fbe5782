#include "train/recipe/UsualSettings.h"

#include <array>

#include "tasks/Task.h"

namespace train {

namespace {

// Adam's usual memory lets the discriminator run away from the generator (Radford et al. 2016).
constexpr std::array kUsual{UsualSetting{"generate", "beta1", 0.5}};

}  // namespace

std::vector<UsualSetting> usualSettings(const nn::Network& network) {
  std::vector<UsualSetting> settings;
  for (const UsualSetting& setting : kUsual)
    if (setting.task == tasks::taskOf(network).id) settings.push_back(setting);
  return settings;
}

void followNetwork(Recipe& recipe, const nn::Network* before, const nn::Network* now) {
  const auto replace = [&](const nn::Network* network, auto change) {
    if (!network) return;
    for (const UsualSetting& setting : usualSettings(*network)) {
      const RecipeField& field = *findRecipeField(setting.field);
      change(field, nn::FieldValue(setting.value));
    }
  };
  replace(before, [&](const RecipeField& field, const nn::FieldValue& usual) {
    if (field.get(recipe) == usual) field.set(recipe, field.info.defaultValue);
  });
  replace(now, [&](const RecipeField& field, const nn::FieldValue& usual) {
    if (field.get(recipe) == field.info.defaultValue) field.set(recipe, usual);
  });
}

}  // namespace train
