// The functions that read data sets, by name. To add one: the function and its row in the table below.
#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include <QDir>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/datasets/Archive.h"
#include "io/datasets/DataFiles.h"
#include "io/datasets/DataReaders.h"
#include "io/datasets/DataSearch.h"
#include "io/datasets/Datasets.h"
#include "io/datasets/Numbers.h"
#include "io/datasets/PictureFolder.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::uint64_t kTestSeedOffset = 0x7e57;  // the test digits of a seed are never among its training digits

// Twins need not hold the same.
void noteTwins(const DataPart& part, std::vector<std::string>& notes) {
  const auto name = [](const QString& path) { return shownName(QFileInfo(path).fileName()); };
  for (const QString& twin : part.twins)
    notes.push_back(name(twin) + " was left out, since " + name(part.files[holdsLabels(twin) ? 1 : 0]) + " is there, too");
}

std::string sourcesHint() {
  QStringList names;
  for (const DatasetInfo& set : datasets())
    if (!set.asksForFolder()) names << set.id;
  return "Give a folder of pictures or of IDX files, a CSV, .npz or archive file, or one of: " + names.join(", ").toStdString();
}

void requireReadable(const QString& path) {
  if (const std::string why = whyOutOfReach(path); !why.empty())
    throw nn::Error("This folder cannot be read: " + why, shownName(path), "Check the name, the folder and its permissions");
  if (!pathExists(path)) throw nn::Error("There is no such folder or file", shownName(path), sourcesHint());
  if (isPipeOrDevice(path)) throw nn::Error("This is a pipe or a device, not a file", shownName(path), sourcesHint());
  if (!isReadable(path))
    throw nn::Error(isFolder(path) ? "This folder cannot be read" : "This file cannot be read", shownName(path), "Check its permissions");
}

