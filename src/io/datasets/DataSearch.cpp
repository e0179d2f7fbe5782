#include "io/datasets/DataSearch.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <QFileInfo>
#include <QImageReader>
#include <QRegularExpression>

#include "io/FileNames.h"
#include "io/datasets/DataFiles.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr int kDeepestSet = 3;              // folders down from where the search begins
constexpr std::size_t kMostLooked = 20000;  // folders; what is larger is no data set but a disk

bool isSampleName(const QString& name) {
  static const QRegularExpression kSample("(sample|small|extra|unlabell?ed)", QRegularExpression::CaseInsensitiveOption);
  return kSample.match(name).hasMatch();
}

struct Listing {
  std::vector<FolderEntry> entries;
  bool closed = false;  // it cannot be listed
  bool pictures = false;
  bool files = false;  // any at all
};

class Search {
 public:
  explicit Search(const QString& root) : m_root(root) {}

  std::vector<DataPart> look() {
    for (const FolderEntry& entry : listFolder(m_root))
      if (entry.kind == FolderEntry::Kind::Dangling && entry.name == "train")
        throw nn::Error("This link leads to nothing", shownName(pathIn(m_root, entry.name)), "Mend it, or put the folder in its place");
    lookInto(m_root, 0, DataRole::Any);
    joinHalves(m_found);
    return std::move(m_found);
  }
  const std::vector<std::string>& notes() const { return m_notes; }

 private:
  const Listing& listingOf(const QString& folder) {
    const auto known = m_listings.find(folder);
    if (known != m_listings.end()) return known->second;
    Listing listing;
    try {
      listing.entries = listFolder(folder);
      std::erase_if(listing.entries, [](const FolderEntry& entry) { return isPassedOver(entry.name); });
    } catch (const nn::Error&) {
      listing.closed = true;
    }
    for (const FolderEntry& entry : listing.entries) {
      const bool file = entry.kind == FolderEntry::Kind::File || entry.kind == FolderEntry::Kind::Other;
      listing.files = listing.files || file;
      listing.pictures = listing.pictures || (file && isPictureName(entry.name));
    }
    return m_listings.emplace(folder, std::move(listing)).first->second;
  }

  // Of "n01443537", which has its pictures in "n01443537/images" and nothing beside it.
  QString onlyInner(const QString& folder) {
    QString inner;
    if (listingOf(folder).files) return {};
    for (const FolderEntry& entry : listingOf(folder).entries) {
      if (entry.kind != FolderEntry::Kind::Folder) continue;
      if (!inner.isEmpty()) return {};
      inner = pathIn(folder, entry.name);
    }
    return !inner.isEmpty() && listingOf(inner).pictures && roleOf(QFileInfo(inner).fileName()) == DataRole::Any ? inner : QString();
  }

