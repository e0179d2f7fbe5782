#include "io/Md5OfUnpacked.h"

namespace io {
namespace {

constexpr int kSlice = 1 << 20;
constexpr qint64 kMostUnpacked = qint64(4) << 30;  // a longer stream is no data set

}  // namespace

Md5OfUnpacked::Md5OfUnpacked(const QString& path) : m_file(path) {
  if (!m_file.open(QIODevice::ReadOnly)) return;
  m_packed = m_file.peek(2) == QByteArray("\x1f\x8b", 2);
  if (m_packed) {
    m_damaged = inflateInit2(&m_stream, 15 + 16) != Z_OK;
    m_output.resize(kSlice);
  }
}

Md5OfUnpacked::~Md5OfUnpacked() {
  if (m_packed) inflateEnd(&m_stream);
}

bool Md5OfUnpacked::step() {
  if (!isOpen() || m_damaged) return false;
  if (m_packed) return inflateSlice();
  const QByteArray slice = m_file.read(kSlice);
  m_hash.addData(slice);
  return !slice.isEmpty();
}

bool Md5OfUnpacked::inflateSlice() {
  if (m_stream.avail_in == 0) {
    m_input = m_file.read(kSlice);
    m_stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
    m_stream.avail_in = uInt(m_input.size());
  }
  m_stream.next_out = reinterpret_cast<Bytef*>(m_output.data());
  m_stream.avail_out = uInt(m_output.size());
  const bool starved = m_stream.avail_in == 0;
  const int status = inflate(&m_stream, Z_NO_FLUSH);
  const qsizetype count = m_output.size() - qsizetype(m_stream.avail_out);
  m_hash.addData(QByteArrayView(m_output.constData(), count));
  m_unpacked += count;
  m_damaged = (status != Z_OK && status != Z_STREAM_END) || (starved && count == 0 && status != Z_STREAM_END) || m_unpacked > kMostUnpacked;
  return !m_damaged && status != Z_STREAM_END;
}

}  // namespace io
