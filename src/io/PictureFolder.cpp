#include "io/PictureFolder.h"

#include <algorithm>

#include <QDir>
#include <QImage>
#include <QImageReader>

#include "io/FileNames.h"
#include "io/LeftOut.h"
#include "io/PictureFile.h"
#include "nn/Counted.h"
#include "nn/FreeMemory.h"
#include "nn/SizeText.h"

namespace io {

namespace {

constexpr qsizetype kMostClasses = 256;                        // a label is a byte
constexpr std::size_t kMostBytesOfSet = std::size_t(8) << 30;  // of all pictures
constexpr std::size_t kManyBytes = std::size_t(1) << 28;
constexpr int kLargestPhotoSide = 4096;
constexpr const char* kLayout = "One folder for each class: FOLDER/train/CLASS/*.png, and FOLDER/test/CLASS/*.png for the test";

bool isPictureName(const QString& name) {
  static const QList<QByteArray> kFormats = QImageReader::supportedImageFormats();
  const qsizetype dot = name.lastIndexOf('.');
  return dot >= 0 && kFormats.contains(name.mid(dot + 1).toLower().toLatin1());
}

QStringList foldersIn(const QString& folder) {
  QStringList names;
  for (const FolderEntry& entry : listFolder(folder))
    if (entry.kind == FolderEntry::Kind::Folder) names << entry.name;
  return names;
}

QString trainingFolder(const QString& folder) {
  for (const FolderEntry& entry : listFolder(folder)) {
    if (entry.name != "train" || entry.kind == FolderEntry::Kind::File || entry.kind == FolderEntry::Kind::Other) continue;
    if (entry.kind == FolderEntry::Kind::Dangling)
      throw nn::Error("This link leads to nothing", shownName(pathIn(folder, entry.name)), "Mend it, or put the folder in its place");
    return pathIn(folder, entry.name);
  }
  return folder;
}

// Pictures one after the other, as RGB in planes.
class PictureSet {
 public:
  explicit PictureSet(std::size_t files) : m_files(files) {}

  void add(const QString& path, const QImage& picture, std::uint8_t label) {
    if (m_set->labels.empty()) begin(picture.size(), path);
    const nn::Shape& shape = m_set->shape;
    if (picture.width() != shape.width || picture.height() != shape.height) {
      throw nn::Error("This picture is " + nn::sizeText(picture.width(), picture.height()) + ", those before it are " +
                          nn::sizeText(shape.width, shape.height),
                      shownName(path), "Bring all pictures to one size first");
    }
    m_gray = m_gray && picture.allGray();
    const std::size_t start = m_set->pixels.size();
    m_set->pixels.resize(start + shape.size());
    writePlanes(picture, m_set->pixels.data() + start);
    m_set->labels.push_back(label);
  }

  bool empty() const { return m_set->labels.empty(); }
  bool holds(std::uint8_t label) const { return std::find(m_set->labels.begin(), m_set->labels.end(), label) != m_set->labels.end(); }
  bool isGray() const { return m_gray; }
  // Of gray pictures the three planes are the same: one is kept.
  void makeGray() {
    const std::size_t area = m_set->shape.size() / 3;
    for (std::size_t i = 0; i < m_set->count(); ++i)
      std::copy_n(m_set->pixels.begin() + std::ptrdiff_t(i * 3 * area), area, m_set->pixels.begin() + std::ptrdiff_t(i * area));
    m_set->pixels.resize(m_set->count() * area);
    m_set->shape.channels = 1;
  }
  std::shared_ptr<data::Dataset> take() { return std::move(m_set); }

 private:
  // All are as large as the first: what they take is known, and asked for before it is taken.
  void begin(const QSize& size, const QString& path) {
    m_set->shape = {3, size.height(), size.width()};
    const std::size_t bytes = m_files * m_set->shape.size();
    const std::string subject = nn::counted(m_files, "picture", "pictures") + " of " + nn::sizeText(size.width(), size.height());
    if (bytes > kMostBytesOfSet)
      throw nn::Error(subject + " are too many to be held", shownName(path), "Scale them down first, or take fewer");
    if (bytes > kManyBytes)
      nn::requireMemory(double(bytes), "A set of " + subject, shownName(path), "Scale them down first, or take fewer");
    m_set->pixels.reserve(bytes);
  }

  std::size_t m_files;
  std::shared_ptr<data::Dataset> m_set = std::make_shared<data::Dataset>();
  bool m_gray = true;
};

bool isIdxName(const QString& name) {
  return name.endsWith("ubyte") || name.endsWith("ubyte.gz");
}

// A file where only the folders of the classes are looked for: what is no data at all, a README, is not worth a word.
void tellBeside(const QString& folder, const QString& name, LeftOut& leftOut) {
  if (isPictureName(name)) leftOut.beside(pathIn(folder, name));
  if (isIdxName(name)) leftOut.noPicture(pathIn(folder, name));
}

// What lies beside the folders train and test.
std::vector<std::string> leftOutBeside(const QString& folder) {
  LeftOut leftOut(folder);
  for (const FolderEntry& entry : listFolder(folder)) {
    if (entry.kind == FolderEntry::Kind::File) tellBeside(folder, entry.name, leftOut);
    if (entry.kind == FolderEntry::Kind::Folder && entry.name != "train" && entry.name != "test")
      leftOut.outside(pathIn(folder, entry.name));
  }
  return leftOut.sentences();
}

struct LabeledFile {
  QString path;
  std::uint8_t label = 0;
};

void addFilesOfClass(const QString& ofClass, std::uint8_t label, std::vector<LabeledFile>& files, LeftOut& leftOut) {
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
        if (isPictureName(entry.name))
          files.push_back({path, label});
        else
          leftOut.noPicture(path);
    }
  }
}

