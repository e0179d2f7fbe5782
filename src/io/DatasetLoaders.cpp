// The functions that read data sets, by name. To add one: the function and its row in the table below.
#include <algorithm>
#include <thread>

#include <QFileInfo>

#include "io/Datasets.h"
#include "io/FileNames.h"
#include "io/PictureFolder.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::uint64_t kTestSeedOffset = 0x7e57;  // the test digits of a seed are never among its training digits

// Those that are there of the names in use for one of the four files, the original ones first.
QStringList findIdx(const QString& folder, const QString& set, const QString& kind, const QString& dimensions) {
  QStringList found;
  for (const QString& separator : {QStringLiteral("-"), QStringLiteral(".")}) {
    const QString name = set + "-" + kind + separator + dimensions + "-ubyte";
    for (const QString& ending : {QString(), QStringLiteral(".gz")}) {
      if (const QString path = pathIn(folder, name + ending); pathExists(path) || QFileInfo(path).isSymLink()) found << path;
    }
  }
  return found;
}

}  // namespace

QStringList idxFiles(const QString& folder, const QString& set) {
  return findIdx(folder, set, "images", "idx3") + findIdx(folder, set, "images", "idx4") + findIdx(folder, set, "labels", "idx1");
}

namespace {

// Twins need not hold the same.
void noteTwins(const QStringList& found, std::vector<std::string>& notes) {
  const auto name = [&](qsizetype i) { return shownName(QFileInfo(found[i]).fileName()); };
  for (qsizetype i = 1; i < found.size(); ++i) notes.push_back(name(i) + " was left out, since " + name(0) + " is there, too");
}

std::shared_ptr<const data::Dataset> readIdxSet(const DatasetRequest& request, const QString& set, bool required) {
  const QString& folder = request.folder;
  const QStringList images = findIdx(folder, set, "images", "idx3") + findIdx(folder, set, "images", "idx4");  // gray, color
  const QStringList labels = findIdx(folder, set, "labels", "idx1");
  if (images.isEmpty() && labels.isEmpty() && !required) return nullptr;
  const std::string hint =
      set == "train" ? "A data folder holds train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped (.gz) or not, or a folder of "
                       "pictures for each class"
                     : "The test images of a data folder are t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, gzipped (.gz) or not, or "
                       "lie in FOLDER/test/CLASS/, beside FOLDER/train/CLASS/";
  const auto missing = [&](const QString& name) {
    return nn::Error("No " + name.toStdString() + " in this folder", shownName(folder), hint);
  };
  if (images.isEmpty()) throw missing(set + "-images-idx3-ubyte");
  if (labels.isEmpty()) throw missing(set + "-labels-idx1-ubyte");
  std::shared_ptr<data::Dataset> dataset = readIdx(images.front(), labels.front());
  noteTwins(images, dataset->notes);
  noteTwins(labels, dataset->notes);
  if (request.set.asksForFolder()) return dataset;
  dataset->name = request.set.title.toStdString();
  // The files know their classes by numbers alone.
  const std::size_t highest = *std::max_element(dataset->labels.begin(), dataset->labels.end());
  if (!request.set.classes.empty() && highest < request.set.classes.size()) dataset->classNames = request.set.classes;
  return dataset;
}

std::string sourcesHint() {
  QStringList names;
  for (const DatasetInfo& set : datasets())
    if (!set.asksForFolder()) names << set.id;
  return "Give a folder of IDX files or of pictures, or one of: " + names.join(", ").toStdString();
}

void requireReadableFolder(const QString& path) {
  if (const std::string why = whyOutOfReach(path); !why.empty())
    throw nn::Error("This folder cannot be read: " + why, shownName(path), "Check the name, the folder and its permissions");
  if (!pathExists(path)) throw nn::Error("There is no such folder", shownName(path), sourcesHint());
  if (!isFolder(path))
    throw nn::Error("This is a file, not a folder", shownName(path), "Give the folder that holds the IDX files or the pictures");
  if (!isReadable(path)) throw nn::Error("This folder cannot be read", shownName(path), "Check its permissions");
}

// The test set's classes are those of the training set, which may know more of them.
void requireSameKind(const data::Dataset& train, const data::Dataset& test, const QString& folder) {
  if (train.shape != test.shape) {
    throw nn::Error("The test images are " + test.shape.text() + ", the training images " + train.shape.text(), shownName(folder),
                    "Both must come from the same data set");
  }
  if (test.classNames.size() > train.classNames.size()) {
    throw nn::Error("The test labels know classes that the training labels do not", shownName(folder),
                    "Both must come from the same data set");
  }
}

data::Progress partOf(const data::Progress& progress, double from, double size) {
  return progress ? data::Progress([&progress, from, size](double done) { return progress(from + size * done); }) : data::Progress();
}

int threadsForStrokes() {
  return int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u));
}

