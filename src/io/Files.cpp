#include "io/Files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include "io/FileNames.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"

namespace io {

namespace {

constexpr qint64 kWorthAGlance = 64 << 20;  // from here on a file is looked at before it is read

// Where a chain of links ends; the file need not be there.
QString linkedFile(const QString& path) {
  constexpr int kMostLinks = 64;
  QFileInfo file(path);
  for (int i = 0; i < kMostLinks && file.isSymLink(); ++i) file.setFile(file.symLinkTarget());
  return file.filePath();
}

std::string wordsFor(int errorNumber) {
  return std::generic_category().message(errorNumber);
}

// What helps depends on what the system refuses: room on the disk is no remedy against a limit.
nn::Error savingFailed(int errorNumber, const std::string& where) {
  const bool full = errorNumber == ENOSPC || errorNumber == EDQUOT;
  const std::string advice = errorNumber == EFBIG
                                 ? "No larger file may be written here: raise the limit on the size of files (ulimit -f), or choose"
                             : full ? "Free some space on the disk, or choose"
                                    : "Choose";
  return {"saving failed: " + wordsFor(errorNumber), where, advice + " another place; what was there before is unchanged"};
}

nn::Error cannotBeWritten(const std::string& why, const std::string& where) {
  return {"it cannot be written: " + why, where, "Choose a place that you may write to"};
}

nn::Error noFile(const std::string& kind, const std::string& where) {
  return {"it cannot be written: this is " + kind + ", not a file", where, "Choose the name of an ordinary file"};
}

// Also through links: a new file would take the place of what the shell has led the stream to.
bool namesStream(const QString& path) {
  constexpr int kMostLinks = 64;
  QFileInfo file(path);
  for (int i = 0; i <= kMostLinks; ++i) {
    const QString at = QDir::cleanPath(file.absoluteFilePath());
    if (at.startsWith("/proc/") || (at.startsWith("/dev/") && !at.startsWith("/dev/shm/"))) return true;
    if (!file.isSymLink()) return false;
    file.setFile(file.symLinkTarget());
  }
  return false;
}

// Renaming a new file over a device or a pipe would put the file in its place for every program that uses it. Gives the permissions
// for the new file: those of the old one, or the usual ones.
mode_t requireOrdinary(const QString& path) {
  const std::string where = path.toStdString();
  if (path.isEmpty()) throw nn::Error("the name is empty", "", "Choose a name for the file");
  // As it is written: the system goes through every folder of "missing/../m.onnx".
  if (const QString folder = QFileInfo(path).path(); !QFileInfo(folder).isDir()) {
    if (const std::string why = whyOutOfReach(folder); !why.empty()) throw cannotBeWritten(why, where);
    throw nn::Error("it cannot be written: the folder does not exist", where, "Make the folder first, or choose another place");
  }
  struct stat info {};
  if (::stat(QFile::encodeName(path), &info) != 0) {
    if (errno == ENAMETOOLONG) throw nn::Error("it cannot be written: the name is too long", where, "Choose a shorter name");
    if (errno != ENOENT) throw cannotBeWritten(wordsFor(errno), where);
    static const mode_t usual = [] {
      const mode_t mask = ::umask(S_IWGRP | S_IWOTH);  // it can only be read by setting it
      ::umask(mask);
      return mode_t(0666) & ~mask;
    }();
    return usual;
  }
  if (S_ISDIR(info.st_mode)) throw noFile("a folder", where);
  requireNoStream(path);
  if (::access(QFile::encodeName(path), W_OK) != 0) throw cannotBeWritten(wordsFor(errno), where);
  return info.st_mode & 07777;
}

// Beside the file whose name it is to take. Where the system can, it has no name while it is open, so that nothing is left of it
// whatever happens to the program.
std::unique_ptr<QTemporaryFile> temporaryBeside(const QString& path) {
  auto file = std::make_unique<QTemporaryFile>(QDir(QFileInfo(linkedFile(path)).absolutePath()).filePath(".convscope-XXXXXX"));
  if (!file->open()) throw cannotBeWritten(file->errorString().toStdString(), path.toStdString());
  return file;
}

void giveName(const QString& from, const QString& path) {
  if (from.isEmpty() || std::rename(QFile::encodeName(from), QFile::encodeName(linkedFile(path))) != 0)
    throw savingFailed(errno, path.toStdString());
}

// Some file systems tell only now that there is no room. 0: fine, or this kind of file system has no such call.
int bringToDisk(int handle) {
  if (::fsync(handle) == 0) return 0;
  return errno == EIO || errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? errno : 0;
}

}  // namespace

void requireNoStream(const QString& path) {
  struct stat info {};
  const bool there = ::stat(QFile::encodeName(path), &info) == 0;
  if (there && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
    throw noFile(S_ISFIFO(info.st_mode) ? "a pipe" : S_ISSOCK(info.st_mode) ? "a socket" : "a device", path.toStdString());
  if (namesStream(path)) throw noFile("a stream of the program", path.toStdString());
}

QByteArray readFile(const QString& path, qint64 largestBytes, const Glance& glance) {
  const std::string where = shownName(path);
  if (isFolder(path)) throw nn::Error("this is a folder, not a file", where);
  if (!pathExists(path)) {
    const std::string why = whyOutOfReach(path);
    throw nn::Error(why.empty() ? "there is no such file" : "it cannot be opened: " + why, where,
                    why.empty() ? "Check the name and the folder" : "Check the name, the folder and its permissions");
  }
  if (isDevice(path)) throw nn::Error("this is a device, not a file", where);
  // Before it is opened, which waits for somebody who writes; and a part of it may be read already, by whoever asked what it is.
  if (isPipeOrDevice(path)) throw nn::Error("this is a pipe, not a file", where, "Write it into a file, and give that");
  QFile file;
  if (!openForReading(file, path)) throw nn::Error("it cannot be opened: " + whyNotOpened(file, path), where);
  if (file.size() > largestBytes) throw nn::Error("the file is too large (" + std::to_string(file.size() >> 20) + " MB)", where);
  if (file.size() > kWorthAGlance) {
    if (glance) {
      glance(file);
      file.seek(0);
    }
    nn::requireMemory(2.0 * double(file.size()), "Reading a file of " + std::to_string(file.size() >> 20) + " MB", where,
                      "Close other programs, or choose a smaller file");
  }
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

CheckedFile::CheckedFile(const QString& path) : m_path(path) {
  const mode_t mode = requireOrdinary(path);
  m_file = temporaryBeside(path);
  ::fchmod(m_file->handle(), mode);  // a file system without permissions refuses
}

CheckedFile::CheckedFile(const QString& path, const QByteArray& bytes) : CheckedFile(path) {
  const std::string where = path.toStdString();
  // Straight to the system, which says at once what does not fit: a buffer's last bytes would be written when nobody looks any more.
  for (qsizetype done = 0; done < bytes.size();) {
    const ssize_t written = ::write(m_file->handle(), bytes.constData() + done, std::size_t(bytes.size() - done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw savingFailed(errno, where);
    done += written;
  }
  if (const int problem = bringToDisk(m_file->handle()); problem != 0) throw savingFailed(problem, where);
}

CheckedFile::~CheckedFile() = default;

QString CheckedFile::nameForOthers() const {
  const QString open = QStringLiteral("/proc/%1/fd/%2").arg(::getpid()).arg(m_file->handle());
  return QFileInfo::exists(open) ? open : m_file->fileName();
}

qint64 CheckedFile::size() const {
  return m_file->size();
}

void CheckedFile::commit() {
  if (const int problem = bringToDisk(m_file->handle()); problem != 0) throw savingFailed(problem, m_path.toStdString());
  giveName(m_file->fileName(), m_path);
  m_file->setAutoRemove(false);
}

void CheckedFile::commitPair(CheckedFile& first, CheckedFile& second) {
  constexpr qint64 kLargest = 1 << 30;
  const QString place = linkedFile(second.m_path);
  std::unique_ptr<CheckedFile> before;
  if (pathExists(place)) {
    before = std::make_unique<CheckedFile>(second.m_path, readFile(place, kLargest));
    if (!QFile::remove(place)) throw savingFailed(errno, second.m_path.toStdString());
  }
  try {
    first.commit();
  } catch (const nn::Error&) {
    if (before) before->commit();
    throw;
  }
  second.commit();
}

// By the system's lock, which ends with the program however that ends, and not by QLockFile, which complains on the terminal where the
// folder went meanwhile.
Claim::Claim(const QString& path) {
  if (path.isEmpty()) return;
  const QFileInfo file(linkedFile(path));
  m_lockFile = QFile::encodeName(QDir(file.absolutePath()).filePath('.' + file.fileName() + ".lock"));
  for (;;) {
    m_descriptor = ::open(m_lockFile.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_descriptor < 0) return;
    if (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      ::close(std::exchange(m_descriptor, -1));
      if (!taken) return;
      throw nn::Error("it is being written by another program at this moment", shownName(path),
                      "Wait until that has ended, or choose another name");
    }
    // Whoever had it may have removed the file meanwhile: then this is none that others would find.
    using Status = struct stat;
    Status own{}, named{};
    const bool known = fstat(m_descriptor, &own) == 0 && stat(m_lockFile.constData(), &named) == 0;
    if (known && own.st_ino == named.st_ino && own.st_dev == named.st_dev) return;
    ::close(std::exchange(m_descriptor, -1));
  }
}

Claim::~Claim() {
  if (m_descriptor < 0) return;
  ::unlink(m_lockFile.constData());
  ::close(m_descriptor);
}

Claim::Claim(Claim&& other) noexcept : m_lockFile(std::move(other.m_lockFile)), m_descriptor(std::exchange(other.m_descriptor, -1)) {}

void writeFile(const QString& path, const QByteArray& bytes) {
  CheckedFile(path, bytes).commit();
}

void replaceFile(const QString& part, const QString& path) {
  const std::string where = path.toStdString();
  requireOrdinary(path);
  {
    QFile file(part);
    if (!file.open(QIODevice::ReadWrite)) throw cannotBeWritten(file.errorString().toStdString(), where);
    if (const int problem = bringToDisk(file.handle()); problem != 0) throw savingFailed(problem, where);
  }
  giveName(part, path);
}

MadeFolder::MadeFolder(const QString& path) {
  QString folder = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
  for (; !pathExists(folder) && !QDir(folder).isRoot(); folder = QFileInfo(folder).path()) m_made << folder;
  if (!QDir().mkpath(path)) {
    removeEmpty();
    const bool inFile = pathExists(folder) && !QFileInfo(folder).isDir();
    const QByteArray above = QFile::encodeName(folder);
    const std::string why = inFile                                   ? folder.toStdString() + " is a file, not a folder"
                            : ::access(above.constData(), W_OK) != 0 ? wordsFor(errno)
                                                                     : whyOutOfReach(path);
    throw nn::Error("the folder cannot be made" + (why.empty() ? why : ": " + why), path.toStdString(), "Choose another place");
  }
}

MadeFolder::~MadeFolder() {
  removeEmpty();
}

void MadeFolder::removeEmpty() {
  for (const QString& folder : m_made)
    if (QDir(folder).exists() && !QDir().rmdir(folder)) return;
}

void requireWritable(const QString& path) {
  requireOrdinary(path);
  temporaryBeside(path);  // finds what permissions alone do not tell
}

void requireSuffix(const QString& path, const QStringList& suffixes) {
  if (suffixes.contains(QFileInfo(path).suffix().toLower())) return;
  QStringList dotted;
  for (const QString& suffix : suffixes) dotted << "." + suffix;
  const QString last = dotted.takeLast(), endings = dotted.isEmpty() ? last : dotted.join(", ") + " or " + last;
  throw nn::Error("this kind of file is not written here", path.toStdString(), "Choose a name that ends in " + endings.toStdString());
}

QString putAside(const QString& path) {
  const QFileInfo file(path);
  QString aside = file.dir().filePath(kBroken + file.fileName());
  for (int next = 2; QFileInfo::exists(aside); ++next)
    aside = file.dir().filePath(kBroken + QString::number(next) + u'-' + file.fileName());
  return QFile::rename(path, aside) ? aside : path;
}

bool isSameFile(const QString& a, const QString& b) {
  // Also of a file that does not exist yet, and of a link to one.
  const auto place = [](const QString& path) {
    const QFileInfo file(linkedFile(path));
    if (file.exists()) return file.canonicalFilePath();
    const QString folder = file.dir().canonicalPath();
    return folder.isEmpty() ? QDir::cleanPath(file.absoluteFilePath()) : QDir(folder).filePath(file.fileName());
  };
  return !a.isEmpty() && !b.isEmpty() && place(a) == place(b);
}

}  // namespace io
