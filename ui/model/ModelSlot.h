// One open network with all that it brings along: whose it is, its weights, those that it began with, and what runs it. Plain value; the
// workbench owns the one that is shown, its undo stack those that gave way. UI thread; the runner of a slow network is lent to a pool.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QString>

#include "tasks/EnergyScore.h"
#include "train/recipe/Recipe.h"
#include "ui/model/InferenceRunner.h"
#include "ui/model/KeptRun.h"

namespace ui {

enum class StartFrom { Trained, Random };

struct ModelSlot {
  using Parameters = std::shared_ptr<const std::vector<float>>;
  static constexpr std::uint64_t kSeed = 1;  // of the random weights of a model that is opened

  QString name;    // "harley", or the file
  QString title;   // for the person
  QString unread;  // which operators of its file could not be read, in one sentence: it computes something else than the file's
  std::shared_ptr<InferenceRunner> runner;  // null: none is open
  Parameters parameters;                    // the runner may still compute with those before
  Parameters trained;                       // to begin with; null: only a specification was opened
  Parameters random;                        // null: not drawn yet
  std::uint64_t randomSeed = kSeed;
  StartFrom startFrom = StartFrom::Trained;
  bool unsaved = false;                  // the parameters were trained, and are in no file
  bool classesOfData = false;            // the names of its classes are those of the data that it was trained on, no own ones
  std::vector<std::string> frozen;       // layers, while another network is open
  QString sessionFile;                   // the session that it was opened from or saved in; empty: none
  train::Recipe sessionRecipe;           // as that file holds it
  Parameters calibrated;                 // that the next is of
  tasks::EnergyCalibration calibration;  // as the file holds it; of nothing where it does not
  RunIdentity sessionRun;                // of the run in that file; of none: it holds no steps
  QString exportFile;                    // that holds these weights, without the run that they are of
  Parameters exported;
  std::shared_ptr<const KeptRun> run;  // of its training, while another network is open; null: none

  std::shared_ptr<const nn::Network> network() const { return runner ? runner->network() : nullptr; }
  bool takesColors() const { return runner && runner->pipeline().takesColors(); }
  bool isUntrained() const { return startFrom == StartFrom::Random && parameters == random; }
  bool hasTrainedStart() const { return trained != nullptr; }
  // What training began with, or would begin with after a reset; null where that is not drawn yet.
  const Parameters& start() const { return startFrom == StartFrom::Trained ? trained : random; }
};

}  // namespace ui
