// The functions that read one part of a data set, a file format each: IDX, tables (CSV), NumPy arrays and CIFAR's batches. Each ends in a
// data::Dataset with its notes. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <memory>
#include <optional>

#include <QByteArray>
#include <QString>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"
#include "io/datasets/DataSearch.h"
#include "io/datasets/Numbers.h"

namespace io {

// The bytes of a file, unpacked where it is gzipped, `most` of them at most.
QByteArray readUnpacked(const QString& path, qint64 most);

// A row for each image: its numbers, and its class in the first or the last column, or in that whose name says so. Rows of test images
// have the numbers alone where `part` is for a test; those are refused.
// scale: of black and white, as the parts that were read before have it; decided here where none was.
std::shared_ptr<data::Dataset> readTable(const DataPart& part, std::optional<ValueScale>& scale);
// An .npz with arrays of images and labels, for training and test where it has both (the other part is null), or a pair of .npy.
struct ArrayParts {
  std::shared_ptr<data::Dataset> training, test;
};
ArrayParts readArrays(const DataPart& part, std::optional<ValueScale>& scale);
std::shared_ptr<data::Dataset> readCifar(const DataPart& part);
// An IDX pair, EMNIST's images upright and with its names of classes.
std::shared_ptr<data::Dataset> readIdxPart(const DataPart& part);

}  // namespace io
