#include "io/PictureEnd.h"

#include <algorithm>
#include <array>
#include <cstdint>
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
  // Of four bytes that were read and so many that follow. False where the file ends before.
  bool checkSum(std::uint32_t before, qint64 count, std::uint32_t& sum) {
    std::array<Bytef, 4> first{};
    qToBigEndian(before, first.data());
    uLong running = crc32(0, first.data(), uInt(first.size()));
    while (count > 0) {
      if (m_at == m_piece.size() && !refill()) return false;
      const qint64 here = std::min<qint64>(count, m_piece.size() - m_at);
      running = crc32(running, reinterpret_cast<const Bytef*>(m_piece.constData() + m_at), uInt(here));
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

// Of its parts, those that it cannot be read without begin with a capital letter.
PictureEnd pngEnd(Bytes bytes) {
  constexpr std::int64_t kEnd = 0x49454e44;  // IEND
  constexpr std::int64_t kDispensable = 0x20000000;
  if (!bytes.skip(8)) return PictureEnd::CutOff;
  for (;;) {
    const std::int64_t length = bytes.bigEndian(4), type = bytes.bigEndian(4);
    if (type < 0) return PictureEnd::CutOff;
    if (type == kEnd) return PictureEnd::Whole;
    std::uint32_t sum = 0;
    if ((type & kDispensable) != 0 ? !bytes.skip(length) : !bytes.checkSum(std::uint32_t(type), length, sum)) return PictureEnd::CutOff;
    const std::int64_t written = bytes.bigEndian(4);
    if (written < 0) return PictureEnd::CutOff;
    if ((type & kDispensable) == 0 && written != sum) return PictureEnd::Damaged;
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

PictureEnd pictureEnd(QIODevice& file) {
  file.seek(0);
  const QByteArray head = file.peek(12);
  if (head.startsWith("\x89PNG")) {
    const PictureEnd end = pngEnd(Bytes(file));
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
