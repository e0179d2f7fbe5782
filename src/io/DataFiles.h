// Data sets from files. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <functional>
#include <memory>

#include <QString>
#include <QStringList>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"

namespace io {

// One pair of IDX files, gzipped or not. Checks magic, counts against the file's length (before allocating), and that labels match images.
std::shared_ptr<data::Dataset> readIdx(const QString& imagesPath, const QString& labelsPath);
// The IDX files of a set ("train", "t10k") that a folder holds, by any of the names that are read.
QStringList idxFiles(const QString& folder, const QString& set);
void writeIdx(const QString& imagesPath, const QString& labelsPath, const data::Dataset& dataset);

// The images of a data set by its name or of a folder (io/Datasets.h): one with train-images-idx3-ubyte(.gz) (idx4: color),
// train-labels-idx1-ubyte(.gz) and, where present, t10k-*; or a folder of pictures (io/PictureFolder.h).
// validationShare (0..1) of the training set is held out for validation, chosen by the seed. Returns no train set when canceled by
// `progress`.
data::DataSplit loadData(const QString& nameOrFolder, std::uint64_t seed = 1, const data::Progress& progress = {},
                         double validationShare = 0.1);
// The test set alone: the t10k-* files or the test pictures of a folder, or made images that no training set of this seed contains. Null
// when canceled.
std::shared_ptr<const data::Dataset> loadTestData(const QString& nameOrFolder, std::uint64_t seed = 1, const data::Progress& progress = {});

}  // namespace io
