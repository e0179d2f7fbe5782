// The file of a session (.convscope): named sections, each with a version of its own, written and read by whoever owns what is in it. One
// CBOR map (RFC 8949) that begins with the tag of self-described CBOR. The content of a section is a map of its own, as bytes with a
// checksum, so that damage is named and sections that a program does not know are passed over. Plain data with one owner; throws
// nn::Error; thread: any.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <QByteArray>
#include <QCborMap>
#include <QString>
#include <QStringList>

#include "nn/Error.h"

class QIODevice;

namespace io {

// The content of a section. Every value is asked for in its type; where it is another, or missing, the file is damaged, which is thrown.
class Section {
 public:
  Section(QCborMap content, std::string name, std::string where)
      : m_content(std::move(content)), m_name(std::move(name)), m_where(std::move(where)) {}

  bool has(const char* key) const { return m_content.contains(QLatin1String(key)); }
  bool flag(const char* key) const;
  double real(const char* key) const;
  std::uint64_t count(const char* key) const;             // 0 .. 2^63-1
  int whole(const char* key, int least, int most) const;  // least .. most
  QString text(const char* key) const;
  QStringList texts(const char* key) const;
  QByteArray bytes(const char* key) const;
  std::vector<float> floats(const char* key) const;
  std::vector<double> doubles(const char* key) const;
  QCborValue value(const char* key) const { return m_content.value(QLatin1String(key)); }  // of any type
  Section inside(const char* key) const;                                                   // a map within
  std::vector<Section> list(const char* key) const;                                        // maps within

  // Throws that what this section says cannot be.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  QCborMap m_content;
  std::string m_name, m_where;
};

// Arrays of little-endian numbers (RFC 8746), for Section::floats() and doubles().
QCborValue cborFloats(std::span<const float> values);
QCborValue cborDoubles(std::span<const double> values);

// A section that cannot be read, and why.
struct LostSection {
  QString name;  // empty: what follows the last one that could be found
  nn::Issue issue;
  bool damaged = false;  // it is not as it was written; else it says what this program cannot read
};

class Container {
 public:
  static constexpr const char* kSuffix = "convscope";

  void set(const QString& name, int version, const QCborMap& content);
  bool has(const QString& name) const { return m_sections.contains(name); }
  void remove(const QString& name) { m_sections.erase(name); }
  QStringList names() const;
  // Throws where there is none, where it is damaged, and where it is newer than the caller can read.
  Section section(const QString& name, int newestVersion) const;

  QByteArray bytes() const;  // the sections in the order of their names
  // Throws where the bytes are no session, not whole, or of another form than today's. `where`: the file, for messages.
  static Container read(const QByteArray& bytes, const QString& where);
  // The first section of a file of which only the beginning is there.
  static Section readFirst(const QByteArray& beginning, const QString& name, int newestVersion, const QString& where);
  // By its first bytes, whether it is whole or not; false also where it cannot be read.
  static bool isContainerFile(const QString& path);

  // A whole file, as io::writeFile() and readFile() do it. Memory is asked for first.
  void save(const QString& path) const;
  static Container load(const QString& path);
  // The sections of a damaged file that are as they were written; the others go into `lost`. Throws where it is no session at all.
  static Container readWhatIsWhole(const QByteArray& bytes, const QString& where, std::vector<LostSection>& lost);
  static Container loadWhatIsWhole(const QString& path, std::vector<LostSection>& lost);
  // The names of these sections, without their memory.
  static QStringList namesOfWhatIsWhole(const QString& path, std::vector<LostSection>& lost);

 private:
  struct Entry {
    int version = 1;
    QByteArray content;
  };
  static QByteArray loadBytes(const QString& path, const QString& where);
  // With the contents, or only their names.
  static Container readFrom(QIODevice& device, bool contents, const QString& where, std::vector<LostSection>& lost);
  static Section sectionOf(const QString& name, const Entry& entry, int newestVersion, const std::string& where);

  std::map<QString, Entry> m_sections;
  std::string m_where;
};

}  // namespace io
