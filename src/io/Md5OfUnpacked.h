// The MD5 of a file's bytes, unpacked if it is gzipped, computed a slice at a time so that no thread stands still for it.
#pragma once

#include <zlib.h>

#include <QCryptographicHash>
#include <QFile>

namespace io {

class Md5OfUnpacked {
 public:
  explicit Md5OfUnpacked(const QString& path);
  ~Md5OfUnpacked();
  Md5OfUnpacked(const Md5OfUnpacked&) = delete;
  Md5OfUnpacked& operator=(const Md5OfUnpacked&) = delete;

  bool isOpen() const { return m_file.isOpen(); }
  // About a megabyte further; false when the end or a damaged place is reached.
  bool step();
  QByteArray hex() const { return m_damaged ? QByteArray() : m_hash.result().toHex(); }  // empty: damaged

 private:
  bool inflateSlice();

  QFile m_file;
  QCryptographicHash m_hash{QCryptographicHash::Md5};
  bool m_packed = false;
  bool m_damaged = false;
  QByteArray m_input, m_output;
  z_stream m_stream{};
  qint64 m_unpacked = 0;
};

}  // namespace io
