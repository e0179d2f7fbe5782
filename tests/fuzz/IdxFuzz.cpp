// The reader of IDX files, plain and gzipped. An input is two bytes for the length of the label file (the second times 16, less
// the first), the label file, and the image file.
#include <algorithm>

#include <QFile>
#include <QTemporaryDir>

#include "fuzz/FuzzTarget.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"

namespace fuzz {

namespace {

QString pathOf(const char* name) {
  static const QTemporaryDir folder;
  return folder.filePath(name);
}

void write(const QString& path, const char* bytes, std::size_t count) {
  QFile file(path);
  require(file.open(QIODevice::WriteOnly) && file.write(bytes, qint64(count)) == qint64(count), "the temporary folder can be written");
}

std::string contentOf(const QString& path) {
  QFile file(path);
  require(file.open(QIODevice::ReadOnly), "the temporary folder can be read");
  return file.readAll().toStdString();
}

std::string seed(const data::Dataset& set, const char* ending) {
  const QString images = pathOf("seed-images") + ending, labels = pathOf("seed-labels") + ending;
  io::writeIdx(images, labels, set);
  const std::string labelBytes = contentOf(labels);
  // Bytes after the end of a gzip stream would be another member: the label file is exactly as long as the first byte says.
  const std::size_t steps = (labelBytes.size() + 15) / 16;
  return std::string{char(steps * 16 - labelBytes.size()), char(steps)} + labelBytes + contentOf(images);
}

}  // namespace

bool read(const std::string& bytes) {
  if (bytes.size() < 2) return false;
  const std::size_t less = static_cast<unsigned char>(bytes[0]), whole = static_cast<unsigned char>(bytes[1]) * std::size_t(16);
  const std::size_t labels = std::min(bytes.size() - 2, whole > less ? whole - less : 0);
  write(pathOf("labels"), bytes.data() + 2, labels);
  write(pathOf("images"), bytes.data() + 2 + labels, bytes.size() - 2 - labels);
  try {
    const auto set = io::readIdx(pathOf("images"), pathOf("labels"));
    require(set->count() > 0 && set->pixels.size() == set->count() * set->shape.size(), "a data set has all of its pixels");
    for (const data::Label label : set->labels) require(label < set->classNames.size(), "every label has a name");
    return true;
  } catch (const nn::Error&) {
    return false;
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> result;
  for (const int channels : {1, 3}) {
    data::Dataset set;
    set.shape = {channels, 4, 3};
    for (int i = 0; i < 7; ++i) set.labels.push_back(std::uint8_t(i * 3 % 10));
    for (std::size_t i = 0; i < 7 * set.shape.size(); ++i) set.pixels.push_back(std::uint8_t(i * 37));
    set.classNames.assign(10, "class");
    for (const char* ending : {"", ".gz"}) result.push_back(seed(set, ending));
  }
  return result;
}

std::vector<std::string> words() {
  return {std::string("\0\0\10\1", 4),     std::string("\0\0\10\3", 4), std::string("\0\0\10\4", 4),
          std::string("\x1f\x8b\10\0", 4), std::string("\0\0\0\1", 4),  std::string("\377\377\377\377", 4)};
}

std::string changedInside(const std::string&, data::Random&) {
  return {};
}

}  // namespace fuzz
