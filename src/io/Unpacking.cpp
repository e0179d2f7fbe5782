#include "io/Unpacking.h"

#include <algorithm>

namespace io {
namespace {

constexpr qint64 kReadAtOnce = 1 << 20;
constexpr qint64 kMostUnpacked = qint64(4) << 30;  // of a file whose MD5 is asked for: a longer stream is no data set

}  // namespace

Unpacking::Unpacking(QIODevice& file, qint64 mostBytes)
    : m_file(file), m_left(mostBytes), m_packed(file.peek(2) == QByteArray("\x1f\x8b", 2)) {
  if (m_packed && inflateInit2(&m_stream, kGzipFormat) != Z_OK) m_problem = Problem::NoMemory;
}

Unpacking::~Unpacking() {
  if (m_packed) inflateEnd(&m_stream);
}

qint64 Unpacking::read(char* target, qint64 count) {
  if (m_problem != Problem::None) return 0;
  const qint64 done = m_packed ? readPacked(target, count) : readAsItIs(target, count);
  m_left -= done;
  if (m_left < 0) m_problem = Problem::TooLong;
  return done;
}

qint64 Unpacking::readAsItIs(char* target, qint64 count) {
  qint64 done = 0;
  while (done < count) {
    const qint64 got = m_file.read(target + done, count - done);
    if (got < 0) m_problem = Problem::Unreadable;
    if (got <= 0) break;
    done += got;
  }
  return done;
}

qint64 Unpacking::readPacked(char* target, qint64 count) {
  qint64 done = 0;
  while (done < count && !m_ended && m_problem == Problem::None) {
    if (m_stream.avail_in == 0) refill();
    const qint64 piece = std::min(count - done, kReadAtOnce);
    m_stream.next_out = reinterpret_cast<Bytef*>(target + done);
    m_stream.avail_out = uInt(piece);
    const bool starved = m_stream.avail_in == 0;
    const int status = inflate(&m_stream, Z_NO_FLUSH);
    done += piece - qint64(m_stream.avail_out);
    if (status == Z_STREAM_END)
      nextMember();
    else if (status != Z_OK)
      m_problem = status == Z_BUF_ERROR && starved ? Problem::CutOff : Problem::Damaged;
  }
  return done;
}

void Unpacking::refill() {
  m_input = m_file.read(kReadAtOnce);
  m_stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
  m_stream.avail_in = uInt(m_input.size());
}

// A gzip file may hold several members one after the other. What is behind the last is not its: zeros fill up blocks, anything else is
// told of.
void Unpacking::nextMember() {
  if (m_stream.avail_in < 2) {
    m_input = m_input.last(qsizetype(m_stream.avail_in)) + m_file.read(kReadAtOnce);
    m_stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
    m_stream.avail_in = uInt(m_input.size());
  }
  m_ended = m_stream.avail_in < 2 || m_stream.next_in[0] != 0x1f || m_stream.next_in[1] != 0x8b;
  if (!m_ended) {
    inflateReset(&m_stream);
    return;
  }
  for (QByteArray rest = m_input.last(qsizetype(m_stream.avail_in)); !rest.isEmpty() && !m_follows; rest = m_file.read(kReadAtOnce))
    m_follows = std::any_of(rest.begin(), rest.end(), [](char byte) { return byte != 0; });
}

Md5OfUnpacked::Md5OfUnpacked(const QString& path) : m_file(path), m_slice(1 << 20, '\0') {
  if (m_file.open(QIODevice::ReadOnly)) m_unpacking.emplace(m_file, kMostUnpacked);
}

bool Md5OfUnpacked::step() {
  if (!isOpen()) return false;
  const qint64 count = m_unpacking->read(m_slice.data(), m_slice.size());
  m_hash.addData(QByteArrayView(m_slice.constData(), count));
  return count == m_slice.size() && m_unpacking->problem() == Unpacking::Problem::None;
}

QByteArray Md5OfUnpacked::hex() const {
  const bool damaged = m_unpacking && m_unpacking->problem() != Unpacking::Problem::None;
  return damaged ? QByteArray() : m_hash.result().toHex();
}

}  // namespace io
