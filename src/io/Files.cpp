#include "io/Files.h"

#include <algorithm>

#include <QFile>
#include <QSaveFile>

#include "io/FileNames.h"
#include "nn/Error.h"

namespace io {

QByteArray readFile(const QString& path, qint64 largestBytes) {
  const std::string where = shownName(path);
  if (isFolder(path)) throw nn::Error("this is a folder, not a file", where);
  if (!pathExists(path)) throw nn::Error("there is no such file", where, "Check the name and the folder");
  QFile file;
  if (!openForReading(file, path)) throw nn::Error("it cannot be opened: " + file.errorString().toStdString(), where);
  if (file.size() > largestBytes) throw nn::Error("the file is too large (" + std::to_string(file.size() >> 20) + " MB)", where);
  // Piece by piece: asked for the most at once, Qt would set that much memory aside first.
  constexpr qint64 kPiece = 1 << 20;
  QByteArray bytes;
  bytes.reserve(file.size());
  while (bytes.size() < largestBytes) {
    const QByteArray piece = file.read(std::min(kPiece, largestBytes - bytes.size()));
    if (piece.isEmpty()) break;
    bytes += piece;
  }
  if (file.error() != QFileDevice::NoError) throw nn::Error("it cannot be read: " + file.errorString().toStdString(), where);
  return bytes;
}

void writeFile(const QString& path, const QByteArray& bytes) {
  const std::string where = path.toStdString();
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly)) {
    throw nn::Error("it cannot be written: " + file.errorString().toStdString(), where, "Choose a folder that you may write to");
  }
  if (file.write(bytes) != bytes.size() || !file.commit()) {
    throw nn::Error("saving failed: " + file.errorString().toStdString(), where,
                    "Free some space on the disk, or choose another place; what was there before is unchanged");
  }
}

}  // namespace io