  // The folders of a folder that are classes: they hold pictures themselves, or may, behind a door that is closed; where none does, those
  // whose pictures are one folder further down.
  std::vector<ClassFolder> classesIn(const QString& folder, DataRole role) {
    std::vector<ClassFolder> direct, closed, inner, named;
    for (const FolderEntry& entry : listingOf(folder).entries) {
      if (entry.kind != FolderEntry::Kind::Folder) continue;
      const QString path = pathIn(folder, entry.name);
      const Listing& listing = listingOf(path);
      const bool part = roleOf(entry.name) != DataRole::Any;
      if (listing.closed && !part)
        closed.push_back({entry.name, path});
      else if (listing.pictures)
        (part ? named : direct).push_back({entry.name, path});
      else if (const QString only = part ? QString() : onlyInner(path); !only.isEmpty())
        inner.push_back({entry.name, only});
    }
    std::vector<ClassFolder> classes = direct.empty() && inner.size() > 1 ? std::move(inner) : std::move(direct);
    // Vehicles may be buses, cars and trains.
    const bool vehicles = role == DataRole::Any ? classes.size() > 1 : !classes.empty();
    for (const ClassFolder& one : named) {
      if (vehicles && roleOf(one.name) == DataRole::Training && !hasPartBeside(folder, one.name))
        classes.push_back(one);
      else if (!holdsClasses(one.folder))
        tellUnlabeled(one.folder, "in " + shown(one.folder));
    }
    if (!classes.empty() || role == DataRole::Training || !closed.empty()) classes.insert(classes.end(), closed.begin(), closed.end());
    std::sort(classes.begin(), classes.end(), [](const ClassFolder& a, const ClassFolder& b) { return isBefore(a.name, b.name); });
    return classes;
  }
  bool holdsClasses(const QString& folder) {
    const auto& entries = listingOf(folder).entries;
    return std::any_of(entries.begin(), entries.end(), [&](const FolderEntry& entry) {
      return entry.kind == FolderEntry::Kind::Folder && listingOf(pathIn(folder, entry.name)).pictures;
    });
  }
  bool hasPartBeside(const QString& folder, const QString& name) {
    const auto& entries = listingOf(folder).entries;
    return std::any_of(entries.begin(), entries.end(), [&](const FolderEntry& entry) {
      return entry.kind == FolderEntry::Kind::Folder && entry.name != name && roleOf(entry.name) != DataRole::Any;
    });
  }
  std::size_t countPictures(const QString& folder) {
    const auto& entries = listingOf(folder).entries;
    return std::size_t(std::count_if(entries.begin(), entries.end(), [](const FolderEntry& entry) {
      return entry.kind == FolderEntry::Kind::File && isPictureName(entry.name);
    }));
  }

  void lookInto(const QString& folder, int depth, DataRole role) {
    if (++m_looked == kMostLooked) m_notes.push_back("Only the first " + std::to_string(kMostLooked) + " folders were looked into");
    if (m_looked >= kMostLooked) return;
    const Listing& listing = listingOf(folder);
    if (listing.closed) return;
    QStringList names, folders;
    for (const FolderEntry& entry : listing.entries) {
      if (entry.kind == FolderEntry::Kind::Folder)
        folders << entry.name;
      else
        names << entry.name;
    }
    for (DataPart& part : partsOfFiles(folder, names)) add(std::move(part), depth, role);
    std::vector<ClassFolder> classes = classesIn(folder, role);
    std::set<QString> taken;
    for (const ClassFolder& one : classes) taken.insert(one.name);
    if (!classes.empty()) {
      DataPart part;
      part.place = folder;
      part.classes = std::move(classes);
      add(std::move(part), depth, role);
    } else if (depth == 0 && listing.pictures) {
      tellUnlabeled(folder, "beside its folders");
    }
    if (depth >= kDeepestSet) return;
    for (const QString& name : folders) {
      const DataRole own = roleOf(name);
      if (taken.contains(name)) continue;
      const QString path = pathIn(folder, name);
      const std::size_t before = m_found.size() + m_notes.size();
      lookInto(path, depth + 1, own == DataRole::Any ? role : own);
      if (own != DataRole::Any && m_found.size() + m_notes.size() == before) tellEmpty(path);
    }
  }

  void tellUnlabeled(const QString& folder, const std::string& place) {
    const std::size_t count = countPictures(folder);
    m_notes.push_back(nn::counted(count, "picture", "pictures") + " " + place + (count == 1 ? " has" : " have") +
                      " no label, since no folder of a class holds " + (count == 1 ? "it, and was left out" : "them, and were left out"));
  }
  // A folder whose name promises a part of the set.
  void tellEmpty(const QString& folder) {
    if (!listingOf(folder).closed)
      m_notes.push_back("There is a folder " + shown(folder) + ", but no images with classes in it");
    else
      m_notes.push_back("The images of " + shown(folder) + " were left out, since that folder cannot be read");
  }

  void add(DataPart part, int depth, DataRole role) {
    part.depth = depth;
    if (part.role == DataRole::Any) part.role = role;
    m_found.push_back(std::move(part));
  }
  std::string shown(const QString& path) const { return shownName(path.startsWith(m_root + '/') ? path.mid(m_root.size() + 1) : path); }

