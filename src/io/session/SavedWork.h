// What of a session the engine needs, in its file: the model, the data that it is trained on, the recipe, and the run under way. Each is a
// section of its own; sections of others are passed through. The window and the command line write and read it here, so that a checkpoint
// is a session and a session a checkpoint. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <QByteArray>
#include <QString>

#include "data/Dataset.h"
#include "io/session/Container.h"
#include "nn/Network.h"
#include "tasks/EnergyScore.h"
#include "train/history/RunProgress.h"

namespace io {

// Enough of a data set to know it again.
struct DataDescription {
  QString source;  // a folder's absolute path, or the name of a data set
  nn::Shape shape;
  std::size_t train = 0, validation = 0;  // images
  QByteArray fingerprint;                 // SHA-256 of all these images and their labels; empty: they were not loaded, nor counted
};
DataDescription describeData(const QString& source, const data::DataSplit& split);
// Throws, as about `where`, where images or labels are others; they may lie elsewhere.
void requireSameData(const DataDescription& expected, const DataDescription& given, const std::string& where);

struct SavedModel {
  using Parameters = std::shared_ptr<const std::vector<float>>;
  QString name;    // "harley", or the file that it is from
  QString title;   // for the person
  QString unread;  // which operators of its file could not be read, in one sentence
  std::shared_ptr<const nn::Network> network;
  Parameters parameters;  // of a run in hand that is to be written they may be left out
  // What it began with, or would begin with after a reset: either may be null, the second is then drawn by the seed.
  Parameters trained, random;
  std::uint64_t randomSeed = 1;
  bool startsTrained = false;
  bool classesOfData = false;                 // the names of its classes are those of data
  tasks::EnergyCalibration calibration = {};  // of the parameters
};

struct SavedWork {
  SavedModel model;
  std::optional<DataDescription> data;
  train::Recipe recipe;                // chosen; that of the run may differ where fields are not live
  std::optional<train::SavedRun> run;  // its parameters are the model's; of its moments as many are kept as have room in a file
  Container others;                    // sections of others
};

// Throws where there are parameters that are no numbers.
void putWork(Container& container, const SavedWork& work);
// All that it holds fits together.
SavedWork takeWork(Container container, const QString& where);
// As much of it as can be, the others into `lost`. Without a network, where the model is lost: then nothing but the sections of others.
SavedWork takeWhatIsWhole(Container container, const QString& where, std::vector<LostSection>& lost);
bool isWorkSection(const QString& name);

void saveWork(const QString& path, const SavedWork& work);
SavedWork loadWork(const QString& path);

}  // namespace io
