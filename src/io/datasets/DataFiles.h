// Which files of one folder are images with labels, by their names, and by their beginning where names do not tell: IDX pairs, CSV tables,
// NumPy arrays and CIFAR's batches. Free functions; thread: any.
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

#include "io/datasets/DataSearch.h"

namespace io {

// names: of the files in the folder, in their order. Of Idx and Arrays, images whose labels are not there have an empty second file, and
// labels without images an empty first one.
std::vector<DataPart> partsOfFiles(const QString& folder, const QStringList& names);
bool isHalf(const DataPart& part);
// Puts together what archives unpack into a folder for each file.
void joinHalves(std::vector<DataPart>& parts);
// The IDX files of a part ("train", "t10k") that a folder holds, by any of the names that are read.
QStringList idxFiles(const QString& folder, const QString& set);
bool holdsLabels(const QString& idxPath);  // by its name
bool isIdxName(const QString& name);
bool isArchiveName(const QString& name);

}  // namespace io
