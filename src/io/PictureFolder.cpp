#include "io/PictureFolder.h"

#include <algorithm>

#include <QDir>
#include <QImage>
#include <QImageReader>

#include "nn/Error.h"

namespace io {

namespace {

constexpr qsizetype kMostClasses = 256;                   // a label is a byte
constexpr std::size_t kMostBytes = std::size_t(8) << 30;  // of all pictures
constexpr int kLargestSide = 4096;
constexpr const char* kLayout = "One folder for each class: FOLDER/train/CLASS/*.png, and FOLDER/test/CLASS/*.png for the test";

QStringList pictureFilters() {
  QStringList filters;
  for (const QByteArray& format : QImageReader::supportedImageFormats()) filters << "*." + QString::fromLatin1(format);
  return filters;
}

QStringList foldersIn(const QDir& folder) {
  return folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

QStringList picturesIn(const QDir& folder) {
  return folder.entryList(pictureFilters(), QDir::Files, QDir::Name);
}

QDir partOf(const QDir& folder, const QString& part) {
  return QDir(folder.filePath(part));
}

QDir trainingFolder(const QString& folder) {
  const QDir all(folder);
  return all.exists("train") ? partOf(all, "train") : all;
}

QImage readPicture(const QString& path) {
  QImageReader reader(path);
  reader.setAutoTransform(true);
  const QSize size = reader.size();
  if (size.width() > kLargestSide || size.height() > kLargestSide)
    throw nn::Error("The picture is larger than " + std::to_string(kLargestSide) + " pixels on a side", path.toStdString());
  const QImage read = reader.read();
  if (read.isNull()) throw nn::Error("It cannot be read as a picture: " + reader.errorString().toStdString(), path.toStdString());
  return read.convertToFormat(QImage::Format_ARGB32);
}

std::uint8_t onWhite(int value, int alpha) {
  return std::uint8_t(255 + (value - 255) * alpha / 255);
}

std::string sizeText(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

// Pictures one after the other, as RGB in planes.
class PictureSet {
 public:
  void add(const QString& path, std::uint8_t label) {
    const QImage picture = readPicture(path);
    if (m_set->labels.empty()) m_set->shape = {3, picture.height(), picture.width()};
    nn::Shape& shape = m_set->shape;
    if (picture.width() != shape.width || picture.height() != shape.height) {
      throw nn::Error(
          "This picture is " + sizeText(picture.width(), picture.height()) + ", those before it are " + sizeText(shape.width, shape.height),
          path.toStdString(), "Bring all pictures to one size first");
    }
    if (m_set->pixels.size() + shape.size() > kMostBytes) throw nn::Error("The pictures are too many to be held", path.toStdString());
    m_grey = m_grey && picture.allGray();
    const std::size_t start = m_set->pixels.size(), area = shape.size() / 3;
    m_set->pixels.resize(start + shape.size());
    std::uint8_t* cell = m_set->pixels.data() + start;
    for (int y = 0; y < shape.height; ++y) {
      const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
      for (int x = 0; x < shape.width; ++x, ++cell) {
        const QRgb pixel = line[x];
        cell[0] = onWhite(qRed(pixel), qAlpha(pixel));
        cell[area] = onWhite(qGreen(pixel), qAlpha(pixel));
        cell[2 * area] = onWhite(qBlue(pixel), qAlpha(pixel));
      }
    }
    m_set->labels.push_back(label);
  }

  bool isGrey() const { return m_grey; }
  // Of grey pictures the three planes are the same: one is kept.
  void makeGrey() {
    const std::size_t area = m_set->shape.size() / 3;
    for (std::size_t i = 0; i < m_set->count(); ++i)
      std::copy_n(m_set->pixels.begin() + std::ptrdiff_t(i * 3 * area), area, m_set->pixels.begin() + std::ptrdiff_t(i * area));
    m_set->pixels.resize(m_set->count() * area);
    m_set->shape.channels = 1;
  }
  std::shared_ptr<data::Dataset> take() { return std::move(m_set); }

 private:
  std::shared_ptr<data::Dataset> m_set = std::make_shared<data::Dataset>();
  bool m_grey = true;
};

struct LabelledFile {
  QString path;
  std::uint8_t label = 0;
};

std::vector<LabelledFile> filesOf(const QDir& folder, const QStringList& classes) {
  std::vector<LabelledFile> files;
  for (qsizetype label = 0; label < classes.size(); ++label) {
    const QDir ofClass = partOf(folder, classes[label]);
    for (const QString& name : picturesIn(ofClass)) files.push_back({ofClass.filePath(name), std::uint8_t(label)});
  }
  return files;
}

QStringList classesOf(const QDir& training) {
  const QStringList classes = foldersIn(training);
  if (classes.isEmpty()) throw nn::Error("There are no folders of pictures in it", training.path().toStdString(), kLayout);
  if (classes.size() > kMostClasses)
    throw nn::Error("It holds " + std::to_string(classes.size()) + " folders; there can be 256 classes", training.path().toStdString());
  return classes;
}

// `keepColour`: three channels even where all pictures are grey. Null when cancelled.
std::shared_ptr<data::Dataset> readSet(const QDir& folder, const QStringList& classes, bool keepColour, const data::Progress& progress) {
  const std::vector<LabelledFile> files = filesOf(folder, classes);
  if (files.empty()) throw nn::Error("There are no pictures in its folders", folder.path().toStdString(), kLayout);
  PictureSet set;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (progress && i % 64 == 0 && !progress(double(i) / double(files.size()))) return nullptr;
    set.add(files[i].path, files[i].label);
  }
  if (!keepColour && set.isGrey()) set.makeGrey();
  std::shared_ptr<data::Dataset> result = set.take();
  result->name = folder.dirName().toStdString();
  for (const QString& name : classes) result->classNames.push_back(name.toStdString());
  return result;
}

void requireTwoClasses(const QDir& training, const QStringList& classes) {
  QStringList filled;
  for (const QString& name : classes)
    if (!picturesIn(partOf(training, name)).isEmpty()) filled << name;
  if (filled.size() == 1)
    throw nn::Error("Only its folder " + filled.front().toStdString() + " holds pictures, and one class leaves nothing to tell apart",
                    training.path().toStdString(), kLayout);
}

}  // namespace

bool isPictureFolder(const QString& folder) {
  const QDir training = trainingFolder(folder);
  const QStringList classes = foldersIn(training);
  return std::any_of(classes.begin(), classes.end(), [&](const QString& name) { return !picturesIn(partOf(training, name)).isEmpty(); });
}

std::shared_ptr<const data::Dataset> readTrainingPictures(const QString& folder, const data::Progress& progress) {
  const QDir training = trainingFolder(folder);
  const QStringList classes = classesOf(training);
  requireTwoClasses(training, classes);
  return readSet(training, classes, false, progress);
}

std::shared_ptr<const data::Dataset> readTestPictures(const QString& folder, bool keepColour, const data::Progress& progress) {
  const QDir all(folder);
  if (!all.exists("train") || !all.exists("test")) return nullptr;
  const QDir training = partOf(all, "train"), test = partOf(all, "test");
  const QStringList classes = classesOf(training);
  for (const QString& name : foldersIn(test)) {
    if (!classes.contains(name)) throw nn::Error("There is no such class in the training set", test.filePath(name).toStdString(), kLayout);
  }
  return readSet(test, classes, keepColour, progress);
}

}  // namespace io
