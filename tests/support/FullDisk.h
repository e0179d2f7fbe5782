// Places where nothing more can be written: a file system of memory that is filled to the last byte, where the test may mount one
// (as root), and a limit on the size of files, anywhere.
#pragma once

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>

// As long as it lives, no file of this process and of its children grows beyond `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &m_before), 0);
    rlimit now = m_before;
    now.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit m_before{};
  void (*m_handler)(int);
};

class FullDisk {
 public:
  // Seen by this thread, those that it starts from now on, and its children.
  FullDisk() {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
    m_mounted = mount("tmpfs", QFile::encodeName(m_folder.path()), "tmpfs", 0, "size=1m") == 0;
  }
  ~FullDisk() {
    if (m_mounted) umount2(QFile::encodeName(m_folder.path()), MNT_DETACH);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

  bool mounted() const { return m_mounted; }
  QString path(const QString& name = {}) const { return name.isEmpty() ? m_folder.path() : m_folder.filePath(name); }
  // Takes what room there is, to the last byte; files can still be made, but hold nothing.
  void fill() const {
    const int file = ::open(QFile::encodeName(path("ballast")), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const QByteArray piece(4096, 'x');
    while (::write(file, piece.constData(), std::size_t(piece.size())) > 0) {
    }
    ::close(file);
  }
  void freeAll() const { QFile::remove(path("ballast")); }

 private:
  QTemporaryDir m_folder;
  bool m_mounted = false;
};

#define NEEDS_FULL_DISK(disk) \
  if (!(disk).mounted()) GTEST_SKIP() << "a file system can only be mounted as root: the limit on the size of files is tested instead"