void requireSameSize(const data::Dataset& train, const data::Dataset& test, const QString& folder) {
  if (train.shape != test.shape) {
    throw nn::Error("The test images are " + test.shape.text() + ", the training images " + train.shape.text(), shownName(folder),
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

constexpr const char* kNoTest =
    "There are no test images by their names: all images there are measured, and a network that was trained on them knows them";
constexpr const char* kValidationAsTest = "There are no test images by their names: those for validation are measured";

// A set that the program knows has its name and classes; the files know those by numbers alone.
void nameSet(const DatasetInfo& info, data::Dataset& set, const std::string& name) {
  set.name = info.asksForFolder() ? name : info.title.toStdString();
  if (info.asksForFolder() || info.classes.empty()) return;
  const std::size_t highest = *std::max_element(set.labels.begin(), set.labels.end());
  if (highest < info.classes.size()) set.classNames = info.classes;
}

constexpr const char* kLayouts =
    "A data set is a folder of pictures for each class (FOLDER/train/CLASS/*.png, FOLDER/test/CLASS/*.png), IDX files "
    "(train-images-idx3-ubyte and train-labels-idx1-ubyte), a CSV table with a picture in each row, arrays of NumPy (.npz), CIFAR's "
    "binary batches, or an archive of one of these";

// Where a data set lies in a folder, beside a file, or in an archive, which stays unpacked as long as this lives.
class Source {
 public:
  // Canceled by `progress`: places() has no training part.
  Source(const QString& path, const data::Progress& progress) : m_path(path) {
    requireReadable(path);
    if (isFolder(path) || !isArchive(path)) {
      m_places = findData(path);
    } else {
      m_archive = std::make_unique<UnpackedArchive>(path, progress);
      if (m_archive->folder().isEmpty()) return;
      m_places = findData(m_archive->folder());
    }
    if (m_places.training) return;
    if (const std::optional<NoClasses> pictures = isFolder(path) ? unlabeledPictures(path) : std::nullopt) throw NoClasses(*pictures);
    throw nn::Error("There is no data set that can be read", shownName(path), kLayouts);
  }
  const DataPlaces& places() const { return m_places; }
  std::string name() const { return shownName(QFileInfo(QDir::cleanPath(m_path)).fileName()); }

 private:
  QString m_path;
  std::unique_ptr<UnpackedArchive> m_archive;
  DataPlaces m_places;
};

void requireBothHalves(const DataPart& part) {
  if (part.files.size() != 2) return;
  const QString& there = part.files[part.files[0].isEmpty() ? 1 : 0];
  for (const QString& file : part.files)
    if (file.isEmpty())
      throw nn::Error(std::string("There are no ") + (part.files[0].isEmpty() ? "images for these labels" : "labels for these images"),
                      shownName(there), kLayouts);
}

// The labels of a further part as the training part counts its classes, which it may show only some of.
void takeClassesOf(const data::Dataset& training, data::Dataset& part, const QString& place) {
  std::vector<data::Label> order;
  for (const std::string& name : part.classNames) {
    const auto found = std::find(training.classNames.begin(), training.classNames.end(), name);
    if (found == training.classNames.end())
      throw nn::Error("It has images of a class that the training images do not have: " + name, shownName(place),
                      "Leave those images out, or add some of that class to the training images");
    order.push_back(data::Label(found - training.classNames.begin()));
  }
  for (data::Label& label : part.labels) label = order[label];
  part.classNames = training.classNames;
}

// The parts of a set as they are read one after the other, all in the way of the training part, which is the first.
class PartReader {
 public:
  std::shared_ptr<data::Dataset> read(const DataPart& part, const data::Progress& progress) {
    if (part.format != DataFormat::Pictures) return progress && !progress(0) ? nullptr : readFiles(part);
    const bool first = !m_pictures;
    if (first) m_pictures = readingOf(part, progress);
    std::shared_ptr<data::Dataset> set = m_pictures ? readPictures(part, *m_pictures, progress) : nullptr;
    if (set && first) set->notes.insert(set->notes.end(), m_pictures->style.notes.begin(), m_pictures->style.notes.end());
    return set;
  }
  // To read another part alone. False: canceled.
  bool prepare(const DataPart& training, const data::Progress& progress) {
    if (training.format == DataFormat::Pictures) m_pictures = readingOf(training, progress);
    return training.format != DataFormat::Pictures || m_pictures;
  }
  // The test part that lay in the file of what was read; may be null.
  std::shared_ptr<data::Dataset> testBeside() { return std::exchange(m_testBeside, nullptr); }

 private:
  std::shared_ptr<data::Dataset> readFiles(const DataPart& part) {
    requireBothHalves(part);
    std::shared_ptr<data::Dataset> set;
    if (part.format == DataFormat::Arrays) {
      ArrayParts parts = readArrays(part, m_scale);
      set = std::move(parts.training);
      m_testBeside = std::move(parts.test);
    } else {
      set = part.format == DataFormat::Idx     ? readIdxPart(part)
            : part.format == DataFormat::Cifar ? readCifar(part)
                                               : readTable(part, m_scale);
    }
    noteTwins(part, set->notes);
    if (!m_paper) {
      m_paper = paperOf(*set);
      set->notes.insert(set->notes.end(), m_paper->notes.begin(), m_paper->notes.end());
    }
    turnToInk(*set, *m_paper);
    if (m_testBeside) turnToInk(*m_testBeside, *m_paper);
    return set;
  }

  std::optional<PictureReading> m_pictures;
  std::optional<PictureStyle> m_paper;
  std::optional<ValueScale> m_scale;
  std::shared_ptr<data::Dataset> m_testBeside;
};

void fitTo(const data::Dataset& training, data::Dataset& part, const QString& place) {
  requireSameSize(training, part, place);
  takeClassesOf(training, part, place);
}

// What a training can do without.
std::shared_ptr<data::Dataset> readFurther(PartReader& reader, const std::optional<DataPart>& part, const char* what,
                                           const data::Dataset& training, const data::Progress& progress, std::vector<std::string>& notes) {
  if (!part) return nullptr;
  try {
    std::shared_ptr<data::Dataset> set = reader.read(*part, progress);
    if (set) fitTo(training, *set, part->place);
    return set;
  } catch (const NoPictures& error) {
    notes.push_back(std::string("There is no ") + what + " set, although there is a folder for it, " + error.issue().where + ": " +
                    error.issue().what);
  }
  return nullptr;
}

bool goesOn(const data::Progress& progress, double done) {
  return !progress || progress(done);
}

DatasetParts loadFolder(const DatasetRequest& request) {
  if (!goesOn(request.progress, 0)) return {};
  const Source source(request.folder, partOf(request.progress, 0, 0.3));
  const DataPlaces& places = source.places();
  if (!places.training) return {};
  PartReader reader;
  DatasetParts parts;
  parts.notes = places.notes;
  std::shared_ptr<data::Dataset> training = reader.read(*places.training, partOf(request.progress, 0.3, 0.5));
  if (!training || !goesOn(request.progress, 0.8)) return {};
  if (places.training->format == DataFormat::Pictures) requireTwoClasses(*training, *places.training);
  if (const auto beside = reader.testBeside(); beside && !places.test) {
    fitTo(*training, *beside, request.folder);
    parts.test = beside;
  }
  if (places.test) parts.test = readFurther(reader, places.test, "test", *training, partOf(request.progress, 0.8, 0.1), parts.notes);
  parts.validation = readFurther(reader, places.validation, "validation", *training, partOf(request.progress, 0.9, 0.1), parts.notes);
  if (!goesOn(request.progress, 1)) return {};
  nameSet(request.set, *training, source.name());
  parts.training = std::move(training);
  return parts;
}

std::shared_ptr<const data::Dataset> loadFolderTest(const DatasetRequest& request) {
  if (!goesOn(request.progress, 0)) return nullptr;
  const Source source(request.folder, partOf(request.progress, 0, 0.3));
  const DataPlaces& places = source.places();
  if (!places.training) return nullptr;
  const std::optional<DataPart>& part = places.test ? places.test : places.validation ? places.validation : places.training;
  PartReader reader;
  if (part->role != places.training->role && !reader.prepare(*places.training, partOf(request.progress, 0.3, 0.1))) return nullptr;
  std::shared_ptr<data::Dataset> set = reader.read(*part, partOf(request.progress, 0.4, 0.6));
  const auto beside = reader.testBeside();
  if (part->role != DataRole::Test && beside)
    set = beside;
  else if (set && part->role != DataRole::Test)
    set->notes.emplace_back(part->role == DataRole::Validation ? kValidationAsTest : kNoTest);
  if (set) nameSet(request.set, *set, source.name());
  return set;
}

constexpr DatasetLoader kLoaders[] = {{"stroke-digits", false, loadStrokes, loadStrokesTest}, {"folder", true, loadFolder, loadFolderTest}};

}  // namespace

const DatasetLoader* findDatasetLoader(const QString& name) {
  const auto* loader = std::find_if(std::begin(kLoaders), std::end(kLoaders), [&](const DatasetLoader& row) { return name == row.name; });
  return loader == std::end(kLoaders) ? nullptr : loader;
}

}  // namespace io
