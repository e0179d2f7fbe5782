// The words behind `train`: which there are, which exclude each other, and the run that they, a recipe's file or a checkpoint decide
// together. Free functions of plain data, used by the one command; no thread.
#pragma once

#include <optional>
#include <vector>

#include "cli/Command.h"
#include "io/session/SavedWork.h"
#include "train/Trainer.h"

namespace cli {

std::vector<Option> trainOptions();
QString trainDetails();  // what the help says of them as a whole

// What is trained, and how.
struct TrainingPlan {
  QString network;  // name or path; beside a checkpoint, which holds its own, mostly empty
  QString data;
  train::TrainingOptions options;
  bool newHead = false;                  // the last layer is made anew for the classes of the data
  QStringList said;                      // names of the fields that words or the recipe's file say
  std::optional<io::SavedWork> resumed;  // the checkpoint that is gone on from; it has a run
};

// Of words that Arguments::parse has accepted with those options. Throws UsageError where one of them would be ignored beside the others,
// or is missing; nn::Error where a file is not what it should be. Notes what counts where two places say something.
TrainingPlan trainingPlanOf(const Arguments& arguments, const Output& output);

}  // namespace cli
