// A whole training run as a JSON file that a person can read and edit: "network" and "data" by name or path, and every field of the recipe
// by the name of its row (train/recipe/Recipe.h). Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <vector>

#include <QByteArray>
#include <QString>
#include <QStringList>

#include "nn/Error.h"
#include "train/recipe/Recipe.h"

namespace io {

struct RunRecipe {
  QString network, data;  // as on the command line; empty where nothing is said
  train::Recipe recipe;
  QStringList given;     // names of the fields that were read
  bool newHead = false;  // the network's last layer is made anew for the classes of the data (tasks/NewHead.h)
};

// Throws where it is no JSON object. What is wrong with one of its keys is an issue at "where, key", and the field keeps its default. A
// learning rate that is not given is the optimizer's standard one.
RunRecipe readRecipeJson(const QByteArray& json, const QString& where, std::vector<nn::Issue>& issues);
QByteArray writeRecipeJson(const RunRecipe& run);

// The same of files. Paths in them are relative to the folder of the file, so that it can move together with what it names; those that
// loadRecipe() gives are relative to where the program works, as those are that saveRecipe() takes.
RunRecipe loadRecipe(const QString& path, std::vector<nn::Issue>& issues);
void saveRecipe(const QString& path, const RunRecipe& run);

}  // namespace io
