#include "io/Md5OfUnpacked.h"

namespace io {
namespace {

constexpr qint64 kMostUnpacked = qint64(4) << 30;  // a longer stream is no data set

}  // namespace

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
