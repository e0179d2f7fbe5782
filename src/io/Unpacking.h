// The bytes of a file as they were before gzip packed them, a piece at a time, and of a file that is not packed as they are. A file of a
// few kilobytes can hold gigabytes: whoever reads says how many bytes are too many. What is wrong is told by its kind, for words that
// suit what is read. Owned by the reader, with the file beside it; one thread at a time.
#pragma once

#include <zlib.h>

#include <QByteArray>
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

}  // namespace io
