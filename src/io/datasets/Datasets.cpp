#include "io/datasets/Datasets.h"

#include <algorithm>
#include <mutex>

#include <QDir>
#include <QStandardPaths>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Json.h"
#include "io/Resources.h"
#include "io/datasets/DataWord.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace io {

namespace {

constexpr qint64 kLargestDescription = 1 << 20;
constexpr int kOrderOfOthers = 100;

// Of a word that is no name, or of a name whose images are not there yet.
struct Resolved {
  const DatasetInfo& set;
  QString folder;
};
Resolved resolve(const QString& said) {
  const QString word = DataWord(said).place;
  if (!namesDataset(word)) return {folderDataset(), word};
  const DatasetInfo& set = *findDataset(word);
  if (!isThere(set))
    throw nn::Error(set.title.toStdString() + " is not on this machine yet", shownName(datasetFolder(set)),
                    "Download it in the window (Data, Download " + set.title.toStdString() + "), or give the folder that it lies in");
  return {set, set.readsFolder() ? datasetFolder(set) : QString()};
}

// What was described is what must have been read.
void requireDescribed(const DatasetInfo& set, const std::shared_ptr<const data::Dataset>& read, const QString& folder) {
  if (!read || !set.shape || read->shape == *set.shape) return;
  throw nn::Error("its images are " + read->shape.text() + ", those of " + set.title.toStdString() + " are " + set.shape->text(),
                  shownName(folder), "Download it again, or give the folder by its path");
}

bool isSame(const data::Dataset& a, const data::Dataset& b) {
  return a.name == b.name && a.shape == b.shape && a.pixels == b.pixels && a.labels == b.labels && a.classNames == b.classNames &&
         a.notes == b.notes;
}

// The same images stay in memory once, however often they are read: every run that is kept for undo holds what it was trained on.
std::shared_ptr<const data::Dataset> heldOnce(const std::shared_ptr<const data::Dataset>& read) {
  static std::mutex mutex;
  static std::vector<std::weak_ptr<const data::Dataset>> inMemory;
  const std::lock_guard lock(mutex);
  std::erase_if(inMemory, [](const auto& set) { return set.expired(); });
  for (const auto& set : inMemory)
    if (const auto held = set.lock(); held && read && isSame(*held, *read)) return held;
  if (read) inMemory.push_back(read);
  return read;
}

// As the word for it says. Whoever reads the note knows what was done, whatever the reading itself has found.
std::shared_ptr<const data::Dataset> turnedBy(const std::shared_ptr<const data::Dataset>& set, const QString& word) {
  if (!set || !DataWord(word).inverted || set->shape.channels != 1) return set;
  auto inverted =
      std::make_shared<data::Dataset>(data::Dataset{set->name, set->shape, {}, set->labels, set->classNames, set->notes, nullptr, {}});
  inverted->pixels.reserve(set->count() * set->shape.size());
  for (std::size_t i = 0; i < set->count(); ++i)
    for (const std::uint8_t pixel : set->image(i)) inverted->pixels.push_back(std::uint8_t(255 - pixel));
  inverted->notes.emplace_back("Black and white are exchanged, as asked");
  return inverted;
}

// Throws where the second cannot be read as part of the same set as the first.
void requireAlike(const data::Dataset& first, const data::Dataset& second, const QString& word) {
  const std::string where = shownName(word), hint = "Join sets of pictures of one size and of the same classes";
  if (first.shape != second.shape)
    throw nn::Error(
        "the images of " + second.name + " are " + second.shape.text() + ", those of " + first.name + " are " + first.shape.text(), where,
        hint);
  if (first.classNames != second.classNames)
    throw nn::Error("the classes of " + second.name + " are " + nn::joined(second.classNames) + ", those of " + first.name + " are " +
                        nn::joined(first.classNames),
                    where, hint);
}

void requireOnce(QStringList sources, const QString& word) {
  if (sources.removeDuplicates() > 0) throw nn::Error("a set is joined with itself", shownName(word), "Name each set once");
}

data::Progress shareOf(const data::Progress& progress, qsizetype part, qsizetype parts) {
  if (!progress) return {};
  return [&progress, part, parts](double done) { return progress((double(part) + done) / double(parts)); };
}

data::DataSplit loadOne(const QString& word, std::uint64_t seed, const data::Progress& progress, double validationShare) {
  const Resolved place = resolve(word);
  DatasetParts parts = place.set.loader->load({place.set, place.folder, seed, progress});
  if (!parts.training) return {};
  if (DataWord(word).inverted && parts.training->shape.channels != 1)
    parts.notes.emplace_back("Black and white are not exchanged: its images are in color");
  for (auto* part : {&parts.training, &parts.validation, &parts.test}) *part = turnedBy(*part, word);
  requireDescribed(place.set, parts.training, place.folder);
  if (parts.validation) {
    data::DataSplit split = data::joinParts(parts.training, parts.validation, heldOnce(parts.test));
    split.notes.insert(split.notes.end(), parts.notes.begin(), parts.notes.end());
    split.notes.push_back("It is validated by the " + nn::counted(parts.validation->count(), "image", "images") +
                          (parts.validation->count() == 1 ? " that is" : " that are") +
                          std::string(" there for it, and none of the others are held out"));
    return split;
  }
  data::DataSplit split = data::holdOut(heldOnce(parts.training), validationShare, seed, heldOnce(parts.test));
  if (split.train->count() == 0 && parts.training->count() > 0)
    throw nn::Error("the share for validation holds out all " + nn::counted(parts.training->count(), "training image", "training images") +
                        ": of each class as many as it rounds to",
                    shownName(word), "Choose a smaller share for validation, 0 for none, or more images");
  split.notes.insert(split.notes.end(), parts.notes.begin(), parts.notes.end());
  if (progress) progress(1);
  return split;
}

// What a person wonders about when the disk is busy while a network trains.
void addNotesOfFiles(data::DataSplit& split) {
  if (!split.train) return;
  for (const data::Dataset* set : {split.train->whole.get(), split.test.get()})
    if (const std::string note = set ? data::noteOfFile(set->pixels) : std::string(); !note.empty()) split.notes.push_back(note);
}

std::shared_ptr<const data::Dataset> loadOneTest(const QString& word, std::uint64_t seed, const data::Progress& progress) {
  const Resolved place = resolve(word);
  auto test = place.set.loader->loadTest({place.set, place.folder, seed, progress});
  requireDescribed(place.set, test, place.folder);
  return turnedBy(test, word);
}

}  // namespace

