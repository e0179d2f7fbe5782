// The MD5 of a file's bytes, unpacked if it is gzipped, computed a slice at a time so that no thread stands still for it.
#pragma once

#include <optional>

#include <QCryptographicHash>
#include <QFile>

#include "io/Unpacking.h"

namespace io {

class Md5OfUnpacked {
 public:
  explicit Md5OfUnpacked(const QString& path);

  bool isOpen() const { return m_file.isOpen(); }
  // About a megabyte further; false when the end or a damaged place is reached.
  bool step();
  QByteArray hex() const;  // empty: damaged

 private:
  QFile m_file;
  std::optional<Unpacking> m_unpacking;
  QCryptographicHash m_hash{QCryptographicHash::Md5};
  QByteArray m_slice;
};

}  // namespace io
