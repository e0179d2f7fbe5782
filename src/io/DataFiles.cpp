#include "io/DataFiles.h"

#include <algorithm>
#include <thread>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include "io/IdxFile.h"
#include "io/PictureFolder.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::size_t kStrokeTrainingCount = 60000;
constexpr std::size_t kStrokeTestCount = 10000;
constexpr double kValidationShare = 0.1;
constexpr std::uint64_t kTestSeedOffset = 0x7e57;  // the test digits of a seed are never among its training digits

// The names in use for the four files, the original ones first.
QString findIdx(const QDir& folder, const QString& set, const QString& kind, const QString& dimensions) {
  for (const QString& separator : {QStringLiteral("-"), QStringLiteral(".")}) {
    const QString name = set + "-" + kind + separator + dimensions + "-ubyte";
    for (const QString& ending : {QString(), QStringLiteral(".gz")}) {
      if (folder.exists(name + ending)) return folder.filePath(name + ending);
    }
  }
  return {};
}

std::shared_ptr<const data::Dataset> readSet(const QDir& folder, const QString& set, bool required) {
  QString images = findIdx(folder, set, "images", "idx3");
  if (images.isEmpty()) images = findIdx(folder, set, "images", "idx4");  // colour
  const QString labels = findIdx(folder, set, "labels", "idx1");
  if (images.isEmpty() && labels.isEmpty() && !required) return nullptr;
  const std::string hint =
      "A data folder holds train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped (.gz) or not, or a folder of pictures for each "
      "class";
  const auto missing = [&](const QString& name) {
    return nn::Error("No " + name.toStdString() + " in this folder", folder.path().toStdString(), hint);
  };
  if (images.isEmpty()) throw missing(set + "-images-idx3-ubyte");
  if (labels.isEmpty()) throw missing(set + "-labels-idx1-ubyte");
  return readIdx(images, labels);
}

QDir readableFolder(const QString& path) {
  const QFileInfo info(path);
  if (!info.exists())
    throw nn::Error("There is no such folder", path.toStdString(), "Give a folder of IDX files or of pictures, or the word strokes");
  if (!info.isDir())
    throw nn::Error("This is a file, not a folder", path.toStdString(), "Give the folder that holds the IDX files or the pictures");
  if (!info.isReadable() || !info.isExecutable())
    throw nn::Error("This folder cannot be read", path.toStdString(), "Check its permissions");
  return QDir(path);
}

// The test set's classes are those of the training set, which may know more of them.
void requireSameKind(const data::Dataset& train, const data::Dataset& test, const QString& folder) {
  if (train.shape != test.shape) {
    throw nn::Error("The test images are " + test.shape.text() + ", the training images " + train.shape.text(), folder.toStdString(),
                    "Both must come from the same data set");
  }
  if (test.classNames.size() > train.classNames.size()) {
    throw nn::Error("The test labels know classes that the training labels do not", folder.toStdString(),
                    "Both must come from the same data set");
  }
}

data::DataSplit strokes(std::uint64_t seed, const data::Progress& progress) {
  const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u));
  const double share = double(kStrokeTrainingCount) / double(kStrokeTrainingCount + kStrokeTestCount);
  const auto part = [&progress](double from, double size) {
    return progress ? data::Progress([&progress, from, size](double done) { return progress(from + size * done); }) : data::Progress();
  };
  const auto all = data::generateStrokeDigits(kStrokeTrainingCount, seed, threads, part(0, share));
  if (!all) return {};
  auto test = data::generateStrokeDigits(kStrokeTestCount, seed + kTestSeedOffset, threads, part(share, 1 - share));
  if (!test) return {};
  return data::holdOut(*all, kValidationShare, seed, std::move(test));
}

// Nine tenths of the way for the training pictures.
data::DataSplit pictures(const QString& folder, std::uint64_t seed, const data::Progress& progress) {
  const auto part = [&progress](double from, double size) {
    return progress ? data::Progress([&progress, from, size](double done) { return progress(from + size * done); }) : data::Progress();
  };
  const auto train = readTrainingPictures(folder, part(0, 0.9));
  if (!train) return {};
  auto test = readTestPictures(folder, train->shape.channels == 3, part(0.9, 0.1));
  if (test) requireSameKind(*train, *test, folder);
  if (progress && !progress(1)) return {};
  return data::holdOut(*train, kValidationShare, seed, std::move(test));
}

}  // namespace

data::DataSplit loadData(const QString& folderOrStrokes, std::uint64_t seed, const data::Progress& progress) {
  if (folderOrStrokes == "strokes") return strokes(seed, progress);
  const QDir folder = readableFolder(folderOrStrokes);
  const auto goesOn = [&progress](double done) { return !progress || progress(done); };
  if (!goesOn(0)) return {};
  if (isPictureFolder(folderOrStrokes)) return pictures(folderOrStrokes, seed, progress);
  const auto train = readSet(folder, "train", true);
  if (!goesOn(0.8)) return {};
  auto test = readSet(folder, "t10k", false);
  if (test) requireSameKind(*train, *test, folderOrStrokes);
  if (!goesOn(0.95)) return {};
  data::DataSplit split = data::holdOut(*train, kValidationShare, seed, std::move(test));
  goesOn(1);
  return split;
}

std::shared_ptr<const data::Dataset> loadTestData(const QString& folderOrStrokes, std::uint64_t seed, const data::Progress& progress) {
  if (folderOrStrokes == "strokes") {
    const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u));
    return data::generateStrokeDigits(kStrokeTestCount, seed + kTestSeedOffset, threads, progress);
  }
  const QDir folder = readableFolder(folderOrStrokes);
  if (!isPictureFolder(folderOrStrokes)) return readSet(folder, "t10k", true);
  auto test = readTestPictures(folderOrStrokes, false, progress);
  if (!test && !folder.exists("test"))
    throw nn::Error("There are no test pictures", folder.path().toStdString(), "They lie in FOLDER/test/CLASS/");
  return test;
}

}  // namespace io
