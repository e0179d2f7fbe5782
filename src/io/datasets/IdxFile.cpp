// The IDX format of MNIST, one file at a time: a header with the kind of numbers and the dimensions, then the numbers, the high byte first.
// Gzipped or not. Nothing is allocated on the word of a header alone: memory is taken for bytes that are really there.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

#include <QFile>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Unpacking.h"
#include "io/datasets/Datasets.h"
#include "io/datasets/Numbers.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kLargestFile = std::size_t(64) << 30;  // bytes, unpacked
constexpr std::size_t kLargeClaim = std::size_t(1) << 28;    // bytes: from here on they are counted before memory is taken
constexpr std::size_t kLargestSide = 4096;                   // of an image
constexpr double kHighestLabel = 64999;
constexpr std::size_t kLongestHeader = 1 << 10;  // bytes: magic number, and up to 255 sizes

nn::Error failure(const std::string& what, const QString& path, const std::string& hint = {}) {
  return {what, shownName(path), hint};
}

enum class NumberKind : std::uint8_t { Byte = 0x08, SignedByte = 0x09, Short = 0x0b, Int = 0x0c, Float = 0x0d, Double = 0x0e };

// In bytes; 0: there is no such kind.
std::size_t widthOf(NumberKind kind) {
  switch (kind) {
    case NumberKind::Byte:
    case NumberKind::SignedByte:
      return 1;
    case NumberKind::Short:
      return 2;
    case NumberKind::Int:
    case NumberKind::Float:
      return 4;
    case NumberKind::Double:
      return 8;
  }
  return 0;
}

struct IdxHeader {
  NumberKind kind = NumberKind::Byte;
  std::vector<std::size_t> dimensions;
};

struct IdxFile {
  IdxHeader header;
  data::Pixels bytes;              // the product of the dimensions, times the width of a number
  std::vector<std::string> notes;  // on what was not read

  std::size_t count() const { return bytes.size() / widthOf(header.kind); }
  double value(std::size_t index) const {
    const std::size_t width = widthOf(header.kind);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < width; ++i) word = word << 8 | bytes[index * width + i];
    switch (header.kind) {
      case NumberKind::Byte:
        return double(word);
      case NumberKind::SignedByte:
        return double(std::int8_t(word));
      case NumberKind::Short:
        return double(std::int16_t(word));
      case NumberKind::Int:
        return double(std::int32_t(word));
      case NumberKind::Float:
        return double(std::bit_cast<float>(std::uint32_t(word)));
      case NumberKind::Double:
        break;
    }
    return std::bit_cast<double>(word);
  }
};

// The unpacked bytes of a file, with words for what is wrong with them.
class ByteSource {
 public:
  explicit ByteSource(const QString& path) : m_path(path) {
    if (isPipeOrDevice(path)) throw failure("This is a pipe or a device, not a file", path, "Put the file itself in its place");
    if (!openForReading(m_file, path)) throw failure("Cannot be opened: " + whyNotOpened(m_file, path), path);
    m_unpacking.emplace(m_file, qint64(kLargestFile + kLongestHeader));
  }

  // No more than this many bytes can come out: deflate packs 1032 to 1 at best.
  std::size_t mostBytes() const { return std::size_t(m_file.size()) * (packed() ? 1032 : 1); }

  bool packed() const { return m_unpacking->packed(); }
  bool somethingFollows() const { return m_unpacking->somethingFollows(); }

  // Fewer than asked for only at the end of the file.
  std::size_t read(std::uint8_t* target, std::size_t count) {
    const qint64 done = m_unpacking->read(reinterpret_cast<char*>(target), qint64(count));
    switch (m_unpacking->problem()) {
      case Unpacking::Problem::None:
        break;
      case Unpacking::Problem::CutOff:
        throw failure("The compressed file ends too early", m_path, "Download or copy it again");
      case Unpacking::Problem::Damaged:
        throw failure("The compressed data is damaged", m_path, "Download or copy it again");
      case Unpacking::Problem::TooLong:
        throw failure("It holds more data than ConvScope can hold", m_path, "The file is probably damaged");
      case Unpacking::Problem::Unreadable:
        throw failure("Cannot be read: " + m_file.errorString().toStdString(), m_path);
      case Unpacking::Problem::NoMemory:
        throw failure("Not enough memory to unpack it", m_path);
    }
    return std::size_t(done);
  }

 private:
  QString m_path;
  QFile m_file;
  std::optional<Unpacking> m_unpacking;
};

