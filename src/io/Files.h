// Whole files in and out, with words for what goes wrong. All that the program writes goes through here: into a temporary file
// beside the old one, checked to the last byte before it takes the name, so that neither a full disk nor a crash costs what was
// there. Only ordinary files are written, never a device, a pipe or a socket. Free functions; throw nn::Error. Thread: any.
#pragma once

#include <functional>
#include <memory>

#include <QByteArray>
#include <QString>
#include <QStringList>

class QIODevice;
class QTemporaryFile;

namespace io {

inline constexpr QLatin1String kBroken("broken-");  // what the name of a file begins with that was put aside
// A file that cannot be read makes room for the next of its name, and stays beside it. Where it lies then: as before where it cannot go.
QString putAside(const QString& path);

// `glance` is shown a large file from its beginning before it is read, and throws where it is none of the kind: what lies there by mistake
// costs neither its time nor its memory. A pipe is refused.
using Glance = std::function<void(QIODevice&)>;
QByteArray readFile(const QString& path, qint64 largestBytes, const Glance& glance = {});
// The file is whole under its name, or as it was before. A link is followed: what it leads to is replaced, the link stays.
void writeFile(const QString& path, const QByteArray& bytes);
// The same in two steps, for files that belong together: all are written, and only then does each take its name.
class CheckedFile {
 public:
  explicit CheckedFile(const QString& path);  // empty: another program fills it, which knows it as nameForOthers()
  CheckedFile(const QString& path, const QByteArray& bytes);
  ~CheckedFile();  // without commit(): nothing has happened
  // No file of anybody's. Good while this program lives: where the system can, nothing of it is left after that, whatever ends it.
  QString nameForOthers() const;
  qint64 size() const;
  void commit();
  // Of a pair in which the second is worth nothing without the first, as labels: that of before is taken away first, so that whatever ends
  // the program, it leaves the one pair, the other, or a half. Where the first does not get its name, all is as it was before.
  static void commitPair(CheckedFile& first, CheckedFile& second);

 private:
  QString m_path;
  std::unique_ptr<QTemporaryFile> m_file;
};

// The word that this object's owner writes that file, and nobody else meanwhile: a lock file beside it (".m.onnx.lock"), which does not
// outlive the program but in name. Where the place takes none, it is not claimed.
class Claim {
 public:
  explicit Claim(const QString& path);  // throws nn::Error where another has it; an empty path is nobody's
  ~Claim();
  Claim(Claim&&) noexcept;

 private:
  QByteArray m_lockFile;
  int m_descriptor = -1;
};
// Gives `part` the name `path`, after the same checks: for what was written in the same folder. On failure `part` stays.
void replaceFile(const QString& part, const QString& path);

// A folder for files to come, made with those above it that are not there. Of what was made, folders that are still empty when this object
// goes are removed again: work that failed leaves nothing behind.
class MadeFolder {
 public:
  explicit MadeFolder(const QString& path);
  ~MadeFolder();
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;

 private:
  void removeEmpty();

  QStringList m_made;  // the innermost first
};

// To be asked before the work whose result goes there. The first throws where writeFile() would before its first byte; the second where
// the name does not end in one of `suffixes` ("onnx"; capitals do not matter), so that no file of another kind is written over.
void requireWritable(const QString& path);
// Throws nn::Error where this is a pipe, a socket or a device, which would have to be waited for, or the name of a stream of the program's
// (/dev/stdout), wherever that leads.
void requireNoStream(const QString& path);
void requireSuffix(const QString& path, const QStringList& suffixes);

// Whether two paths, which may lead to nothing yet, name one file; links are followed. An empty path names none.
bool isSameFile(const QString& a, const QString& b);

}  // namespace io
