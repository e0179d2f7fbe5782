// Archives as they were downloaded: zip, tar with any packing, 7z and others that libarchive reads. What is in one is written nowhere but
// into a folder of its own, and no more of it than a data set can be. Throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <map>
#include <memory>

#include <QByteArray>
#include <QString>

#include "data/StrokeDigits.h"

class QTemporaryDir;

namespace io {

bool isArchive(const QString& path);  // by its name

// The files in it by their names there, `most` bytes at most.
std::map<QString, QByteArray> filesInArchive(const QString& path, qint64 most);

// All of it in a folder that is removed when this object goes. Links are left out, and so is what would lie outside of that folder.
class UnpackedArchive {
 public:
  // Canceled by `progress`: folder() is empty.
  explicit UnpackedArchive(const QString& path, const data::Progress& progress = {});
  ~UnpackedArchive();
  QString folder() const;

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
};

}  // namespace io
