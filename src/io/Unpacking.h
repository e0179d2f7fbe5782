// The bytes of a file as they were before gzip packed them, a piece at a time, and of a file that is not packed as they are. A file of a
// few kilobytes can hold gigabytes: whoever reads says how many bytes are too many. What is wrong is told by its kind, for words that
// suit what is read. Owned by the reader, with the file beside it; one thread at a time.
#pragma once

#include <optional>
#include <zlib.h>

#include <QByteArray>
#include <QCryptographicHash>
#include <QFile>
#include <QIODevice>

namespace io {

constexpr int kGzipFormat = 15 + 16;  // zlib's window bits: the largest, and a gzip header

class Unpacking {
 public:
  enum class Problem { None, CutOff, Damaged, TooLong, Unreadable, NoMemory };

  // `file` is open and at its beginning.
  Unpacking(QIODevice& file, qint64 mostBytes);
  ~Unpacking();
  Unpacking(const Unpacking&) = delete;
  Unpacking& operator=(const Unpacking&) = delete;

  bool packed() const { return m_packed; }
  // Fewer than asked for only at the end, or where there is a problem.
  qint64 read(char* target, qint64 count);
  Problem problem() const { return m_problem; }
  bool somethingFollows() const { return m_follows; }  // behind the packed data; known when all of it was read

 private:
  qint64 readAsItIs(char* target, qint64 count);
  qint64 readPacked(char* target, qint64 count);
  void refill();
  void nextMember();

  QIODevice& m_file;
  qint64 m_left;  // bytes that may still come
  bool m_packed = false;
  bool m_ended = false;
  bool m_follows = false;
  Problem m_problem = Problem::None;
  QByteArray m_input;
  z_stream m_stream{};
};

// The MD5 of a file's bytes, unpacked if it is gzipped, computed a slice at a time so that no thread stands still for it.
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