std::vector<LabeledFile> filesOf(const QString& folder, const QStringList& classes, LeftOut& leftOut) {
  std::vector<LabeledFile> files;
  for (const FolderEntry& entry : listFolder(folder)) {
    if (entry.kind == FolderEntry::Kind::Dangling) leftOut.link(pathIn(folder, entry.name));
    if (entry.kind == FolderEntry::Kind::File) tellBeside(folder, entry.name, leftOut);
  }
  for (qsizetype label = 0; label < classes.size(); ++label) {
    const QString ofClass = pathIn(folder, classes[label]);
    if (!pathExists(ofClass)) continue;  // the test pictures need not show every class
    try {
      addFilesOfClass(ofClass, std::uint8_t(label), files, leftOut);
    } catch (const nn::Error& error) {
      leftOut.folder(ofClass, error.issue().what);
    }
  }
  return files;
}

QStringList classesOf(const QString& training) {
  const QStringList classes = foldersIn(training);
  if (classes.isEmpty()) throw nn::Error("There are no folders of pictures in it", shownName(training), kLayout);
  if (classes.size() > kMostClasses)
    throw nn::Error("It holds " + std::to_string(classes.size()) + " folders; there can be 256 classes", shownName(training));
  return classes;
}

NoPictures nothingThere(const QString& folder, const LeftOut& leftOut) {
  std::string what = "There are no pictures in its folders";
  for (const std::string& sentence : leftOut.sentences()) what += "; " + sentence;
  return {what, shownName(folder), kLayout};
}

// `keepColor`: three channels even where all pictures are gray. Null when canceled. A picture or folder that cannot be read is left out
// and told of in the notes; its class stays, so that the numbers of the others do not depend on who reads.
std::shared_ptr<data::Dataset> readSet(const QString& folder, const QStringList& classes, bool keepColor, const data::Progress& progress) {
  LeftOut leftOut(folder);
  const std::vector<LabeledFile> files = filesOf(folder, classes, leftOut);
  PictureSet set(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (progress && !progress(double(i) / double(files.size()))) return nullptr;
    QImage picture;
    std::string unread;
    try {
      picture = readPictureFile(files[i].path, 0, kLargestPhotoSide, &unread).convertToFormat(QImage::Format_ARGB32);
    } catch (const nn::Error& error) {
      leftOut.picture(files[i].path, error.issue().what);
      continue;
    }
    if (!unread.empty()) leftOut.partOf(files[i].path, unread);
    set.add(files[i].path, picture, files[i].label);
  }
  if (set.empty()) throw nothingThere(folder, leftOut);
  for (qsizetype label = 0; label < classes.size(); ++label) {
    const QString ofClass = pathIn(folder, classes[label]);
    if (!set.holds(std::uint8_t(label)) && isReadable(ofClass)) leftOut.emptyClass(ofClass);
  }
  if (!keepColor && set.isGray()) set.makeGray();
  std::shared_ptr<data::Dataset> result = set.take();
  result->name = QDir(shownPath(folder)).dirName().toStdString();
  for (const QString& name : classes) result->classNames.push_back(shownName(name));
  result->notes = leftOut.sentences();
  return result;
}

void requireTwoClasses(const data::Dataset& set, const QString& folder) {
  if (std::any_of(set.labels.begin(), set.labels.end(), [&](std::uint8_t label) { return label != set.labels.front(); })) return;
  std::string what =
      "Only its folder " + set.classNames[set.labels.front()] + " holds pictures, and one class leaves nothing to tell apart";
  for (const std::string& note : set.notes) what += "; " + note;
  throw nn::Error(what, shownName(folder), kLayout);
}

}  // namespace

bool isPictureFolder(const QString& folder) {
  const QString training = trainingFolder(folder);
  bool closed = false, idx = false;
  for (const FolderEntry& entry : listFolder(training)) {
    idx = idx || isIdxName(entry.name);
    if (entry.kind != FolderEntry::Kind::Folder) continue;
    try {
      for (const FolderEntry& picture : listFolder(pathIn(training, entry.name)))
        if (picture.kind == FolderEntry::Kind::File && isPictureName(picture.name)) return true;
    } catch (const nn::Error&) {
      closed = true;
    }
  }
  return closed && !idx;  // its pictures are behind a closed door, and that is what must be said
}

std::shared_ptr<const data::Dataset> readTrainingPictures(const QString& folder, const data::Progress& progress) {
  const QString training = trainingFolder(folder);
  const std::shared_ptr<data::Dataset> set = readSet(training, classesOf(training), false, progress);
  if (!set) return nullptr;
  if (training != folder)
    for (const std::string& note : leftOutBeside(folder)) set->notes.push_back(note);
  requireTwoClasses(*set, training);
  return set;
}

std::shared_ptr<const data::Dataset> readTestPictures(const QString& folder, bool keepColor, const data::Progress& progress) {
  const QString training = pathIn(folder, "train"), test = pathIn(folder, "test");
  if (!isFolder(training) || !isFolder(test)) return nullptr;
  const QStringList classes = classesOf(training);
  for (const QString& name : foldersIn(test)) {
    if (!classes.contains(name)) throw nn::Error("There is no such class in the training set", shownName(pathIn(test, name)), kLayout);
  }
  return readSet(test, classes, keepColor, progress);
}

}  // namespace io
