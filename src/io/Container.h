// A file of named sections, each with a version of its own, written and read by whoever owns what is in it: one CBOR map (RFC 8949) that
// begins with the tag of self-described CBOR. The content of a section is a map of its own, as bytes with a checksum, so that sections that
// a program does not know are passed over. Plain data with one owner; throws nn::Error; thread: any.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <QByteArray>
#include <QCborMap>
#include <QString>

namespace io {

// The content of a section. Every value is asked for in its type; where it is another, or missing, the file is damaged, which is thrown.
class Section {
 public:
  Section(QCborMap content, std::string name, std::string where)
      : m_content(std::move(content)), m_name(std::move(name)), m_where(std::move(where)) {}

  bool has(const char* key) const { return m_content.contains(QLatin1String(key)); }
  double real(const char* key) const;
  std::uint64_t count(const char* key) const;  // 0 .. 2^63-1
  QString text(const char* key) const;
  QByteArray bytes(const char* key) const;
  std::vector<float> floats(const char* key) const;
  Section inside(const char* key) const;  // a map within

  // Throws that what this section says cannot be.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  QCborValue value(const char* key) const { return m_content.value(QLatin1String(key)); }

  QCborMap m_content;
  std::string m_name, m_where;
};

// An array of little-endian single-precision numbers (RFC 8746), for Section::floats().
QCborValue cborFloats(std::span<const float> values);

class Container {
 public:
  explicit Container(QString kind) : m_kind(std::move(kind)) {}  // "checkpoint"

  void set(const QString& name, int version, const QCborMap& content);
  bool has(const QString& name) const { return m_sections.contains(name); }
  // Throws where there is none, where it is damaged, and where it is newer than the caller can read.
  Section section(const QString& name, int newestVersion) const;

  QByteArray bytes() const;
  // Throws where the bytes are no container of this kind, not whole, or of a newer form. `where`: the file, for messages.
  static Container read(const QByteArray& bytes, const QString& kind, const QString& where);
  // Of the first bytes of a file, whatever its kind and whether it is whole.
  static bool isContainer(const QByteArray& beginning);
  // Throws where they are not.
  static void requireContainer(const QByteArray& beginning, const QString& kind, const QString& where);

 private:
  struct Entry {
    int version = 1;
    QByteArray content;
  };
  QString m_kind;
  std::map<QString, Entry> m_sections;
  std::string m_where;
};

}  // namespace io
