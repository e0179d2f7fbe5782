// Notes beside an answer that another reading of the model's input would give better ones, found by trying (train/InputPresets.h): for
// models from elsewhere, whose files do not say it. Function of the commands; one thread.
#pragma once

#include "cli/Command.h"
#include "data/Dataset.h"

namespace cli {

// images: labeled as the model's classes are. Tries no longer than some seconds.
void noteBetterInput(const io::Model& model, const data::Dataset& images, const std::string& what, int threads, const Output& output);
// On stroke digits, where the model tells ten classes of small gray pictures apart and was not saved by this program.
void noteBetterInputForDigits(const QString& nameOrPath, const io::Model& model, const Output& output);

}  // namespace cli
