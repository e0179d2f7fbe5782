#include "io/Datasets.h"

#include <algorithm>

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QStandardPaths>

#include "io/DataFiles.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Json.h"
#include "io/Resources.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace io {

namespace {

constexpr qint64 kLargestDescription = 1 << 20;
constexpr int kOrderOfOthers = 100;

// One object of a description, with its place for messages.
class Entries {
 public:
  Entries(QJsonObject object, std::string where) : m_object(std::move(object)), m_where(std::move(where)) {}

  void allowOnly(const QStringList& keys) const {
    for (const QString& key : m_object.keys())
      if (!keys.contains(key))
        throw nn::Error("there is no such key: '" + key.toStdString() + "'", m_where, "Its keys are " + keys.join(", ").toStdString());
  }
  bool has(const char* key) const { return m_object.contains(QLatin1String(key)); }
  QString text(const char* key) const {
    const QJsonValue value = m_object.value(QLatin1String(key));
    if (!value.isString() || value.toString().isEmpty()) refuse(key, "a text", value);
    return value.toString();
  }
  qint64 count(const char* key) const { return whole(key, m_object.value(QLatin1String(key))); }
  std::vector<qint64> counts(const char* key) const {
    std::vector<qint64> numbers;
    for (const QJsonValue& entry : list(key)) numbers.push_back(whole(key, entry));
    return numbers;
  }
  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> texts;
    for (const QJsonValue& entry : list(key)) {
      if (!entry.isString()) refuse(key, "a list of texts", entry);
      texts.push_back(entry.toString().toStdString());
    }
    return texts;
  }
  Entries inside(const char* key) const { return object(key, m_object.value(QLatin1String(key))); }
  std::vector<Entries> objects(const char* key) const {
    std::vector<Entries> objects;
    for (const QJsonValue& entry : list(key)) objects.push_back(object(key, entry));
    return objects;
  }
  [[noreturn]] void refuse(const std::string& key, const std::string& wanted, const QJsonValue& found) const {
    throw nn::Error("'" + key + "' must be " + wanted + ", but it is " + jsonKind(found), m_where);
  }

 private:
  qint64 whole(const char* key, const QJsonValue& value) const {
    const auto scalar = jsonScalar(value);
    const auto* number = scalar ? std::get_if<std::int64_t>(&*scalar) : nullptr;
    if (!number || *number < 0) refuse(key, "a whole number from 0 on", value);
    return *number;
  }
  QJsonArray list(const char* key) const {
    const QJsonValue value = m_object.value(QLatin1String(key));
    if (!value.isArray()) refuse(key, "a list", value);
    return value.toArray();
  }
  Entries object(const char* key, const QJsonValue& value) const {
    if (!value.isObject()) refuse(key, "an object", value);
    return {value.toObject(), m_where + ", " + key};
  }

  QJsonObject m_object;
  std::string m_where;
};

// Of a word that is no name, or of a name whose images are not there yet.
struct Resolved {
  const DatasetInfo& set;
  QString folder;
};
Resolved resolve(const QString& word) {
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

}  // namespace

bool DatasetInfo::readsFolder() const {
  return loader->readsFolder;
}

DatasetInfo readDatasetJson(const QByteArray& json, const QString& id) {
  const std::string where = id.toStdString() + ".json";
  const Entries entries(parseJsonObject(json, where, "a data set"), where);
  entries.allowOnly({"title", "help", "activity", "order", "loader", "shape", "classes", "training", "test", "download"});
  DatasetInfo set;
  set.id = id;
  set.title = entries.text("title");
  set.help = entries.text("help");
  set.activity = entries.has("activity") ? entries.text("activity") : "Loading " + set.title;
  set.order = entries.has("order") ? int(std::min<qint64>(entries.count("order"), kOrderOfOthers)) : kOrderOfOthers;
  set.loader = findDatasetLoader(entries.text("loader"));
  if (!set.loader) throw nn::Error("there is no loader '" + entries.text("loader").toStdString() + "'", where);
  if (entries.has("shape")) {
    const std::vector<qint64> sides = entries.counts("shape");
    const bool fits = sides.size() == 3 && std::all_of(sides.begin(), sides.end(), [](qint64 side) { return side > 0 && side < 65536; });
    if (!fits) throw nn::Error("'shape' must be channels, height and width", where);
    set.shape = nn::Shape{int(sides[0]), int(sides[1]), int(sides[2])};
  }
  if (entries.has("classes")) set.classes = entries.texts("classes");
  if (entries.has("training")) set.training = std::size_t(entries.count("training"));
  if (entries.has("test")) set.test = std::size_t(entries.count("test"));
  if (!set.loader->readsFolder && (set.training == 0 || set.test == 0))
    throw nn::Error("'training' and 'test' must say how many images are made", where);
  if (!entries.has("download")) return set;
  const Entries download = entries.inside("download");
  download.allowOnly({"from", "files"});
  set.source = QUrl(download.text("from"), QUrl::StrictMode);
  if (!set.source.isValid()) throw nn::Error("'from' must be an address", where);
  for (const Entries& file : download.objects("files")) {
    file.allowOnly({"name", "md5", "bytes"});
    set.files.push_back({file.text("name"), file.text("md5").toLatin1(), file.count("bytes")});
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

const DatasetInfo* findDataset(const QString& name) {
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

bool namesDataset(const QString& word, const QString& folder) {
  const DatasetInfo* set = findDataset(word);
  return set && (isThere(*set) || !isFolder(folder.isEmpty() ? word : pathIn(folder, word)));
}

data::DataSplit loadData(const QString& word, std::uint64_t seed, const data::Progress& progress, double validationShare) {
  const Resolved place = resolve(word);
  DatasetParts parts = place.set.loader->load({place.set, place.folder, seed, progress});
  if (!parts.training) return {};
  requireDescribed(place.set, parts.training, place.folder);
  data::DataSplit split = data::holdOut(parts.training, validationShare, seed, std::move(parts.test));
  if (split.train->count() == 0 && parts.training->count() > 0)
    throw nn::Error("the share for validation holds out all " + nn::counted(parts.training->count(), "training image", "training images") +
                        ": of each class as many as it rounds to",
                    shownName(word), "Choose a smaller share for validation, 0 for none, or more images");
  split.notes.insert(split.notes.end(), parts.notes.begin(), parts.notes.end());
  if (progress) progress(1);
  return split;
}

std::shared_ptr<const data::Dataset> loadTestData(const QString& word, std::uint64_t seed, const data::Progress& progress) {
  const Resolved place = resolve(word);
  auto test = place.set.loader->loadTest({place.set, place.folder, seed, progress});
  requireDescribed(place.set, test, place.folder);
  return test;
}

}  // namespace io
