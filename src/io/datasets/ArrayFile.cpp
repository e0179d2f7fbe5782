// NumPy's arrays: .npy, and .npz, an archive of them, as Keras and many notebooks keep data sets. The format is that of numpy.lib.format
// (NEP 1): a magic word, a header in the notation of a Python dictionary, and the values.
#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include <QRegularExpression>

#include "io/FileNames.h"
#include "io/datasets/Archive.h"
#include "io/datasets/DataReaders.h"
#include "io/datasets/Numbers.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr qint64 kLargestArray = qint64(4) << 30;
constexpr const char* kArrayHint = "Save it with numpy.savez(file, x_train=..., y_train=..., x_test=..., y_test=...), as arrays of numbers";

struct Array {
  QByteArray bytes;  // the whole file
  qsizetype start = 0;
  std::vector<std::size_t> sizes;
  char kind = 'u';  // u, i, f, b; U or S of texts
  std::size_t width = 1;
  bool bigEnd = false;
  std::size_t count() const {
    std::size_t all = 1;
    for (const std::size_t size : sizes) all *= size;
    return all;
  }
};

std::uint64_t wordAt(const Array& array, std::size_t index) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(array.bytes.constData()) + array.start + qsizetype(index * array.width);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < array.width; ++i) {
    const std::size_t place = array.bigEnd ? array.width - 1 - i : i;
    word |= std::uint64_t(from[i]) << (8 * place);
  }
  return word;
}

double halfOf(std::uint64_t word) {
  const int exponent = int(word >> 10 & 31), mantissa = int(word & 1023);
  const double sign = word >> 15 & 1 ? -1 : 1;
  if (exponent == 31) return mantissa ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  return exponent == 0 ? sign * std::ldexp(mantissa, -24) : sign * std::ldexp(1024 + mantissa, exponent - 25);
}

double valueAt(const Array& array, std::size_t index) {
  const std::uint64_t word = wordAt(array, index);
  if (array.kind == 'f') {
    if (array.width == 2) return halfOf(word);
    return array.width == 4 ? double(std::bit_cast<float>(std::uint32_t(word))) : std::bit_cast<double>(word);
  }
  if (array.kind != 'i') return double(word);
  const int unused = 64 - 8 * int(array.width);
  return double(std::int64_t(word << unused) >> unused);
}

// One of the texts of an array: bytes, or code points of four bytes each.
std::string textAt(const Array& array, std::size_t index) {
  const char* from = array.bytes.constData() + array.start + qsizetype(index * array.width);
  if (array.kind == 'S') return {from, strnlen(from, array.width)};
  QString text;
  for (std::size_t i = 0; i + 4 <= array.width; i += 4) {
    char32_t point = 0;
    std::memcpy(&point, from + i, 4);
    if (point != 0) text += QString::fromUcs4(&point, 1);
  }
  return text.toStdString();
}

Array parsed(QByteArray bytes, const std::string& where) {
  const auto fail = [&](const std::string& what) { return nn::Error(what, where, kArrayHint); };
  if (!bytes.startsWith("\x93NUMPY") || bytes.size() < 12) throw fail("It is no array of NumPy");
  const auto byteAt = [&](qsizetype at) { return std::size_t(std::uint8_t(bytes[at])); };
  const bool first = byteAt(6) == 1;
  std::size_t length = byteAt(8) | byteAt(9) << 8;
  if (!first) length |= byteAt(10) << 16 | byteAt(11) << 24;
  Array array;
  array.start = (first ? 10 : 12) + qsizetype(length);
  if (array.start > bytes.size()) throw fail("The array is cut off");
  const QString header = QString::fromLatin1(bytes.mid(first ? 10 : 12, qsizetype(length)));
  static const QRegularExpression kType("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])(\\d+)'"), kSizes("'shape'\\s*:\\s*\\(([^)]*)\\)");
  const QRegularExpressionMatch type = kType.match(header), sizes = kSizes.match(header);
  if (!type.hasMatch() || !sizes.hasMatch() || !QString("uifbUS").contains(type.captured(2)))
    throw fail("It holds Python objects, no plain numbers, which are not read");
  if (header.contains(QRegularExpression("'fortran_order'\\s*:\\s*True"))) throw fail("Its values lie column by column (Fortran order)");
  array.bigEnd = type.captured(1) == ">";
  array.kind = type.captured(2).front().toLatin1();
  array.width = type.captured(3).toULongLong() * (array.kind == 'U' ? 4 : 1);
  const bool number = array.kind != 'U' && array.kind != 'S';
  if (array.width == 0 || (number && !std::has_single_bit(array.width)) || (number && array.width > 8))
    throw fail("Its numbers are of an unknown kind");
  std::size_t all = array.width;
  for (const QString& size : sizes.captured(1).split(',', Qt::SkipEmptyParts)) {
    if (size.trimmed().isEmpty()) continue;
    array.sizes.push_back(size.trimmed().toULongLong());
    if (array.sizes.back() != 0 && all > std::size_t(kLargestArray) / array.sizes.back())
      throw fail("The header claims more data than can be held");
    all *= array.sizes.back();
  }
  if (all > std::size_t(bytes.size() - array.start)) throw fail("The array is cut off: its values are fewer than its header says");
  array.bytes = std::move(bytes);
  return array;
}

