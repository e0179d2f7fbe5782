#include "io/PictureEnd.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>
#include <zlib.h>

#include <QIODevice>
#include <QtEndian>

namespace io {
namespace {

constexpr qint64 kPiece = 1 << 16;

// A file's bytes in their order, a piece at a time.
class Bytes {
 public:
  explicit Bytes(QIODevice& file) : m_file(file) {}

  int next() {  // -1 at the end
    if (m_at == m_piece.size() && !refill()) return -1;
    return static_cast<unsigned char>(m_piece[m_at++]);
  }
  // False where the file ends before.
  bool skip(qint64 count) {
    const qint64 here = m_piece.size() - m_at;
    if (count <= here) {
      m_at += count;
      return true;
    }
    m_piece.clear();
    m_at = 0;
    const qint64 target = m_file.pos() + count - here;
    return target <= m_file.size() && m_file.seek(target);
  }
  // Of four bytes that were read and so many that follow, which are shown to `visit`. False where the file ends before.
  template <typename Visit>
  bool checkSum(std::uint32_t before, qint64 count, std::uint32_t& sum, Visit visit) {
    std::array<Bytef, 4> first{};
    qToBigEndian(before, first.data());
    uLong running = crc32(0, first.data(), uInt(first.size()));
    while (count > 0) {
      if (m_at == m_piece.size() && !refill()) return false;
      const qint64 here = std::min<qint64>(count, m_piece.size() - m_at);
      running = crc32(running, reinterpret_cast<const Bytef*>(m_piece.constData() + m_at), uInt(here));
      visit(QByteArrayView(m_piece.constData() + m_at, here));
      m_at += here;
      count -= here;
    }
    sum = std::uint32_t(running);
    return true;
  }
  bool skipTo(int byte) {
    for (;;) {
      const qsizetype found = m_piece.indexOf(char(byte), m_at);
      if (found >= 0) {
        m_at = found + 1;
        return true;
      }
      if (!refill()) return false;
    }
  }
  std::int64_t bigEndian(int count) {  // -1 at the end
    std::int64_t number = 0;
    for (int i = 0; i < count; ++i) {
      const int byte = next();
      if (byte < 0) return -1;
      number = number << 8 | byte;
    }
    return number;
  }

 private:
  bool refill() {
    m_piece = m_file.read(kPiece);
    m_at = 0;
    return !m_piece.isEmpty();
  }
  QIODevice& m_file;
  QByteArray m_piece;
  qsizetype m_at = 0;
};

// Segments are passed over by their length, since a preview in one of them has an end marker of its own.
bool jpegIsWhole(Bytes bytes) {
  bool picture = false;
  while (bytes.skipTo(0xff)) {
    int marker = bytes.next();
    while (marker == 0xff) marker = bytes.next();
    if (marker < 0) return false;
    if (marker == 0xd9) return picture;
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;  // within the data of the picture, or without a length
    if (marker == 0xda) picture = true;
    const std::int64_t length = bytes.bigEndian(2);
    if (length < 2 || !bytes.skip(length - 2)) return false;
  }
  return false;
}

// What a PNG says of itself at its beginning, and what that asks of its packed data: so many rows, a filter before each. Its reader would
// write to the terminal about what is wrong.
class PngData {
 public:
  explicit PngData(std::int64_t mostPixels) : m_mostPixels(mostPixels) { m_good = inflateInit(&m_stream) == Z_OK; }
  ~PngData() { inflateEnd(&m_stream); }
  PngData(const PngData&) = delete;
  PngData& operator=(const PngData&) = delete;

