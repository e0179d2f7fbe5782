// The readers of data sets that are no IDX files: tables, arrays, CIFAR's batches and archives. The first byte of an input says which
// kind of file the others are.
#include <algorithm>
#include <array>
#include <cstdio>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "fuzz/FuzzTarget.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"

namespace fuzz {

namespace {

constexpr std::array<const char*, 4> kNames{"t.csv", "x_train.npy", "a.npz", "data_batch_1.bin"};

// An array of `values` bytes, as NumPy writes it.
std::string arrayOf(const std::string& sizes, std::size_t values) {
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + sizes + "), }";
  header.resize(118 - 1, ' ');
  header += '\n';
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8) + char(header.size()) + '\0' + header;
  for (std::size_t i = 0; i < values; ++i) bytes += char(i % 3);
  return bytes;
}

// A tape archive of two files, which is read wherever a packed one is.
std::string archiveOf(const std::string& name, const std::string& bytes) {
  std::string header(512, '\0');
  std::copy(name.begin(), name.end(), header.begin());
  const auto octal = [&](std::size_t at, int width, std::size_t value) {
    std::snprintf(&header[at], std::size_t(width), "%0*zo", width - 1, value);
  };
  octal(100, 8, 0644);
  octal(124, 12, bytes.size());
  octal(136, 12, 0);
  header[156] = '0';
  std::fill_n(header.begin() + 148, 8, ' ');
  std::size_t sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  octal(148, 7, sum);
  return header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

void write(const QString& path, const std::string& bytes) {
  QFile file(path);
  require(file.open(QIODevice::WriteOnly) && file.write(bytes.data(), qint64(bytes.size())) == qint64(bytes.size()),
          "the temporary folder can be written");
}

}  // namespace

bool read(const std::string& bytes) {
  if (bytes.empty()) return false;
  static const QTemporaryDir all;
  const std::size_t kind = static_cast<unsigned char>(bytes[0]) % kNames.size();
  const QString folder = all.filePath(QString::number(kind));
  require(QDir().mkpath(folder), "the temporary folder can be written");
  write(folder + '/' + kNames[kind], bytes.substr(1));
  if (kind == 1) write(folder + "/y_train.npy", arrayOf("6,", 6));
  try {
    const data::DataSplit split = io::loadData(folder, 1, {}, {0});
    const data::Dataset& set = *split.train->whole;
    require(set.count() > 0 && set.pixels.size() == set.count() * set.shape.size(), "a data set has all of its pixels");
    for (const data::Label label : set.labels) require(label < set.classNames.size(), "every label has a name");
    return true;
  } catch (const nn::Error&) {
    return false;
  }
}

std::vector<std::string> seeds() {
  std::string table = "label";
  for (int i = 0; i < 49; ++i) table += ",pixel" + std::to_string(i);
  for (const char* label : {"cat", "7", "dog"}) {
    table += "\n" + std::string(label);
    for (int i = 0; i < 49; ++i) table += "," + std::to_string(i * 5);
  }
  const std::string images = arrayOf("6, 5, 5, 1", 150), labels = arrayOf("6,", 6);
  return {'\0' + table, '\1' + images, '\2' + archiveOf("x_train.npy", images) + archiveOf("y_train.npy", labels) + std::string(1024, '\0'),
          '\3' + std::string(2 * 3073, '\5')};
}

std::vector<std::string> words() {
  return {"'shape': (", "99999999999", "<f8", ">i4", "|O", "nan", "1e400", "-1", ",", "\n", "label", "\xef\xbb\xbf"};
}

std::string changedInside(const std::string&, data::Random&) {
  return {};
}

}  // namespace fuzz
