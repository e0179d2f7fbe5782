#include "io/datasets/Archive.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include "io/FileNames.h"
#include "io/datasets/DataFiles.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr std::size_t kBlockBytes = 1 << 16;
constexpr qint64 kMostUnpackedBytes = qint64(16) << 30;
constexpr qint64 kMostFiles = 2'000'000;
constexpr qint64 kKeptFree = qint64(256) << 20;  // bytes of the disk

// An archive that is being read, entry by entry.
class ArchiveReader {
 public:
  explicit ArchiveReader(const QString& path) : m_path(path), m_archive(archive_read_new(), archive_read_free) {
    archive_read_support_filter_all(m_archive.get());
    archive_read_support_format_all(m_archive.get());
    if (isPipeOrDevice(path)) throw fail("This is a pipe or a device, not a file");
    if (archive_read_open_filename(m_archive.get(), nativePath(path).c_str(), kBlockBytes) != ARCHIVE_OK) throw failRead();
    m_size = std::max<qint64>(1, QFileInfo(path).size());
  }

  // The next ordinary file; false at the end.
  bool next() {
    for (;;) {
      const int status = archive_read_next_header(m_archive.get(), &m_entry);
      if (status == ARCHIVE_EOF) return false;
      if (status < ARCHIVE_WARN) throw failRead();
      if (archive_entry_filetype(m_entry) != AE_IFREG || archive_entry_hardlink(m_entry)) continue;
      if (++m_files > kMostFiles) throw fail("It holds more files than a data set has");
      return true;
    }
  }
  QString name() const {
    const char* name = archive_entry_pathname(m_entry);
    return QDir::cleanPath(pathOfBytes(name ? name : ""));
  }
  // The next bytes of this file; empty at its end.
  QByteArray piece(qint64 most) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(m_archive.get(), &data, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) throw failRead();
    m_bytes += qint64(size);
    if (m_bytes > most) throw fail("It holds more than " + std::to_string(most >> 20) + " MB");
    return {static_cast<const char*>(data), qsizetype(size)};
  }
  double done() const { return std::min(1.0, double(archive_filter_bytes(m_archive.get(), -1)) / double(m_size)); }
  nn::Error fail(const std::string& what) const { return {what, shownName(m_path), "Unpack it, and give the folder"}; }

 private:
  nn::Error failRead() const {
    const char* why = archive_error_string(m_archive.get());
    if (archive_errno(m_archive.get()) == ENOENT) return {"There is no such file", shownName(m_path)};
    return {"The archive cannot be read: " + std::string(why ? why : "it is damaged"), shownName(m_path), "Download or copy it again"};
  }
  QString m_path;
  std::unique_ptr<archive, int (*)(archive*)> m_archive;  // goes also where the constructor throws
  archive_entry* m_entry = nullptr;
  qint64 m_size = 1, m_files = 0, m_bytes = 0;
};

bool isInside(const QString& name) {
  return !name.isEmpty() && !name.startsWith('/') && name != ".." && !name.startsWith("../") && !name.contains("/../");
}

// Bytes of the disk; where the system does not say, as many as there can be. QStorageInfo says nothing within a root that is no mount of
// its own, as that of a container may be.
std::uintmax_t freeIn(const QString& folder) {
  std::error_code problem;
  const std::filesystem::space_info space = std::filesystem::space(nativePath(folder), problem);
  return problem ? std::numeric_limits<std::uintmax_t>::max() : space.available;
}

}  // namespace

bool isArchive(const QString& path) {
  return isArchiveName(QFileInfo(path).fileName());
}

std::map<QString, QByteArray> filesInArchive(const QString& path, qint64 most) {
  std::map<QString, QByteArray> files;
  for (ArchiveReader reader(path); reader.next();) {
    QByteArray& bytes = files[reader.name()];
    for (QByteArray piece = reader.piece(most); !piece.isEmpty(); piece = reader.piece(most)) bytes += piece;
  }
  return files;
}

UnpackedArchive::UnpackedArchive(const QString& path, const data::Progress& progress) : m_folder(std::make_unique<QTemporaryDir>()) {
  if (!m_folder->isValid())
    throw nn::Error("There is no folder to unpack it into: " + m_folder->errorString().toStdString(), shownName(path));
  std::uintmax_t available = freeIn(m_folder->path());
  qint64 sinceAsked = 0;
  for (ArchiveReader reader(path); reader.next();) {
    const QString name = reader.name();
    if (!isInside(name)) continue;
    const QString target = m_folder->filePath(name);
    QDir().mkpath(QFileInfo(target).path());
    QFile file(target);
    if (!file.open(QIODevice::WriteOnly)) throw reader.fail("A file of it cannot be written: " + file.errorString().toStdString());
    for (QByteArray piece = reader.piece(kMostUnpackedBytes); !piece.isEmpty(); piece = reader.piece(kMostUnpackedBytes)) {
      sinceAsked += piece.size();
      if (sinceAsked > kKeptFree / 4) available = freeIn(m_folder->path()), sinceAsked = 0;
      if (file.write(piece) != piece.size() || available < std::uintmax_t(kKeptFree))
        throw reader.fail("There is no room to unpack it in " + shownName(QDir::tempPath()));
    }
    if (progress && !progress(reader.done())) {
      m_folder.reset();
      return;
    }
  }
}

UnpackedArchive::~UnpackedArchive() = default;

QString UnpackedArchive::folder() const {
  return m_folder ? m_folder->path() : QString();
}

}  // namespace io
