// What a training from the command line starts from: the network and the data of its plan, loaded and checked against each other and
// against a checkpoint. Free functions; throw nn::Error; the run's thread.
#pragma once

#include <memory>
#include <vector>

#include "cli/TrainOptions.h"
#include "data/Dataset.h"
#include "nn/Network.h"

namespace cli {

struct Start {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;  // to go on from, where a model is given
  bool classesOfData = false;     // the names of its classes are those of data
};
// Also gives the plan what is usual with the network's task and nobody has said, which is noted.
Start loadStart(TrainingPlan& plan, const Output& output);
// Throws before the first image is read or made where what is known beforehand already says that the network cannot be trained on them.
// Notes what was left out.
data::DataSplit loadData(const TrainingPlan& plan, const nn::Network& network, const Output& output);
// Gives the network the names of the data's classes where it has none of its own, or a new last layer for them where the plan says so, and
// notes where that changes names or the data has others; the network.
std::shared_ptr<const nn::Network> nameClasses(const TrainingPlan& plan, Start& start, const data::DataSplit& data, const Output& output);
// What checkpoints are made of: that of the one before, or that of a run before its first step. Without its data, which may lie elsewhere.
io::SavedWork beginWork(const TrainingPlan& plan, const Start& start);

// Writes the recipe where one is asked for and there is none yet: what can be read and trained is worth one.
void keepRecipe(const Arguments& arguments, const TrainingPlan& plan, const Output& output);

// Notes what a person might not expect.
void checkStart(const Arguments& arguments, const TrainingPlan& plan, const nn::Network& network, const data::DataSplit& data,
                const Output& output);

}  // namespace cli