bool DatasetInfo::readsFolder() const {
  return loader->readsFolder;
}

DatasetInfo readDatasetJson(const QByteArray& json, const QString& id) {
  const std::string where = id.toStdString() + ".json";
  const JsonEntries entries(parseJsonObject(json, where, "a data set"), where);
  entries.allowOnly({"title", "help", "activity", "order", "loader", "shape", "classes", "training", "test", "download"}, "A data set");
  DatasetInfo set;
  set.id = id;
  set.title = entries.requiredText("title");
  set.help = entries.requiredText("help");
  set.activity = entries.has("activity") ? entries.requiredText("activity") : "Loading " + set.title;
  set.order = entries.has("order") ? int(std::min<qint64>(entries.count("order"), kOrderOfOthers)) : kOrderOfOthers;
  const QString loader = entries.requiredText("loader");
  set.loader = findDatasetLoader(loader);
  if (!set.loader) throw nn::Error("there is no loader '" + loader.toStdString() + "'", where);
  if (entries.has("shape")) {
    const std::vector<std::int64_t> sides = entries.wholes("shape");
    const bool fits = sides.size() == 3 && std::all_of(sides.begin(), sides.end(), [](auto side) { return side > 0 && side < 65536; });
    if (!fits) throw nn::Error("'shape' must be channels, height and width", where);
    set.shape = nn::Shape{int(sides[0]), int(sides[1]), int(sides[2])};
  }
  set.classes = entries.texts("classes");
  if (entries.has("training")) set.training = std::size_t(entries.count("training"));
  if (entries.has("test")) set.test = std::size_t(entries.count("test"));
  if (!set.loader->readsFolder && (set.training == 0 || set.test == 0))
    throw nn::Error("'training' and 'test' must say how many images are made", where);
  if (!entries.has("download")) return set;
  const JsonEntries download = entries.inside("download");
  download.allowOnly({"from", "files"}, "A download");
  set.source = QUrl(download.requiredText("from"), QUrl::StrictMode);
  if (!set.source.isValid()) throw nn::Error("'from' must be an address", where);
  for (const JsonEntries& file : download.objects("files", "file")) {
    file.allowOnly({"name", "md5", "bytes"}, "A file");
    set.files.push_back({file.requiredText("name"), file.requiredText("md5").toLatin1(), file.count("bytes")});
  }
  return set;
}

