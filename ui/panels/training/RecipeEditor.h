// The control for one field of the recipe, made from its row: a choice, a number, the names of layers or words. It follows the recipe and
// changes it; where the field has no effect beside the others it is disabled, and its tip says why. The form of all settings and the
// training panel are made of these. UI thread.
#pragma once

#include <QString>

#include "train/recipe/Recipe.h"

class QWidget;

namespace ui {

class TrainingController;

// training outlives the control.
QWidget* makeRecipeEditor(TrainingController& training, const train::RecipeField& field, QWidget* parent);
// The value as its control writes it: "0.001", "AdamW", "none".
QString recipeText(const train::RecipeField& field, const nn::FieldValue& value);

}  // namespace ui
