#include "io/DataFiles.h"

#include <algorithm>
#include <thread>

#include <QFileInfo>

#include "io/FileNames.h"
#include "io/PictureFolder.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::size_t kStrokeTrainingCount = 60000;
constexpr std::size_t kStrokeTestCount = 10000;
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

// Twins need not hold the same.
void noteTwins(const QStringList& found, std::vector<std::string>& notes) {
  const auto name = [&](qsizetype i) { return shownName(QFileInfo(found[i]).fileName()); };
  for (qsizetype i = 1; i < found.size(); ++i) notes.push_back(name(i) + " was left out, since " + name(0) + " is there, too");
}

std::shared_ptr<const data::Dataset> readSet(const QString& folder, const QString& set, bool required) {
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
  return dataset;
}

void requireReadableFolder(const QString& path) {
  if (const std::string why = whyOutOfReach(path); !why.empty())
    throw nn::Error("This folder cannot be read: " + why, shownName(path), "Check the name, the folder and its permissions");
  if (!pathExists(path))
    throw nn::Error("There is no such folder", shownName(path), "Give a folder of IDX files or of pictures, or the word strokes");
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

data::DataSplit strokes(std::uint64_t seed, double validationShare, const data::Progress& progress) {
  const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u));
  const double share = double(kStrokeTrainingCount) / double(kStrokeTrainingCount + kStrokeTestCount);
  const auto part = [&progress](double from, double size) {
    return progress ? data::Progress([&progress, from, size](double done) { return progress(from + size * done); }) : data::Progress();
  };
  const auto all = data::generateStrokeDigits(kStrokeTrainingCount, seed, threads, part(0, share));
  if (!all) return {};
  auto test = data::generateStrokeDigits(kStrokeTestCount, seed + kTestSeedOffset, threads, part(share, 1 - share));
  if (!test) return {};
  return data::holdOut(*all, validationShare, seed, std::move(test));
}

// Nine tenths of the way for the training pictures.
data::DataSplit pictures(const QString& folder, std::uint64_t seed, double validationShare, const data::Progress& progress) {
  const auto part = [&progress](double from, double size) {
    return progress ? data::Progress([&progress, from, size](double done) { return progress(from + size * done); }) : data::Progress();
  };
  const auto train = readTrainingPictures(folder, part(0, 0.9));
  if (!train) return {};
  const QString testFolder = pathIn(folder, "test");
  const bool closed = isFolder(testFolder) && !isReadable(testFolder);  // the training can do without
  std::shared_ptr<const data::Dataset> test;
  std::string without;
  try {
    if (!closed) test = readTestPictures(folder, train->shape.channels == 3, part(0.9, 0.1));
  } catch (const NoPictures& error) {
    without = "There is no test set, although there is a folder for it, " + error.issue().where + ": " + error.issue().what;
  }
  if (test) requireSameKind(*train, *test, folder);
  if (progress && !progress(1)) return {};
  data::DataSplit split = data::holdOut(*train, validationShare, seed, std::move(test));
  if (!without.empty()) split.notes.push_back(without);
  if (closed) split.notes.push_back("The test pictures were left out, since their folder cannot be read: " + shownName(testFolder));
  return split;
}

}  // namespace

data::DataSplit loadData(const QString& folderOrStrokes, std::uint64_t seed, const data::Progress& progress, double validationShare) {
  if (folderOrStrokes == "strokes") return strokes(seed, validationShare, progress);
  requireReadableFolder(folderOrStrokes);
  const auto goesOn = [&progress](double done) { return !progress || progress(done); };
  if (!goesOn(0)) return {};
  if (isPictureFolder(folderOrStrokes)) return pictures(folderOrStrokes, seed, validationShare, progress);
  const auto train = readSet(folderOrStrokes, "train", true);
  if (!goesOn(0.8)) return {};
  auto test = readSet(folderOrStrokes, "t10k", false);
  if (test) requireSameKind(*train, *test, folderOrStrokes);
  if (!goesOn(0.95)) return {};
  data::DataSplit split = data::holdOut(*train, validationShare, seed, std::move(test));
  goesOn(1);
  return split;
}

std::shared_ptr<const data::Dataset> loadTestData(const QString& folderOrStrokes, std::uint64_t seed, const data::Progress& progress) {
  if (folderOrStrokes == "strokes") {
    const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u));
    return data::generateStrokeDigits(kStrokeTestCount, seed + kTestSeedOffset, threads, progress);
  }
  requireReadableFolder(folderOrStrokes);
  if (!isPictureFolder(folderOrStrokes)) return readSet(folderOrStrokes, "t10k", true);
  auto test = readTestPictures(folderOrStrokes, false, progress);
  if (!test && !isFolder(pathIn(folderOrStrokes, "test")))
    throw nn::Error("There are no test pictures", shownName(folderOrStrokes), "They lie in FOLDER/test/CLASS/, beside FOLDER/train/CLASS/");
  return test;
}

}  // namespace io