  QString m_root;
  std::map<QString, Listing> m_listings;
  std::vector<DataPart> m_found;
  std::vector<std::string> m_notes;
  std::size_t m_looked = 0;
};

QString belowRoot(const QString& path, const QString& root) {
  const QString start = root.endsWith('/') ? root : root + '/';
  return path.startsWith(start) ? path.mid(start.size()) : path;
}

// The better of two that could both be it comes first.
bool isBetter(const DataPart& a, const DataPart& b, const QString& root) {
  const auto key = [&](const DataPart& part) {
    return std::tuple(isHalf(part), isSampleName(belowRoot(part.place, root)),
                      part.format == DataFormat::Pictures && part.classes.size() < 2, part.depth, int(part.format));
  };
  const auto keyA = key(a), keyB = key(b);
  return keyA != keyB ? keyA < keyB : isBefore(a.place, b.place);
}

const DataPart* bestWith(const std::vector<DataPart>& found, DataRole role, const DataPart* training, const QString& root) {
  const DataPart* best = nullptr;
  for (const DataPart& part : found) {
    if (part.role != role || &part == training) continue;
    if (training && (part.format != training->format || part.family != training->family)) continue;
    if (!best || isBetter(part, *best, root)) best = &part;
  }
  return best;
}

// Where data usually lies needs no word.
bool isUsual(const DataPart& part, const QString& root) {
  const QString name = belowRoot(part.place, root);
  if (part.place == root || part.depth == 0) return part.format == DataFormat::Pictures || part.format == DataFormat::Idx;
  return part.depth == 1 && (name == "train" || name == "test" || name == "validation");
}

std::string placeText(const DataPart& part, const QString& root) {
  const QString name = belowRoot(part.place, root);
  return name == root ? "the folder itself" : shownName(name);
}

void tellPlaces(DataPlaces& places, const std::vector<DataPart>& found, const QString& root) {
  std::string text;
  std::size_t told = 0;
  bool usual = true;
  const auto tell = [&](const char* what, const std::optional<DataPart>& part) {
    if (!part) return;
    text += (text.empty() ? "" : "; ") + std::string(what) + ": " + placeText(*part, root);
    usual = usual && isUsual(*part, root);
    ++told;
  };
  tell("training images", places.training);
  tell("validation images", places.validation);
  tell("test images", places.test);
  if (!usual) places.notes.push_back("Found " + text);
  const std::size_t others = found.size() - told;
  if (others == 0) return;
  std::string names;
  std::size_t named = 0;
  for (const DataPart& part : found) {
    const auto is = [&](const std::optional<DataPart>& one) { return one && one->place == part.place && one->format == part.format; };
    if (is(places.training) || is(places.validation) || is(places.test) || ++named > 3) continue;
    names += (named == 1 ? ": " : ", ") + placeText(part, root);
  }
  if (others > 3) names += " and " + std::to_string(others - 3) + " more";
  places.notes.push_back(
      (others == 1 ? "1 other set lies there and was not read" : std::to_string(others) + " other sets lie there and were not read") +
      names + "; give its own folder or file to read another");
}

DataPlaces chosenParts(const std::vector<DataPart>& found, const QString& root) {
  DataPlaces places;
  const DataPart* training = nullptr;
  for (const DataRole role : {DataRole::Training, DataRole::Any, DataRole::Validation, DataRole::Test})
    if (!training) training = bestWith(found, role, nullptr, root);
  if (!training) return places;
  places.training = *training;
  if (training->role == DataRole::Training || training->role == DataRole::Any) {
    if (const DataPart* test = bestWith(found, DataRole::Test, training, root)) places.test = *test;
    if (const DataPart* validation = bestWith(found, DataRole::Validation, training, root)) places.validation = *validation;
  } else {
    places.notes.push_back("There are no training images by their names: those of " + placeText(*training, root) + " are taken");
  }
  tellPlaces(places, found, root);
  return places;
}

}  // namespace

