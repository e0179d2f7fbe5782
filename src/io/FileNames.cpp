#include "io/FileNames.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFileInfo>
#include <QStringDecoder>

#include "nn/Error.h"

namespace io {
namespace {

constexpr char16_t kOddByte = 0xdc00;

bool isOdd(const QString& path, qsizetype at) {
  const char16_t unit = path[at].unicode();
  const bool low = unit >= kOddByte + 0x80 && unit <= kOddByte + 0xff;
  return low && (at == 0 || !path[at - 1].isHighSurrogate());
}

// The length of the UTF-8 character at the beginning, 0 where there is none.
std::size_t characterAt(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || length > bytes.size()) return 0;
  QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
  const QString decoded = decoder(QByteArrayView(bytes.data(), qsizetype(length)));
  return decoder.hasError() || decoded.isEmpty() ? 0 : length;
}

}  // namespace

bool hasOddBytes(const QString& path) {
  for (qsizetype i = 0; i < path.size(); ++i)
    if (isOdd(path, i)) return true;
  return false;
}

QString pathOfBytes(std::string_view bytes) {
  QString path;
  while (!bytes.empty()) {
    const std::size_t length = characterAt(bytes);
    if (length == 0)
      path += QChar(char16_t(kOddByte + static_cast<unsigned char>(bytes.front())));
    else
      path += QString::fromUtf8(bytes.data(), qsizetype(length));
    bytes.remove_prefix(std::max<std::size_t>(1, length));
  }
  return path;
}

QString pathOfUrl(const QUrl& url) {
  const QByteArray bytes = QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1());
  return url.isLocalFile() ? pathOfBytes({bytes.data(), std::size_t(bytes.size())}) : QString();
}

std::filesystem::path nativePath(const QString& path) {
  std::string bytes;
  qsizetype plain = 0;
  for (qsizetype i = 0; i < path.size(); ++i) {
    if (!isOdd(path, i)) continue;
    bytes += QFile::encodeName(path.mid(plain, i - plain)).toStdString();
    bytes += char(path[i].unicode() - kOddByte);
    plain = i + 1;
  }
  return bytes + QFile::encodeName(path.mid(plain)).toStdString();
}

QString pathOfWord(const QString& word) {
  return word.startsWith(':') ? "./" + word : word;
}

QString shownPath(const QString& path) {
  QString shown;
  for (qsizetype i = 0; i < path.size(); ++i) {
    if (isOdd(path, i))
      shown += "\\x" + QString::number(path[i].unicode() - kOddByte, 16);
    else
      shown += path[i];
  }
  return shown;
}

std::string shownName(const QString& path) {
  return shownPath(path).toStdString();
}

bool pathExists(const QString& path) {
  std::error_code error;
  return hasOddBytes(path) ? std::filesystem::exists(nativePath(path), error) : QFileInfo::exists(path);
}

namespace {

// Of a path at which there is nothing: whether that is because of a link, its own or that of a folder on the way.
std::string whyLinkLeadsNowhere(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path there = path;
  while (there.has_relative_path() && !std::filesystem::exists(std::filesystem::symlink_status(there, error))) there = there.parent_path();
  const bool link = std::filesystem::is_symlink(std::filesystem::symlink_status(there, error));
  if (!link || std::filesystem::exists(there, error)) return {};
  const std::string target = shownName(pathOfBytes(std::filesystem::read_symlink(there, error).string()));
  std::string name = "it";
  if (there != path) name.assign(1, '\'').append(shownName(pathOfBytes(there.string()))) += '\'';
  return name + " is a link to '" + target + "', which is not there";
}

}  // namespace

std::string whyOutOfReach(const QString& path) {
  struct stat info {};
  if (path.isEmpty() || ::stat(nativePath(path).c_str(), &info) == 0) return {};
  if (errno == EACCES) return "a folder on the way to it may not be entered";
  if (errno == ENAMETOOLONG) return "the name is too long";
  if (errno == ELOOP) return "its links lead in a circle";
  return errno == ENOENT ? whyLinkLeadsNowhere(nativePath(path)) : "";
}

std::string whyNotOpened(const QFile& file, const QString& path) {
  const std::string why = whyOutOfReach(path);
  return why.empty() ? file.errorString().toStdString() : why;
}

bool isFolder(const QString& path) {
  std::error_code error;
  return hasOddBytes(path) ? std::filesystem::is_directory(nativePath(path), error) : QFileInfo(path).isDir();
}

bool isDevice(const QString& path) {
  std::error_code error;
  const std::filesystem::path native = nativePath(path);
  return std::filesystem::is_character_file(native, error) || std::filesystem::is_block_file(native, error);
}

bool isPipeOrDevice(const QString& path) {
  std::error_code error;
  return std::filesystem::is_other(nativePath(path), error);
}

bool isReadable(const QString& path) {
  return ::faccessat(AT_FDCWD, nativePath(path).c_str(), isFolder(path) ? R_OK | X_OK : R_OK, AT_EACCESS) == 0;
}

QString pathIn(const QString& folder, const QString& name) {
  return folder.endsWith('/') ? folder + name : folder + '/' + name;
}

QString absolutePath(const QString& path) {
  if (!hasOddBytes(path)) return QFileInfo(path).absoluteFilePath();
  std::error_code error;
  return pathOfBytes(std::filesystem::absolute(nativePath(path), error).string());
}

bool openForReading(QFile& file, const QString& path) {
  if (!hasOddBytes(path)) {
    file.setFileName(path);
    return file.open(QIODevice::ReadOnly);
  }
  file.setFileName(shownPath(path));
  const int handle = ::open(nativePath(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return file.open(QIODevice::ReadOnly);  // sets the reason
  return file.open(handle, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle);
}

std::vector<FolderEntry> listFolder(const QString& folder) {
  std::error_code error;
  std::vector<FolderEntry> entries;
  std::filesystem::directory_iterator entry(nativePath(folder), error), end;
  while (!error && entry != end) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) {
      std::error_code unknown;
      const std::filesystem::file_status status = entry->status(unknown);
      const bool lost = entry->is_symlink(unknown) &&
                        (status.type() == std::filesystem::file_type::not_found || status.type() == std::filesystem::file_type::none);
      const bool inside = status.type() == std::filesystem::file_type::directory;
      entries.push_back({pathOfBytes(name), lost                                ? FolderEntry::Kind::Dangling
                                            : inside                            ? FolderEntry::Kind::Folder
                                            : std::filesystem::is_other(status) ? FolderEntry::Kind::Other
                                                                                : FolderEntry::Kind::File});
    }
    entry.increment(error);
  }
  if (error) throw nn::Error("This folder cannot be read: " + error.message(), shownName(folder), "Check its permissions");
  std::sort(entries.begin(), entries.end(), [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace io