IdxHeader readHeader(ByteSource& source, const QString& path, const char* content, std::size_t fewest, std::size_t most) {
  std::array<std::uint8_t, 4> magic{};
  if (source.read(magic.data(), magic.size()) != magic.size())
    throw failure("The file is too short for an IDX header", path, "Download or copy it again");
  if (magic[0] != 0 || magic[1] != 0 || widthOf(NumberKind(magic[2])) == 0 || magic[3] < fewest || magic[3] > most) {
    throw failure("This is not an IDX file of " + std::string(content), path,
                  "Expected numbers with " + std::to_string(fewest) + (fewest == most ? "" : " to " + std::to_string(most)) + " dimension" +
                      (most == 1 ? "" : "s") + ", as in MNIST");
  }
  IdxHeader header{NumberKind(magic[2]), std::vector<std::size_t>(magic[3])};
  std::vector<std::size_t>& dimensions = header.dimensions;
  for (std::size_t& dimension : dimensions) {
    std::array<std::uint8_t, 4> word{};
    if (source.read(word.data(), word.size()) != word.size())
      throw failure("The file is too short for an IDX header", path, "Download or copy it again");
    dimension = std::size_t(word[0]) << 24 | std::size_t(word[1]) << 16 | std::size_t(word[2]) << 8 | std::size_t(word[3]);
  }
  return header;
}

// In bytes.
std::size_t checkedSize(const IdxHeader& header, const QString& path) {
  const std::vector<std::size_t>& dimensions = header.dimensions;
  if (dimensions[0] == 0) throw failure("The file is empty: its header counts no entries", path);
  std::size_t size = widthOf(header.kind);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (i > 0 && (dimensions[i] == 0 || dimensions[i] > kLargestSide)) {
      throw failure("Images of this size are not possible: " + std::to_string(dimensions[i]) + " pixels on a side", path,
                    "A side has 1 to " + std::to_string(kLargestSide) + " pixels");
    }
    size *= dimensions[i];  // below 2^33 before, at most 2^12 (the first: 2^32) times larger: no overflow
    if (size > kLargestFile) throw failure("The header claims more data than ConvScope can hold", path, "The file is probably damaged");
  }
  return size;
}

std::vector<std::string> classNamesFor(std::size_t classes) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < classes; ++i) names.push_back(std::to_string(i));
  return names;
}

std::vector<std::uint8_t> packed(std::span<const std::uint8_t> bytes, const QString& path) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzipFormat, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw failure("Not enough memory to pack it", path);
  std::vector<std::uint8_t> result;
  std::vector<std::uint8_t> piece(kChunk);
  std::size_t taken = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0 && taken < bytes.size()) {
      const std::size_t count = std::min(kChunk, bytes.size() - taken);
      stream.next_in = const_cast<Bytef*>(bytes.data() + taken);
      stream.avail_in = uInt(count);
      taken += count;
    }
    stream.next_out = piece.data();
    stream.avail_out = uInt(piece.size());
    status = deflate(&stream, taken == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    result.insert(result.end(), piece.begin(), piece.begin() + std::ptrdiff_t(piece.size() - stream.avail_out));
  }
  deflateEnd(&stream);
  return result;
}

// An IDX file of which the header has been read.
class IdxReader {
 public:
  IdxReader(const QString& path, const char* content, std::size_t fewest, std::size_t most)
      : m_path(path), m_source(path), m_header(readHeader(m_source, path, content, fewest, most)), m_size(checkedSize(m_header, path)) {
    m_claim = "Its header counts " + std::to_string(count()) + " " + content;
    if (m_size > m_source.mostBytes()) throw tooShort();
  }

  std::size_t count() const { return m_header.dimensions[0]; }

  IdxFile read() {
    if (m_size > kLargeClaim) {
      data::requirePixelRoom(double(m_size), m_claim + ": a set of this size", shownName(m_path), "Make room, or use a smaller set");
      if (m_source.packed()) countAll();
    }
    IdxFile file{m_header, {}, {}};
    while (file.bytes.size() < m_size) {
      // Doubling, so that a false claim costs no more memory than twice what is really there.
      const std::size_t before = file.bytes.size();
      file.bytes.resize(m_size > kLargeClaim ? m_size : std::min(m_size, std::max(kChunk, before * 2)));
      if (m_source.read(file.bytes.data() + before, file.bytes.size() - before) < file.bytes.size() - before) throw tooShort();
    }
    requireEnd(m_source);
    if (m_source.somethingFollows())
      file.notes.push_back(shownName(m_path) + ": after the packed data something else follows, which was not read");
    return file;
  }

 private:
  nn::Error tooShort() const { return failure(m_claim + ", but the file is too short for them", m_path, "Download or copy it again"); }
  void requireEnd(ByteSource& source) const {
    std::uint8_t beyond = 0;
    if (source.read(&beyond, 1) != 0) throw failure(m_claim + ", but more data follows", m_path, "The file is probably damaged");
  }
  // Unpacks without keeping: a large claim is believed when the bytes have been seen.
  void countAll() const {
    ByteSource source(m_path);
    std::vector<std::uint8_t> piece(kChunk);
    std::size_t left = m_size + 4 + 4 * m_header.dimensions.size();
    while (left > 0) {
      const std::size_t wanted = std::min(left, kChunk);
      if (source.read(piece.data(), wanted) < wanted) throw tooShort();
      left -= wanted;
    }
    requireEnd(source);
  }

