#include "io/datasets/DataFiles.h"

#include <algorithm>
#include <map>

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include "io/FileNames.h"
#include "io/Unpacking.h"
#include "io/datasets/Datasets.h"

namespace io {
namespace {

constexpr int kFewestColumns = 50;      // of a table whose rows are pictures: 7 x 7 and a class
constexpr qint64 kGlimpse = 256 << 10;  // bytes of a table: a row of 224 x 224 x 3 numbers begins within it

QString withoutPacking(const QString& name) {
  return name.endsWith(".gz", Qt::CaseInsensitive) ? name.chopped(3) : name;
}

bool holdsWord(const QString& name, const char* pattern) {
  return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption).match(name).hasMatch();
}

// What the name of a file shares with those that belong to it: without its part, what it holds, and its format.
QString familyOf(const QString& name) {
  static const QRegularExpression kOwn(
      "(training|train|t10k|testing|test|validation|valid|val|images|image|imgs|labels|label|idx\\d|ubyte|u?int\\d*|short|float|double|"
      "\\.(gz|csv|tsv|npz|npy|bin|idx)$)",
      QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression kEdges("^[-_. ]+|[-_. ]+$"), kInner("[-_. ]{2,}");
  QString family = withoutPacking(name).toLower().remove(kOwn);
  return family.replace(kInner, "-").remove(kEdges);
}

// The plain one of several names that stand for the same comes first: MNIST's own, not packed.
int costOf(const QString& name) {
  return 2 * int(holdsWord(name, "\\.idx\\d")) + int(name.endsWith(".gz", Qt::CaseInsensitive));
}

DataPart partOfFile(DataFormat format, const QString& folder, const QString& name) {
  DataPart part;
  part.format = format;
  part.role = roleOf(name);
  part.family = familyOf(name);
  part.place = pathIn(folder, name);
  return part;
}

// Files of images and of labels that belong together by their names.
class Pairs {
 public:
  Pairs(DataFormat format, const QString& folder) : m_format(format), m_folder(folder) {}
  void add(const QString& name, const QString& family, bool labels) {
    (labels ? m_halves[{family, roleOf(name)}].second : m_halves[{family, roleOf(name)}].first) << name;
  }
  void appendTo(std::vector<DataPart>& parts) {
    for (auto& [key, half] : m_halves) {
      for (QStringList* names : {&half.first, &half.second})
        std::stable_sort(names->begin(), names->end(), [](const QString& a, const QString& b) { return costOf(a) < costOf(b); });
      DataPart part = partOfFile(m_format, m_folder, half.first.isEmpty() ? half.second.front() : half.first.front());
      part.family = key.first;
      for (const QStringList& names : {half.first, half.second}) {
        part.files << (names.isEmpty() ? QString() : pathIn(m_folder, names.front()));
        for (qsizetype i = 1; i < names.size(); ++i) part.twins << pathIn(m_folder, names[i]);
      }
      parts.push_back(std::move(part));
    }
  }

 private:
  DataFormat m_format;
  QString m_folder;
  std::map<std::pair<QString, DataRole>, std::pair<QStringList, QStringList>> m_halves;
};

// Whether the first row of a table has as many columns as a picture has pixels.
bool isPictureTable(const QString& path) {
  QFile file;
  if (isPipeOrDevice(path) || !openForReading(file, path)) return false;
  Unpacking unpacking(file, qint64(1) << 40);
  QByteArray start(kGlimpse, '\0');
  start.truncate(std::max<qint64>(0, unpacking.read(start.data(), start.size())));
  const QByteArray row = start.left(start.indexOf('\n') < 0 ? start.size() : start.indexOf('\n'));
  return std::max({row.count(','), row.count(';'), row.count('\t')}) + 1 >= kFewestColumns;
}

void addTables(const QString& folder, const QStringList& names, std::vector<DataPart>& parts) {
  for (const QString& name : names) {
    if (!holdsWord(withoutPacking(name), "\\.(csv|tsv)$") || !isPictureTable(pathIn(folder, name))) continue;
    parts.push_back(partOfFile(DataFormat::Table, folder, name));
    parts.back().files << parts.back().place;
  }
}

void addArrays(const QString& folder, const QStringList& names, std::vector<DataPart>& parts) {
  Pairs pairs(DataFormat::Arrays, folder);
  for (const QString& name : names) {
    if (name.endsWith(".npz", Qt::CaseInsensitive)) {
      parts.push_back(partOfFile(DataFormat::Arrays, folder, name));
      parts.back().files << parts.back().place;
    }
    if (!name.endsWith(".npy", Qt::CaseInsensitive)) continue;
    static const QRegularExpression kHalf("(^|[-_. ])(x|y|data|features|targets?|classes)([-_. ]|$)|images?|imgs|labels?",
                                          QRegularExpression::CaseInsensitiveOption);
    QString family = name.toLower().chopped(4);
    const QString half = kHalf.match(family).captured(0);
    family.replace(kHalf, "-");
    if (!half.isEmpty()) pairs.add(name, familyOf(family), holdsWord(half, "y|label|target|classes"));
  }
  pairs.appendTo(parts);
}

void addCifar(const QString& folder, const QStringList& names, std::vector<DataPart>& parts) {
  std::map<DataRole, QStringList> batches;
  for (const QString& name : names) {
    const bool batch = holdsWord(name, "^(data_batch_\\d+|test_batch)(\\.bin)?$") || holdsWord(name, "^(train|test)\\.bin$");
    if (batch) batches[roleOf(name) == DataRole::Test ? DataRole::Test : DataRole::Training] << name;
  }
  for (auto& [role, files] : batches) {
    std::sort(files.begin(), files.end(), isBefore);
    DataPart part = partOfFile(DataFormat::Cifar, folder, files.front());
    part.role = role;
    part.family = "cifar";
    for (const QString& name : files) part.files << pathIn(folder, name);
    parts.push_back(std::move(part));
  }
}

}  // namespace

QStringList dataFilePatterns() {
  return {"*.zip", "*.tar",    "*.tar.gz", "*.tgz", "*.tar.bz2", "*.tar.xz", "*.7z",
          "*.csv", "*.csv.gz", "*.tsv",    "*.npz", "*.npy",     "*ubyte",   "*ubyte.gz"};
}

bool isDataFile(const QString& path) {
  const QString name = QFileInfo(path).fileName();
  return isArchiveName(name) || isIdxName(name) || holdsWord(withoutPacking(name), "\\.(csv|tsv|npz|npy)$");
}

bool holdsLabels(const QString& idxPath) {
  return holdsWord(QFileInfo(idxPath).fileName(), "label|idx[12]");
}

bool isIdxName(const QString& name) {
  const QString plain = withoutPacking(name);
  return plain.endsWith("ubyte", Qt::CaseInsensitive) || holdsWord(plain, "[-_.]idx\\d?([-_.](u?int|short|float|double|byte)\\d*)?$");
}

bool isArchiveName(const QString& name) {
  return holdsWord(name, "\\.(zip|tar|tgz|tbz2?|txz|7z|rar|tar\\.(gz|bz2|xz|zst))$");
}

QStringList idxFiles(const QString& folder, const QString& set) {
  QStringList found;
  for (const FolderEntry& entry : listFolder(folder))
    if (entry.kind != FolderEntry::Kind::Folder && isIdxName(entry.name) && familyOf(entry.name).isEmpty() &&
        roleOf(entry.name) == roleOf(set))
      found << pathIn(folder, entry.name);
  return found;
}

std::vector<DataPart> partsOfFiles(const QString& folder, const QStringList& names) {
  std::vector<DataPart> parts;
  Pairs idx(DataFormat::Idx, folder);
  for (const QString& name : names)
    if (isIdxName(name)) idx.add(name, familyOf(name), holdsLabels(name));
  idx.appendTo(parts);
  addTables(folder, names, parts);
  addArrays(folder, names, parts);
  addCifar(folder, names, parts);
  return parts;
}

bool isHalf(const DataPart& part) {
  return part.files.size() == 2 && (part.files[0].isEmpty() || part.files[1].isEmpty());
}

void joinHalves(std::vector<DataPart>& parts) {
  const auto lacks = [](const DataPart& part, qsizetype file) { return part.files.size() == 2 && part.files[file].isEmpty(); };
  for (DataPart& images : parts) {
    if (!lacks(images, 1)) continue;
    const auto labels = std::find_if(parts.begin(), parts.end(), [&](const DataPart& other) {
      return lacks(other, 0) && other.format == images.format && other.role == images.role && other.family == images.family;
    });
    if (labels == parts.end()) continue;
    images.files[1] = labels->files[1];
    labels->files.clear();
  }
  std::erase_if(parts, [](const DataPart& part) { return part.files.isEmpty() && part.classes.empty(); });
  // Where whole pairs are there, halves are what an archive holds twice.
  std::vector<DataPart> whole;
  std::copy_if(parts.begin(), parts.end(), std::back_inserter(whole), [&](const DataPart& part) { return !isHalf(part); });
  std::erase_if(parts, [&](const DataPart& part) {
    return isHalf(part) && std::any_of(whole.begin(), whole.end(), [&](const DataPart& other) {
             return other.format == part.format && other.role == part.role && other.family == part.family;
           });
  });
}

}  // namespace io