DatasetParts loadStrokes(const DatasetRequest& request) {
  const DatasetInfo& set = request.set;
  const double share = double(set.training) / double(set.training + set.test);
  DatasetParts parts;
  auto training = data::generateStrokeDigits(set.training, request.seed, threadsForStrokes(), partOf(request.progress, 0, share));
  if (!training) return {};
  parts.test =
      data::generateStrokeDigits(set.test, request.seed + kTestSeedOffset, threadsForStrokes(), partOf(request.progress, share, 1 - share));
  if (parts.test) parts.training = std::move(training);
  return parts;
}

std::shared_ptr<const data::Dataset> loadStrokesTest(const DatasetRequest& request) {
  return data::generateStrokeDigits(request.set.test, request.seed + kTestSeedOffset, threadsForStrokes(), request.progress);
}

// Nine tenths of the way for the training pictures.
DatasetParts loadPictures(const DatasetRequest& request) {
  const auto& [set, folder, seed, progress] = request;
  DatasetParts parts;
  auto training = readTrainingPictures(folder, partOf(progress, 0, 0.9));
  if (!training) return {};
  const QString testFolder = pathIn(folder, "test");
  const bool closed = isFolder(testFolder) && !isReadable(testFolder);  // the training can do without
  try {
    if (!closed) parts.test = readTestPictures(folder, training->shape.channels == 3, partOf(progress, 0.9, 0.1));
  } catch (const NoPictures& error) {
    parts.notes.push_back("There is no test set, although there is a folder for it, " + error.issue().where + ": " + error.issue().what);
  }
  if (parts.test) requireSameKind(*training, *parts.test, folder);
  if (progress && !progress(1)) return {};
  if (closed) parts.notes.push_back("The test pictures were left out, since their folder cannot be read: " + shownName(testFolder));
  parts.training = std::move(training);
  return parts;
}

// IDX files or pictures: what lies there decides.
DatasetParts loadFolder(const DatasetRequest& request) {
  const auto goesOn = [&](double done) { return !request.progress || request.progress(done); };
  requireReadableFolder(request.folder);
  if (!goesOn(0)) return {};
  if (isPictureFolder(request.folder)) return loadPictures(request);
  DatasetParts parts;
  auto training = readIdxSet(request, "train", true);
  if (!goesOn(0.8)) return {};
  parts.test = readIdxSet(request, "t10k", false);
  if (parts.test) requireSameKind(*training, *parts.test, request.folder);
  if (goesOn(0.95)) parts.training = std::move(training);
  return parts;
}

std::shared_ptr<const data::Dataset> loadFolderTest(const DatasetRequest& request) {
  requireReadableFolder(request.folder);
  if (!isPictureFolder(request.folder)) return readIdxSet(request, "t10k", true);
  auto test = readTestPictures(request.folder, false, request.progress);
  if (!test && !isFolder(pathIn(request.folder, "test")))
    throw nn::Error("There are no test pictures", shownName(request.folder), "They lie in FOLDER/test/CLASS/, beside FOLDER/train/CLASS/");
  return test;
}

constexpr DatasetLoader kLoaders[] = {{"stroke-digits", false, loadStrokes, loadStrokesTest}, {"folder", true, loadFolder, loadFolderTest}};

}  // namespace

const DatasetLoader* findDatasetLoader(const QString& name) {
  const auto* loader = std::find_if(std::begin(kLoaders), std::end(kLoaders), [&](const DatasetLoader& row) { return name == row.name; });
  return loader == std::end(kLoaders) ? nullptr : loader;
}

}  // namespace io
