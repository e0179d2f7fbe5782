#include "io/datasets/PictureFolder.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>
#include <QImage>

#include "io/FileNames.h"
#include "io/PictureFile.h"
#include "io/datasets/DataFiles.h"
#include "io/datasets/LeftOut.h"
#include "nn/Counted.h"
#include "nn/SizeText.h"

namespace io {

namespace {

constexpr qsizetype kMostClasses = 65000;  // a label is two bytes
constexpr std::size_t kManyBytes = std::size_t(1) << 28;
constexpr const char* kLayout = "One folder for each class: FOLDER/train/CLASS/*.png, and FOLDER/test/CLASS/*.png for the test";

struct LabeledFile {
  QString path;
  data::Label label = 0;
};

void addFilesOfClass(const QString& ofClass, data::Label label, std::vector<LabeledFile>& files, LeftOut& leftOut) {
  const std::size_t before = files.size();
  for (const FolderEntry& entry : listFolder(ofClass)) {
    const QString path = pathIn(ofClass, entry.name);
    switch (entry.kind) {
      case FolderEntry::Kind::Dangling:
        leftOut.link(path);
        break;
      case FolderEntry::Kind::Other:
        leftOut.picture(path, "a pipe or a device, not a file");
        break;
      case FolderEntry::Kind::Folder:
        leftOut.inner(path);
        break;
      case FolderEntry::Kind::File:
        if (isPictureName(entry.name) || isPictureFile(path))
          files.push_back({path, label});
        else
          leftOut.noPicture(path);
    }
  }
  std::sort(files.begin() + std::ptrdiff_t(before), files.end(),
            [](const LabeledFile& a, const LabeledFile& b) { return isBefore(a.path, b.path); });
}

// By its name; else by one that differs in capitals or in zeros before a number alone. -1: none.
qsizetype labelOf(const QString& name, const QStringList& classes) {
  if (const qsizetype exact = classes.indexOf(name); exact >= 0) return exact;
  for (qsizetype i = 0; i < classes.size(); ++i) {
    bool numbers[2] = {};
    const bool sameNumber = name.toULongLong(&numbers[0]) == classes[i].toULongLong(&numbers[1]) && numbers[0] && numbers[1];
    if (sameNumber || name.compare(classes[i], Qt::CaseInsensitive) == 0) return i;
  }
  return -1;
}

// What lies beside the folders of the classes.
void tellBeside(const DataPart& part, LeftOut& leftOut) {
  for (const FolderEntry& entry : listFolder(part.place)) {
    const QString path = pathIn(part.place, entry.name);
    const bool ofClass =
        std::any_of(part.classes.begin(), part.classes.end(), [&](const ClassFolder& one) { return one.name == entry.name; });
    if (entry.kind == FolderEntry::Kind::Dangling) leftOut.link(path);
    if (entry.kind == FolderEntry::Kind::File && isPictureName(entry.name)) leftOut.beside(path);
    if (entry.kind == FolderEntry::Kind::Folder && !ofClass && !isPassedOver(entry.name) && roleOf(entry.name) == DataRole::Any)
      leftOut.outside(path);
  }
}

std::vector<LabeledFile> filesOf(const DataPart& part, const QStringList& classes, LeftOut& leftOut) {
  std::vector<LabeledFile> files;
  tellBeside(part, leftOut);
  for (const ClassFolder& one : part.classes) {
    const qsizetype label = labelOf(one.name, classes);
    if (label < 0) {
      leftOut.otherClass(pathIn(part.place, one.name));
      continue;
    }
    try {
      addFilesOfClass(one.folder, data::Label(label), files, leftOut);
    } catch (const nn::Error& error) {
      leftOut.folder(one.folder, error.issue().what);
    }
  }
  return files;
}

NoPictures nothingThere(const QString& folder, const LeftOut& leftOut) {
  std::string what = "There are no pictures in its folders";
  for (const std::string& sentence : leftOut.sentences()) what += "; " + sentence;
  return {what, shownName(folder), kLayout};
}

QStringList pathsOf(const std::vector<LabeledFile>& files) {
  QStringList paths;
  for (const LabeledFile& file : files) paths << file.path;
  return paths;
}

void requireRoom(std::size_t pictures, const nn::Shape& shape, const QString& folder) {
  const std::size_t bytes = pictures * shape.size();
  if (bytes <= kManyBytes) return;
  data::requirePixelRoom(double(bytes),
                         "A set of " + nn::counted(pictures, "picture", "pictures") + " of " + nn::sizeText(shape.width, shape.height),
                         shownName(folder), "Scale them down first, or take fewer");
}

// Large photos are read no larger than twice what is kept.
int enoughPx(const nn::Shape& shape) {
  return 2 * std::max({shape.width, shape.height, 64});
}

}  // namespace

std::optional<PictureReading> readingOf(const DataPart& training, const data::Progress& progress) {
  if (qsizetype(training.classes.size()) > kMostClasses)
    throw nn::Error(
        "It holds " + std::to_string(training.classes.size()) + " folders; there can be " + std::to_string(kMostClasses) + " classes",
        shownName(training.place));
  PictureReading reading;
  for (const ClassFolder& one : training.classes) reading.classes << one.name;
  LeftOut unused(training.place);
  const std::vector<LabeledFile> files = filesOf(training, reading.classes, unused);
  reading.style = styleOf(pathsOf(files), progress);
  if (progress && !progress(0)) return std::nullopt;
  return reading;
}

std::shared_ptr<data::Dataset> readPictures(const DataPart& part, const PictureReading& reading, const data::Progress& progress) {
  LeftOut leftOut(part.place);
  const std::vector<LabeledFile> files = filesOf(part, reading.classes, leftOut);
  PictureStyle style = reading.style;
  auto set = std::make_shared<data::Dataset>();
  requireRoom(files.size(), style.shape, part.place);
  set->pixels.reserve(files.size() * style.shape.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (progress && !progress(double(i) / double(files.size()))) return nullptr;
    QImage picture;
    std::string unread;
    try {
      picture = readPictureFile(files[i].path, enoughPx(style.shape), 0, &unread).convertToFormat(QImage::Format_ARGB32);
    } catch (const nn::Error& error) {
      leftOut.picture(files[i].path, error.issue().what);
      continue;
    }
    if (!unread.empty()) leftOut.partOf(files[i].path, unread);
    if (style.shape.size() == 0) style.shape = {3, picture.height(), picture.width()};  // of those that were looked at, none can be read
    if (style.sameSize && picture.size() != QSize(style.shape.width, style.shape.height)) leftOut.scaled(files[i].path);
    const Unlike unlike = unlikeOthers(picture, style);
    if (unlike.colored) leftOut.colored(files[i].path);
    if (unlike.turned) leftOut.turned(files[i].path);
    const std::size_t start = set->pixels.size();
    set->pixels.resize(start + style.shape.size());
    writeStyled(picture, style, std::span(set->pixels).subspan(start));
    set->labels.push_back(files[i].label);
  }
  if (set->labels.empty()) throw nothingThere(part.place, leftOut);
  for (const ClassFolder& one : part.classes) {
    const qsizetype label = labelOf(one.name, reading.classes);
    const bool there = std::find(set->labels.begin(), set->labels.end(), data::Label(label)) != set->labels.end();
    if (label >= 0 && !there && isReadable(one.folder)) leftOut.emptyClass(one.folder);
  }
  set->shape = style.shape;
  set->name = QDir(shownPath(part.place)).dirName().toStdString();
  for (const QString& name : reading.classes) set->classNames.push_back(shownName(name));
  set->notes = leftOut.sentences();
  return set;
}

void requireTwoClasses(const data::Dataset& set, const DataPart& part) {
  if (std::any_of(set.labels.begin(), set.labels.end(), [&](data::Label label) { return label != set.labels.front(); })) return;
  const data::Label only = set.labels.front();
  std::string what = "Only its folder " + set.classNames[only] + " holds pictures, and one class leaves nothing to tell apart";
  for (const std::string& note : set.notes) what += "; " + note;
  const auto named = std::find_if(part.classes.begin(), part.classes.end(),
                                  [&](const ClassFolder& one) { return shownName(one.name) == set.classNames[only]; });
  throw NoClasses({shownName(part.place), what, kLayout}, named == part.classes.end() ? QStringList() : picturesIn(named->folder));
}

std::optional<NoClasses> unlabeledPictures(const QString& folder) {
  QStringList pictures = picturesIn(folder);
  for (const FolderEntry& entry : pictures.isEmpty() ? listFolder(folder) : std::vector<FolderEntry>())
    if (entry.kind == FolderEntry::Kind::Folder && !isPassedOver(entry.name) && isReadable(pathIn(folder, entry.name)))
      pictures << picturesIn(pathIn(folder, entry.name));
  if (pictures.isEmpty()) return std::nullopt;
  const std::string what = nn::counted(std::size_t(pictures.size()), "picture lies", "pictures lie") +
                           " there, in no folders of classes, so that nothing says what they show";
  return NoClasses({shownName(folder), what, std::string("A network can read them, but not learn from them. ") + kLayout}, pictures);
}

}  // namespace io