std::vector<std::string> labelNamesOf(const Array& array, const std::string& where) {
  std::vector<std::string> names;
  const std::size_t count = array.sizes.empty() ? 0 : array.sizes[0];
  const std::size_t each = count == 0 ? 0 : array.count() / count;
  if (each == 0) throw nn::Error("It has no labels", where, kArrayHint);
  for (std::size_t i = 0; i < count; ++i) {
    if (array.kind == 'U' || array.kind == 'S') {
      names.push_back(textAt(array, i * each));
      continue;
    }
    std::size_t label = 0;  // of several numbers, one for each class, the largest
    for (std::size_t k = 1; k < each; ++k)
      if (valueAt(array, i * each + k) > valueAt(array, i * each + label)) label = k;
    const double value = each > 1 ? double(label) : valueAt(array, i);
    names.push_back(value == std::floor(value) ? std::to_string((long long)(value)) : std::to_string(value));
  }
  return names;
}

std::shared_ptr<data::Dataset> setOf(const Array& images, const Array& labels, const std::string& where, std::optional<ValueScale>& scale) {
  if (images.sizes.size() < 2 || images.count() == 0 || images.kind == 'U' || images.kind == 'S')
    throw nn::Error("Its images are no array of numbers with a size for the images and one for what they hold", where, kArrayHint);
  const std::optional<ImageLayout> layout = layoutOf(std::span(images.sizes).subspan(1));
  if (!layout)
    throw nn::Error("Its images have no size that a picture has", where, "Height and width, with 1 or 3 channels before or behind them");
  const std::vector<std::string> names = labelNamesOf(labels, where);
  if (names.size() != images.sizes[0])
    throw nn::Error(std::to_string(images.sizes[0]) + " images, but " + std::to_string(names.size()) + " labels", where, kArrayHint);
  auto set = std::make_shared<data::Dataset>();
  set->shape = layout->shape;
  if (!layout->note.empty()) set->notes.push_back(layout->note);
  ValueRange range;
  const std::size_t count = images.count(), each = layout->shape.size();
  for (std::size_t i = 0; i < count; ++i) range.add(valueAt(images, i));
  const ValueScale& known = scaleOf(range, where, scale, set->notes);
  set->pixels.resize(count);
  for (std::size_t i = 0; i < count; ++i) set->pixels[i - i % each + planeIndex(*layout, i % each)] = known.byteOf(valueAt(images, i));
  labelBy(names, *set, where);
  return set;
}

// By its name in the archive; labels, where it could be.
struct NamedArrays {
  const QByteArray *images = nullptr, *labels = nullptr;
  int others = 0;  // that could be these as well
};

NamedArrays arraysFor(const std::map<QString, QByteArray>& files, DataRole role) {
  static const QRegularExpression kLabels("(^|[-_. ])(y|labels?|targets?|classes)([-_. ]|$)", QRegularExpression::CaseInsensitiveOption);
  NamedArrays found;
  for (const auto& [name, bytes] : files) {
    if (!name.endsWith(".npy")) continue;
    const QString plain = name.chopped(4);
    const bool labels = kLabels.match(plain).hasMatch() || plain == "arr_1";
    if (roleOf(plain) != role) continue;
    const QByteArray*& place = labels ? found.labels : found.images;
    found.others += place != nullptr;
    if (!place || bytes.size() > place->size()) place = &bytes;
  }
  return found;
}

}  // namespace

ArrayParts readArrays(const DataPart& part, std::optional<ValueScale>& scale) {
  const std::string where = shownName(part.files.front());
  if (part.files.size() == 2)
    return {setOf(parsed(readUnpacked(part.files[0], kLargestArray), where),
                  parsed(readUnpacked(part.files[1], kLargestArray), shownName(part.files[1])), where, scale),
            nullptr};
  const std::map<QString, QByteArray> files = filesInArchive(part.files.front(), kLargestArray);
  ArrayParts parts;
  const auto read = [&](DataRole role) -> std::shared_ptr<data::Dataset> {
    const NamedArrays arrays = arraysFor(files, role);
    if (!arrays.images || !arrays.labels) return nullptr;
    auto set = setOf(parsed(*arrays.images, where), parsed(*arrays.labels, where), where, scale);
    if (arrays.others > 0) set->notes.emplace_back("Of several arrays that may be the images or the labels, the largest are taken");
    return set;
  };
  parts.training = read(DataRole::Training);
  if (!parts.training) parts.training = read(DataRole::Any);
  parts.test = read(DataRole::Test);
  if (!parts.test && (parts.test = read(DataRole::Validation)))
    parts.test->notes.emplace_back("There are no test images by their names: those for validation are taken for them");
  if (!parts.training) std::swap(parts.training, parts.test);
  if (!parts.training) {
    std::string names;
    for (const auto& [name, bytes] : files)
      names += (names.empty() ? "" : ", ") + name.chopped(name.endsWith(".npy") ? 4 : 0).toStdString();
    throw nn::Error("Its arrays are called " + names + ", and none are images with labels by their names", where, kArrayHint);
  }
  return parts;
}

}  // namespace io
