// The words behind `train`: which there are, which exclude each other, and what of the training they decide. Free functions of plain data,
// used by the one command; no thread.
#pragma once

#include <vector>

#include "cli/Command.h"
#include "train/Trainer.h"

namespace cli {

std::vector<Option> trainOptions();
// Of words that Arguments::parse has accepted with those options.
train::TrainingOptions trainingOptionsOf(const Arguments& arguments);
// Throws UsageError where one of them would be ignored beside the others.
void checkTrainingWords(const Arguments& arguments);

}  // namespace cli