  QString m_path;
  ByteSource m_source;
  IdxHeader m_header;
  std::size_t m_size;
  std::string m_claim;
};

std::vector<std::uint8_t> idxHeader(const std::vector<std::size_t>& dimensions) {
  std::vector<std::uint8_t> header = {0, 0, 0x08, std::uint8_t(dimensions.size())};
  for (const std::size_t dimension : dimensions) {
    for (int shift = 24; shift >= 0; shift -= 8) header.push_back(std::uint8_t(dimension >> shift));
  }
  return header;
}

// Gzipped when the name ends in .gz.
CheckedFile preparedIdxFile(const QString& path, std::vector<std::uint8_t> content) {
  if (path.endsWith(".gz")) content = packed(content, path);
  return {path, QByteArray::fromRawData(reinterpret_cast<const char*>(content.data()), qsizetype(content.size()))};
}

// Of several numbers a row (QMNIST: the writer and more) the first is the class.
void takeLabels(const IdxFile& file, const QString& path, data::Dataset& set) {
  const std::size_t each = file.count() / file.header.dimensions[0];
  if (each > 1)
    set.notes.push_back(shownName(path) + " has " + std::to_string(each) + " numbers for each image: the first is taken for its class");
  double highest = 9;
  for (std::size_t i = 0; i < file.count(); i += each) {
    const double label = file.value(i);
    if (!(label >= 0 && label <= kHighestLabel) || label != std::floor(label))
      throw failure("A label is " + std::to_string(label) + ", out of the range 0 to " + std::to_string(int(kHighestLabel)), path,
                    "The file is probably damaged");
    highest = std::max(highest, label);
    set.labels.push_back(data::Label(label));
  }
  set.classNames = classNamesFor(std::size_t(highest) + 1);
}

void takePixels(IdxFile& file, const QString& path, data::Dataset& set) {
  if (file.header.kind == NumberKind::Byte) {
    set.pixels = std::move(file.bytes);
    return;
  }
  ValueRange range;
  for (std::size_t i = 0; i < file.count(); ++i) range.add(file.value(i));
  std::optional<ValueScale> decided;
  const ValueScale& scale = scaleOf(range, shownName(path), decided, set.notes);
  set.pixels.resize(file.count());
  for (std::size_t i = 0; i < file.count(); ++i) set.pixels[i] = scale.byteOf(file.value(i));
}

}  // namespace

std::shared_ptr<data::Dataset> readIdx(const QString& imagesPath, const QString& labelsPath) {
  IdxReader labelReader(labelsPath, "labels", 1, 2);
  IdxReader imageReader(imagesPath, "images", 3, 4);
  if (imageReader.count() != labelReader.count()) {  // before anything is unpacked
    throw failure(nn::counted(imageReader.count(), "image", "images") + ", but " + nn::counted(labelReader.count(), "label", "labels") +
                      " in " + shownName(labelsPath),
                  imagesPath, "Both files must belong to the same set");
  }
  const IdxFile labels = labelReader.read();
  IdxFile images = imageReader.read();
  const auto& sizes = images.header.dimensions;
  auto dataset = std::make_shared<data::Dataset>();
  dataset->name = "IDX";
  dataset->shape = {sizes.size() == 4 ? int(sizes[1]) : 1, int(sizes[sizes.size() - 2]), int(sizes.back())};
  if (dataset->shape.channels != 1 && dataset->shape.channels != 3) {
    throw failure("Images with " + std::to_string(dataset->shape.channels) + " channels", imagesPath,
                  "Only gray (1) and color (3) are known");
  }
  dataset->notes = std::move(images.notes);
  dataset->notes.insert(dataset->notes.end(), labels.notes.begin(), labels.notes.end());
  takeLabels(labels, labelsPath, *dataset);
  takePixels(images, imagesPath, *dataset);
  return dataset;
}

void writeIdx(const QString& imagesPath, const QString& labelsPath, const data::Dataset& dataset) {
  std::vector<std::size_t> dimensions = {dataset.count(), std::size_t(dataset.shape.height), std::size_t(dataset.shape.width)};
  if (dataset.shape.channels != 1) dimensions.insert(dimensions.begin() + 1, std::size_t(dataset.shape.channels));
  std::vector<std::uint8_t> images = idxHeader(dimensions), labels = idxHeader({dataset.count()});
  images.reserve(images.size() + dataset.count() * dataset.shape.size());
  for (std::size_t i = 0; i < dataset.count(); ++i) {
    const auto image = dataset.image(i);
    images.insert(images.end(), image.begin(), image.end());
  }
  labels.insert(labels.end(), dataset.labels.begin(), dataset.labels.end());
  CheckedFile imagesFile = preparedIdxFile(imagesPath, std::move(images)), labelsFile = preparedIdxFile(labelsPath, std::move(labels));
  CheckedFile::commitPair(imagesFile, labelsFile);
}

}  // namespace io
