// Sets of IDX files that are not MNIST: EMNIST's images lie on their side and its letters count from 1; several sets of MNIST's names and
// size are known by the folder or file that they lie in.
#include <algorithm>

#include <QFileInfo>

#include "io/ClassLists.h"
#include "io/FileNames.h"
#include "io/datasets/DataReaders.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::size_t kLetters = 26;

// Rows become columns.
void turnUpright(data::Dataset& set) {
  const auto width = std::size_t(set.shape.width), height = std::size_t(set.shape.height), area = width * height;
  if (width != height) return;
  for (std::size_t start = 0; start < set.pixels.size(); start += area)
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < y; ++x) std::swap(set.pixels[start + y * width + x], set.pixels[start + x * width + y]);
}

void nameEmnist(data::Dataset& set) {
  const std::size_t highest = *std::max_element(set.labels.begin(), set.labels.end());
  const std::size_t lowest = *std::min_element(set.labels.begin(), set.labels.end());
  if (lowest == 1 && highest <= kLetters) {
    for (data::Label& label : set.labels) --label;
    set.classNames = findClassList("letters")->names;
    return;
  }
  if (highest == 61) set.classNames = findClassList("emnist-byclass")->names;
  if (highest == 46) set.classNames = findClassList("emnist-balanced")->names;
}

bool isMnistSize(const data::Dataset& set) {
  return set.shape == nn::Shape{1, 28, 28};
}

}  // namespace

std::shared_ptr<data::Dataset> readIdxPart(const DataPart& part) {
  std::shared_ptr<data::Dataset> set = readIdx(part.files[0], part.files[1]);
  const QString name = part.files[0].toLower();
  const bool named = QFileInfo(name).fileName().contains("emnist") && !QFileInfo(name).fileName().contains("qemnist");
  const auto [lowest, highest] = std::minmax_element(set->labels.begin(), set->labels.end());
  const bool likeLetters = isMnistSize(*set) && *lowest == 1 && *highest == kLetters;
  if (named || likeLetters) {
    turnUpright(*set);
    nameEmnist(*set);
    set->notes.push_back(
        (named ? "Its images lie on their side, as those of EMNIST do, and were turned upright"
               : "Its labels are 1 to 26: it is taken for EMNIST's letters, whose images lie on their side and were turned upright") +
        std::string("; its classes are ") + set->classNames.front() + " to " + set->classNames.back());
    return set;
  }
  for (const ClassList& known : knownClassLists()) {
    if (!name.contains(known.word) || !isMnistSize(*set) || set->classNames.size() != known.names.size() || set->classNames == known.names)
      continue;
    set->classNames = known.names;
    set->notes.push_back(std::string("By its name this is ") + known.title + ": its classes are " + known.names.front() + " to " +
                         known.names.back());
  }
  return set;
}

}  // namespace io