bool isPassedOver(const QString& name) {
  static const QStringList kNames = {"__macosx", "lost+found", "$recycle.bin", "system volume information"};
  return kNames.contains(name.toLower());
}

DataRole roleOf(const QString& name) {
  static const QRegularExpression kCamel("([a-z])([A-Z])");
  static const QRegularExpression kNoWord("[^a-z]+");
  QString spaced = name;
  spaced.replace(kCamel, "\\1 \\2");
  spaced = spaced.toLower();
  spaced.replace("t10k", "test ");
  // In the words of the name, or glued to others that say nothing more: "trainset".
  static const QRegularExpression kGlued(
      "^(train|training|test|testing|val|valid|validation|dev)(set|data|images|imgs|img|pictures|folder)?$");
  for (const QString& word : spaced.split(kNoWord, Qt::SkipEmptyParts)) {
    const QString role = kGlued.match(word).captured(1);
    if (role.startsWith("train")) return DataRole::Training;
    if (role.startsWith("test")) return DataRole::Test;
    if (role.startsWith("val") || role == "dev") return DataRole::Validation;
  }
  return DataRole::Any;
}

bool isBefore(const QString& a, const QString& b) {
  qsizetype i = 0, k = 0;
  const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
  while (i < a.size() && k < b.size()) {
    if (!isDigit(a[i]) || !isDigit(b[k])) {
      const QChar left = a[i].toLower(), right = b[k].toLower();
      if (left != right) return left < right;
      ++i, ++k;
      continue;
    }
    const auto numberAt = [&](const QString& text, qsizetype& at) {
      while (at + 1 < text.size() && text[at] == u'0' && isDigit(text[at + 1])) ++at;
      const qsizetype start = at;
      while (at < text.size() && isDigit(text[at])) ++at;
      return text.mid(start, at - start);
    };
    const QString left = numberAt(a, i), right = numberAt(b, k);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  if (a.size() - i != b.size() - k) return a.size() - i < b.size() - k;
  return a < b;  // of names that differ in nothing else: always the same order
}

bool isPictureName(const QString& name) {
  static const QList<QByteArray> kRead = QImageReader::supportedImageFormats();
  static const QList<QByteArray> kKnown = {"png",  "jpg", "jpeg", "jpe", "jfif", "gif", "bmp",
                                           "webp", "tif", "tiff", "ppm", "pgm",  "pbm", "svg"};
  const qsizetype dot = name.lastIndexOf('.');
  const QByteArray ending = name.mid(dot + 1).toLower().toLatin1();
  return dot > 0 && (kRead.contains(ending) || kKnown.contains(ending));
}

QStringList picturesIn(const QString& folder) {
  QStringList names, paths;
  for (const FolderEntry& entry : listFolder(folder))
    if (!isPassedOver(entry.name) && isPictureName(entry.name) && !isFolder(pathIn(folder, entry.name))) names << entry.name;
  std::sort(names.begin(), names.end(), isBefore);
  for (const QString& name : names) paths << pathIn(folder, name);
  return paths;
}

DataPlaces findData(const QString& path) {
  if (isFolder(path)) {
    Search search(path);
    const std::vector<DataPart> found = search.look();
    DataPlaces places = chosenParts(found, path);
    places.notes.insert(places.notes.end(), search.notes().begin(), search.notes().end());
    return places;
  }
  // Of a file, what belongs to it: the labels beside its images, the other part of its set.
  const QFileInfo file(path);
  QStringList names;
  for (const FolderEntry& entry : listFolder(file.path()))
    if (entry.kind != FolderEntry::Kind::Folder) names << entry.name;
  std::vector<DataPart> found = partsOfFiles(file.path(), names);
  const auto holdsFile = [&](const DataPart& part) { return part.files.contains(path) || part.twins.contains(path); };
  const auto given = std::find_if(found.begin(), found.end(), holdsFile);
  if (given == found.end()) return {};
  const DataPart part = *given;
  std::erase_if(found, [&](const DataPart& other) { return other.format != part.format || other.family != part.family; });
  return chosenParts(found, file.path());
}

}  // namespace io