  // width, height, depth, color type, compression, filter, interlacing
  void begin(const QByteArray& header) {
    m_good = m_good && header.size() == 13 && isPossible(header);
    if (!m_good) return;
    static constexpr std::array<std::array<std::int64_t, 4>, 7> kPasses{
        {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
    const std::int64_t width = number(header, 0), height = number(header, 4);
    const auto add = [&](std::int64_t columns, std::int64_t rows) {
      if (columns > 0 && rows > 0) m_passes.push_back({(columns * bitsPerPixel(header) + 7) / 8, rows});
    };
    m_tooLarge = width * height > m_mostPixels;
    if (header[12] == 0) return add(width, height);
    for (const auto& [x, y, dx, dy] : kPasses) add((width - x + dx - 1) / dx, (height - y + dy - 1) / dy);
  }
  void palette(qint64 length) { m_palette = length > 0 && length <= 768 && length % 3 == 0; }
  void unpack(QByteArrayView packed) {
    if (m_passes.empty() || (m_needsPalette && !m_palette)) m_good = false;
    if (m_tooLarge) return;
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    m_stream.avail_in = uInt(packed.size());
    std::array<Bytef, 1 << 15> out;
    int result = Z_OK;
    while (m_good && !m_ended && result == Z_OK) {
      m_stream.next_out = out.data();
      m_stream.avail_out = uInt(out.size());
      const bool wasWhole = isWhole();
      result = inflate(&m_stream, Z_NO_FLUSH);
      if (!m_passes.empty()) take({out.data(), out.size() - m_stream.avail_out});
      m_ended = result == Z_STREAM_END || (wasWhole && m_stream.avail_out == 0);  // what is too much may go on and on
      if (result == Z_OK && m_stream.avail_out > 0) return;                       // all that was packed here
    }
    // Its check sum is looked at only at the end.
    if (!m_ended && result != Z_BUF_ERROR) m_good = false;
  }
  bool isGood() const { return m_good; }
  bool isWhole() const { return m_tooLarge || (!m_passes.empty() && m_pass == m_passes.size()); }

 private:
  struct Pass {
    std::int64_t rowBytes, rows;
  };
  static std::int64_t number(const QByteArray& header, int at) { return qFromBigEndian<std::uint32_t>(header.constData() + at); }
  static int bitsPerPixel(const QByteArray& header) {
    static constexpr std::array<int, 7> kChannels{1, 0, 3, 1, 2, 0, 4};
    return header[8] * kChannels[std::size_t(header[9])];
  }
  bool isPossible(const QByteArray& header) {
    constexpr std::int64_t kLongestSide = 1'000'000;  // of its reader
    const int depth = header[8], color = header[9];
    const bool small = depth == 1 || depth == 2 || depth == 4;
    const bool known = color == 0   ? small || depth == 8 || depth == 16
                       : color == 3 ? small || depth == 8
                                    : (color == 2 || color == 4 || color == 6) && (depth == 8 || depth == 16);
    m_needsPalette = color == 3;
    for (const int side : {0, 4})
      if (number(header, side) < 1 || number(header, side) > kLongestSide) return false;
    return known && header[10] == 0 && header[11] == 0 && (header[12] == 0 || header[12] == 1);
  }
  void take(std::span<const Bytef> bytes) {
    constexpr Bytef kLastFilter = 4;
    for (std::size_t at = 0; at < bytes.size() && !isWhole();) {
      if (m_inRow == 0 && bytes[at] > kLastFilter) m_good = false;
      const Pass& pass = m_passes[m_pass];
      const auto here = std::min(std::int64_t(bytes.size() - at), pass.rowBytes + 1 - m_inRow);
      at += std::size_t(here);
      m_inRow += here;
      if (m_inRow <= pass.rowBytes) continue;
      m_inRow = 0;
      if (++m_row < pass.rows) continue;
      m_row = 0;
      ++m_pass;
    }
  }

  std::int64_t m_mostPixels;
  z_stream m_stream{};
  std::vector<Pass> m_passes;
  std::size_t m_pass = 0;
  std::int64_t m_row = 0, m_inRow = 0;
  bool m_good = true, m_needsPalette = false, m_palette = false, m_tooLarge = false, m_ended = false;
};

// Of its parts, those that it cannot be read without begin with a capital letter.
PictureEnd pngEnd(Bytes bytes, std::int64_t mostPixels) {
  constexpr std::int64_t kHeader = 0x49484452, kPalette = 0x504c5445, kData = 0x49444154, kEnd = 0x49454e44;  // IHDR, PLTE, IDAT, IEND
  constexpr std::int64_t kEndSum = 0xae426082;
  constexpr std::int64_t kDispensable = 0x20000000;
  if (!bytes.skip(8)) return PictureEnd::CutOff;
  PngData data(mostPixels);
  for (bool first = true;; first = false) {
    const std::int64_t length = bytes.bigEndian(4), type = bytes.bigEndian(4);
    if (type < 0) return PictureEnd::CutOff;
    if (type == kEnd) {
      const std::int64_t sum = bytes.bigEndian(4);
      const bool good = data.isWhole() && data.isGood() && (sum < 0 || sum == kEndSum);
      return good ? PictureEnd::Whole : PictureEnd::Damaged;
    }
    if (first != (type == kHeader)) return PictureEnd::Damaged;
    if (type == kPalette) data.palette(length);
    QByteArray header;
    std::uint32_t sum = 0;
    const auto visit = [&](QByteArrayView piece) {
      if (type == kData) data.unpack(piece);
      if (type == kHeader && length == 13) header.append(piece);
    };
    if ((type & kDispensable) != 0 ? !bytes.skip(length) : !bytes.checkSum(std::uint32_t(type), length, sum, visit))
      return PictureEnd::CutOff;
    const std::int64_t written = bytes.bigEndian(4);
    if (written < 0) return PictureEnd::CutOff;
    const bool known = (type & kDispensable) != 0 || type == kHeader || type == kPalette || type == kData;
    if (!known || ((type & kDispensable) == 0 && written != sum)) return PictureEnd::Damaged;
    if (type == kHeader) data.begin(header);
  }
}

bool gifBlocksAreWhole(Bytes& bytes) {
  for (;;) {
    const int length = bytes.next();
    if (length <= 0) return length == 0;
    if (!bytes.skip(length)) return false;
  }
}

std::int64_t gifTable(int flags) {
  return flags & 0x80 ? std::int64_t(3) << ((flags & 7) + 1) : 0;
}

// Only its first picture is read.
bool gifIsWhole(Bytes bytes) {
  if (!bytes.skip(10)) return false;
  const int flags = bytes.next();
  if (flags < 0 || !bytes.skip(2 + gifTable(flags))) return false;
  for (;;) {
    const int block = bytes.next();
    if (block == 0x21) {
      if (!bytes.skip(1) || !gifBlocksAreWhole(bytes)) return false;
    } else if (block == 0x2c) {
      if (!bytes.skip(8)) return false;
      const int own = bytes.next();
      if (own < 0 || !bytes.skip(gifTable(own) + 1) || !gifBlocksAreWhole(bytes)) return false;
      const int next = bytes.next();  // zeros of a file that was laid out before it arrived end the blocks too
      return next < 0 || next == 0x21 || next == 0x2c || next == 0x3b;
    } else {
      return block >= 0;  // its end, or nothing that a GIF may hold: the reader judges
    }
  }
}

std::int64_t littleEndian(const QByteArray& bytes, int at, int count) {
  std::int64_t number = 0;
  for (int i = count - 1; i >= 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

bool bmpIsWhole(QIODevice& file) {
  const QByteArray head = file.peek(54);
  if (head.size() < 26) return false;
  const std::int64_t start = littleEndian(head, 10, 4), headerSize = littleEndian(head, 14, 4);
  if (headerSize < 40 || head.size() < 54) {
    const std::int64_t line = (littleEndian(head, 18, 2) * littleEndian(head, 24, 2) + 31) / 32 * 4;
    return file.size() >= start + line * littleEndian(head, 20, 2);
  }
  const std::int64_t packing = littleEndian(head, 30, 4);
  if (packing == 1 || packing == 2) return file.size() >= start + littleEndian(head, 34, 4);  // run lengths
  const auto height = std::int64_t(std::int32_t(littleEndian(head, 22, 4)));
  const std::int64_t line = (littleEndian(head, 18, 4) * littleEndian(head, 28, 2) + 31) / 32 * 4;
  return file.size() >= start + line * std::abs(height);
}

bool icoIsWhole(QIODevice& file) {
  const QByteArray head = file.peek(6 + 16 * 256);
  const std::int64_t count = littleEndian(head, 4, 2);
  for (int i = 0; i < count; ++i) {
    const int at = 6 + 16 * i;
    if (at + 16 > head.size()) return i > 256;
    if (littleEndian(head, at + 8, 4) + littleEndian(head, at + 12, 4) > file.size()) return false;
  }
  return true;
}

// The text of a C program.
bool xbmIsWhole(QIODevice& file) {
  constexpr qint64 kTail = 64;
  file.seek(std::max<qint64>(0, file.size() - kTail));
  return file.read(kTail).contains('}');
}

}  // namespace

PictureEnd pictureEnd(QIODevice& file, qint64 mostPixels) {
  file.seek(0);
  const QByteArray head = file.peek(12);
  if (head.startsWith("\x89PNG")) {
    const PictureEnd end = pngEnd(Bytes(file), mostPixels);
    file.seek(0);
    return end;
  }
  bool whole = true;
  if (head.startsWith("\xff\xd8"))
    whole = jpegIsWhole(Bytes(file));
  else if (head.startsWith("GIF8"))
    whole = gifIsWhole(Bytes(file));
  else if (head.startsWith("BM"))
    whole = bmpIsWhole(file);
  else if (head.startsWith("RIFF") && head.endsWith("WEBP"))
    whole = file.size() >= 8 + littleEndian(head, 4, 4);
  else if (head.size() >= 6 && head.startsWith(QByteArray("\0\0\1\0", 4)))
    whole = icoIsWhole(file);
  else if (head.startsWith("#define"))
    whole = xbmIsWhole(file);
  file.seek(0);
  return whole ? PictureEnd::Whole : PictureEnd::CutOff;
}

}  // namespace io