const std::vector<DatasetInfo>& datasets() {
  static const std::vector<DatasetInfo> all = [] {
    std::vector<DatasetInfo> read;
    for (const QString& id : shippedNames("datasets", ".json"))
      read.push_back(readDatasetJson(readFile(":/datasets/" + id + ".json", kLargestDescription), id));
    std::stable_sort(read.begin(), read.end(), [](const DatasetInfo& a, const DatasetInfo& b) { return a.order < b.order; });
    return read;
  }();
  return all;
}

const DatasetInfo& folderDataset() {
  const auto& all = datasets();
  return *std::find_if(all.begin(), all.end(), [](const DatasetInfo& set) { return set.asksForFolder(); });
}

const DatasetInfo* findDataset(const QString& word) {
  const QString name = DataWord(word).place;
  const auto& all = datasets();
  const auto set = std::find_if(all.begin(), all.end(), [&](const DatasetInfo& info) { return info.id == name && !info.asksForFolder(); });
  return set == all.end() ? nullptr : &*set;
}

QString datasetFolder(const DatasetInfo& set) {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath(set.id);
}

bool isThere(const DatasetInfo& set) {
  if (!set.readsFolder()) return true;
  const QString folder = datasetFolder(set);
  return std::all_of(set.files.begin(), set.files.end(), [&](const DownloadFile& file) { return pathExists(pathIn(folder, file.name)); });
}

bool namesDataset(const QString& said, const QString& folder) {
  const QString word = DataWord(said).place;
  const DatasetInfo* set = findDataset(word);
  return set && (isThere(*set) || !isFolder(folder.isEmpty() ? word : pathIn(folder, word)));
}

data::DataSplit loadData(const QString& word, std::uint64_t seed, const data::Progress& progress, const data::Shares& shares) {
  const QStringList sources = joinedSources(word);
  requireOnce(sources, word);
  std::vector<data::DataSplit> splits;
  for (qsizetype i = 0; i < sources.size(); ++i) {
    const data::Progress share = shareOf(progress, i, sources.size());
    splits.push_back(loadOne(sources[i], seed, share, shares.validation));
    if (!splits.back().train) return {};
    requireAlike(*splits.front().train, *splits.back().train, word);
  }
  data::DataSplit split = data::withShares(splits.size() == 1 ? std::move(splits.front()) : data::joined(splits), shares, seed);
  addNotesOfFiles(split);
  return split;
}

std::shared_ptr<const data::Dataset> loadTestData(const QString& word, std::uint64_t seed, const data::Progress& progress) {
  const QStringList sources = joinedSources(word);
  if (sources.size() == 1) return loadOneTest(word, seed, progress);
  requireOnce(sources, word);
  std::vector<std::shared_ptr<const data::Dataset>> tests;
  for (qsizetype i = 0; i < sources.size(); ++i) {
    const data::Progress share = shareOf(progress, i, sources.size());
    tests.push_back(loadOneTest(sources[i], seed, share));
    if (!tests.back()) return nullptr;
    requireAlike(*tests.front(), *tests.back(), word);
  }
  return data::joined(tests);
}

}  // namespace io
