// CIFAR-10 and CIFAR-100 as their authors publish them for C programs: a byte or two of labels and 3 x 32 x 32 bytes for each picture
// (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html).
#include <algorithm>
#include <array>

#include <QFileInfo>

#include "io/ClassLists.h"
#include "io/FileNames.h"
#include "io/datasets/DataReaders.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr qsizetype kPictureBytes = 3 * 32 * 32;
constexpr qint64 kLargestBatch = qint64(2) << 30;

// A line for each class.
std::vector<std::string> namesIn(const QString& path) {
  std::vector<std::string> names;
  if (!pathExists(path)) return names;
  for (const QByteArray& line : readUnpacked(path, 1 << 20).split('\n'))
    if (!line.trimmed().isEmpty()) names.push_back(line.trimmed().toStdString());
  return names;
}

}  // namespace

std::shared_ptr<data::Dataset> readCifar(const DataPart& part) {
  const QString folder = QFileInfo(part.files.front()).path();
  auto set = std::make_shared<data::Dataset>();
  set->shape = {3, 32, 32};
  const std::vector<std::string> fine = namesIn(pathIn(folder, "fine_label_names.txt"));
  for (const QString& path : part.files) {
    if (!path.endsWith(".bin"))
      throw nn::Error("This is CIFAR as Python objects, which are not read", shownName(path),
                      "Take the binary version (for C programs) from the same page");
    const QByteArray bytes = readUnpacked(path, kLargestBatch);
    const bool hundred = bytes.size() % (kPictureBytes + 2) == 0 && (!fine.empty() || bytes.size() % (kPictureBytes + 1) != 0);
    const qsizetype step = kPictureBytes + (hundred ? 2 : 1);
    if (bytes.isEmpty() || bytes.size() % step != 0)
      throw nn::Error("Its size is not that of whole pictures of CIFAR", shownName(path), "Download or copy it again");
    for (qsizetype at = 0; at < bytes.size(); at += step) {
      set->labels.push_back(std::uint8_t(bytes[at + (hundred ? 1 : 0)]));  // of the coarse and the fine one, the second
      const auto* pixels = reinterpret_cast<const std::uint8_t*>(bytes.constData()) + at + step - kPictureBytes;
      set->pixels.insert(set->pixels.end(), pixels, pixels + kPictureBytes);
    }
  }
  const std::size_t highest = *std::max_element(set->labels.begin(), set->labels.end());
  set->classNames = fine.empty() ? namesIn(pathIn(folder, "batches.meta.txt")) : fine;
  if (set->classNames.empty() && highest == 9) {
    set->classNames = findClassList("cifar10")->names;
    set->notes.emplace_back("Its classes are taken to be those of CIFAR-10, airplane to truck");
  }
  for (std::size_t i = set->classNames.size(); i <= highest; ++i) set->classNames.push_back(std::to_string(i));
  set->name = highest > 9 ? "CIFAR-100" : "CIFAR-10";
  return set;
}

}  // namespace io
