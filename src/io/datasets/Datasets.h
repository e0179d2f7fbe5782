// The data sets that the program knows: one JSON file each in resources/datasets, of which menus, the command line and the download are
// made, and a table of functions that read what such a file describes; and the IDX files that hold images. A word for data is the name of a
// set or a path (io/datasets/DataWord.h). Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"
#include "nn/Shape.h"

namespace io {

struct DownloadFile {
  QString name;              // in the folder, and below the base URL
  QByteArray md5;            // of the unpacked bytes, in hexadecimal
  qint64 expectedBytes = 0;  // as it travels; for the progress alone
};

struct DatasetLoader;

struct DatasetInfo {
  QString id;                             // the name of its file, by which command line, recipes and settings know it
  QString title;                          // "MNIST"
  QString help;                           // one sentence
  QString activity;                       // what is told while it is loaded
  int order = 0;                          // in menus, the smallest first
  const DatasetLoader* loader = nullptr;  // never null
  std::optional<nn::Shape> shape;         // of each image; without one, what is read decides, as it does of the classes
  std::vector<std::string> classes;       // their names
  std::size_t training = 0, test = 0;     // images; of a set that is made, so many are
  QUrl source;                            // where the files lie that are downloaded
  std::vector<DownloadFile> files;

  bool readsFolder() const;
  bool asksForFolder() const { return readsFolder() && files.empty(); }
};

// What a loader is asked for.
struct DatasetRequest {
  const DatasetInfo& set;
  QString folder;  // empty for a set that is made
  std::uint64_t seed = 1;
  const data::Progress& progress;
};
struct DatasetParts {
  std::shared_ptr<const data::Dataset> training;          // null: canceled
  std::shared_ptr<const data::Dataset> validation, test;  // may be null
  std::vector<std::string> notes;                         // beside those of the two sets
};
struct DatasetLoader {
  const char* name;
  bool readsFolder;
  DatasetParts (*load)(const DatasetRequest& request);
  std::shared_ptr<const data::Dataset> (*loadTest)(const DatasetRequest& request);
};
const DatasetLoader* findDatasetLoader(const QString& name);  // null when there is none

// Throws where it is not such a description.
DatasetInfo readDatasetJson(const QByteArray& json, const QString& id);
const std::vector<DatasetInfo>& datasets();  // in the order of menus
// The one that stands for any folder of the person's.
const DatasetInfo& folderDataset();
// By its name; null when there is none. That of a folder is its path.
const DatasetInfo* findDataset(const QString& word);
// Where its download goes when nobody says another place.
QString datasetFolder(const DatasetInfo& set);
bool isThere(const DatasetInfo& set);  // made at any time, or downloaded there
// Whether a word is the name of a set rather than the path of a folder, seen from `folder`: its images are there, or no folder is.
bool namesDataset(const QString& word, const QString& folder = {});

// One pair of IDX files, gzipped or not. Checks magic, counts against the file's length (before allocating), and that labels match images.
std::shared_ptr<data::Dataset> readIdx(const QString& imagesPath, const QString& labelsPath);
// Files that are read as a data set by themselves, by their names: "*.zip", "*.csv", ...
QStringList dataFilePatterns();
bool isDataFile(const QString& path);
void writeIdx(const QString& imagesPath, const QString& labelsPath, const data::Dataset& dataset);

// The images of a data set by its name or of a folder, or of several that are joined: one with train-images-idx3-ubyte(.gz) (idx4: color),
// train-labels-idx1-ubyte(.gz) and, where present, t10k-*; or a folder of pictures (io/datasets/PictureFolder.h).
// `shares` of the training set are held out for validation and trained on, chosen by the seed. Returns no train set when canceled by
// `progress`.
data::DataSplit loadData(const QString& nameOrFolder, std::uint64_t seed = 1, const data::Progress& progress = {},
                         const data::Shares& shares = {});
// The test set alone: the t10k-* files or the test pictures of a folder, or made images that no training set of this seed contains. Null
// when canceled.
std::shared_ptr<const data::Dataset> loadTestData(const QString& nameOrFolder, std::uint64_t seed = 1, const data::Progress& progress = {});

}  // namespace io
