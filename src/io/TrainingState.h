// A training in a container, whole: what it trains, on which data, where it is and how well it went. Each part writes and reads a section
// of its own, so that other containers can hold them beside theirs. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <cstddef>

#include <QByteArray>
#include <QString>

#include "data/Dataset.h"
#include "io/Container.h"
#include "nn/NetworkSpec.h"
#include "train/history/Checkpoint.h"
#include "train/history/RunProgress.h"

namespace io {

// Enough of a data set to know it again.
struct DataDescription {
  QString source;  // a folder's absolute path, or the name of a data set
  nn::Shape shape;
  std::size_t train = 0, validation = 0;  // images
  QByteArray fingerprint;                 // SHA-256 of all these images and their labels
};
DataDescription describeData(const QString& source, const data::DataSplit& split);
// Throws, as about `where`, where images or labels are others; they may lie elsewhere.
void requireSameData(const DataDescription& expected, const DataDescription& given, const std::string& where);

struct TrainingState {
  nn::NetworkSpec network;
  DataDescription data;
  train::Checkpoint checkpoint;
  train::RunProgress progress;
};

void putTrainingState(Container& container, const TrainingState& state);
// All that it holds fits together; whether the network can be built is nn::Network's affair.
TrainingState takeTrainingState(const Container& container, const QString& where);

// As a file that holds nothing else.
void saveTrainingState(const QString& path, const TrainingState& state);
TrainingState loadTrainingState(const QString& path);

}  // namespace io
