// All that makes a training run, as plain data: with the same recipe, network, data and start the same weights come out, bit for bit. And
// its fields as rows: one row gives the control in the window, the option of the command line, the key in a JSON file, the mark on the
// curves and the words of an undo. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/Augmentation.h"
#include "data/Dataset.h"
#include "nn/Error.h"
#include "nn/Fields.h"
#include "nn/Loss.h"
#include "nn/Network.h"
#include "nn/Optimizer.h"
#include "tasks/Task.h"
#include "train/RateSchedule.h"

namespace train {

struct Recipe {
  nn::OptimizerSettings optimizer;  // kind, learning rate, momentum, ...
  RateSchedule schedule;            // of the optimizer's learning rate; its `epochs` are those of the run
  nn::LossSettings loss;
  int batchSize = 64;
  std::uint64_t seed = 1;  // initialization, shuffling, dropout, augmentation, and which images are held out
  data::Shares shares;     // of the training images, which are held out and trained on
  int stopAfter = 0;       // epochs, after which it pauses by itself; 0: never
  int patience = 0;        // epochs that are no better than the best so far, after which it does; 0: it goes on
  float noise = tasks::ObjectiveSettings::kStandardNoise;  // of what a reconstruction is given (tasks/rows/Reconstruct.cpp)
  data::Augmentation augmentation;
  std::vector<std::string> frozen;  // names of nodes whose parameters stay as they are
  std::string groupRates;           // factors on the learning rate of groups of nodes: "discriminator=0.5"; see rateFactorsOf()
  tasks::ObjectiveSettings objective() const { return {loss, noise}; }
  bool operator==(const Recipe&) const = default;
};

enum class FieldScale { Linear, Logarithmic };  // of a control for a number

struct RecipeField {
  nn::FieldInfo info;  // name: of the option and the JSON key, "learning-rate"; default, range, choices, one sentence of help
  std::string group;   // where it stands in the window: "Optimizer"
  std::string unit;    // of the number, for the help of the command line: "EPOCHS"
  FieldScale scale = FieldScale::Linear;
  bool live = false;      // may be changed between two steps of a run
  std::string task = {};  // of networks with this task alone (tasks/Task.h); empty: of all
  std::function<nn::FieldValue(const Recipe&)> get;
  std::function<void(Recipe&, const nn::FieldValue&)> set;  // the value is of the default's type and within the range
  // Why it has no effect beside the other fields ("needs the schedule step"); empty where it has one.
  std::function<std::string(const Recipe&)> idle = [](const Recipe&) { return std::string(); };
};

// Names of layers as a person writes them in one line, with commas between them. What stands in a name and would be taken for something
// else (a comma, a backslash, a space at an end) has a backslash before it. Nothing between two commas is an empty name, which no layer
// has; spaces alone are no name at all.
std::string layerNamesText(const std::vector<std::string>& names, const char* between = ",");
std::vector<std::string> layerNamesOf(const std::string& text);

// The factor on the learning rate of each node: what the recipe says of its group, else 1. Throws nn::Error where that cannot be read, or
// names a group that the network does not have.
std::vector<float> rateFactorsOf(const nn::Network& network, const Recipe& recipe);

// In the order of the window's form, each group together.
const std::vector<RecipeField>& recipeFields();
const RecipeField* findRecipeField(std::string_view name);  // null when there is none

// Why a field has no effect on this network beside the other fields; empty where it has one.
std::string whyIdle(const RecipeField& field, const Recipe& recipe, const nn::Network& network);

// The value as a person writes it: "0.001", "adam", "conv1,conv2".
std::string fieldText(const nn::FieldValue& value);
// The value read from text, in the type of the field's default; reports an issue at `where` and returns false where it is none or out of
// range. The recipe stays as it was then.
bool setFieldFromText(Recipe& recipe, const RecipeField& field, const std::string& text, std::vector<nn::Issue>& issues);

// What it is where nobody chose: the row's default, and of the learning rate the one that is usual with the recipe's optimizer.
nn::FieldValue standardValue(const RecipeField& field, const Recipe& recipe);
// Gives it the learning rate that is usual with its optimizer: what counts where nobody has said another.
void takeStandardRate(Recipe& recipe);
// Sets one field as a person means it: with another optimizer comes the learning rate that is usual with it.
void choose(Recipe& recipe, const RecipeField& field, const nn::FieldValue& value);

// One field that differs between two recipes.
struct FieldChange {
  std::string field;
  nn::FieldValue before, after;
  bool operator==(const FieldChange&) const = default;
};
std::vector<FieldChange> differences(const Recipe& before, const Recipe& after);
// "learning rate 0.01", "optimizer sgd": what is since then, for the mark on the curves and the words of an undo.
std::string describe(const FieldChange& change);
// Sets the value of a change; a name that no row has is ignored.
void apply(const FieldChange& change, Recipe& recipe);

// A setting that is usual with a task where nobody has chosen another: what the literature trains such networks with.
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
