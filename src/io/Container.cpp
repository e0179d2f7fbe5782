#include "io/Container.h"

#include <algorithm>
#include <cstring>
#include <zlib.h>

#include <QCborValue>
#include <QtEndian>

#include "nn/Error.h"

namespace io {

namespace {

constexpr int kContainerVersion = 1;
constexpr auto kFloatArray = QCborTag(85);  // of 32 bits each, little-endian

QCborMap beginningOf(const QString& kind) {
  return {{QStringLiteral("format"), QStringLiteral("convscope")},
          {QStringLiteral("version"), kContainerVersion},
          {QStringLiteral("kind"), kind}};
}

// Of all that is said of a section.
qint64 checksum(const QString& name, qint64 version, const QByteArray& content) {
  uLong sum = 0;
  for (const QByteArray& bytes : {name.toUtf8(), QByteArray::number(version), content})
    sum = crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.constData()), z_size_t(bytes.size()));
  return qint64(sum);
}

nn::Error damaged(const std::string& what, const std::string& where) {
  return {"this file is damaged or not whole: " + what, where, "Copy it once more from where it came from, or use an older one"};
}

nn::Error tooNew(const std::string& what, qint64 version, int newest, const std::string& where) {
  return {what + " is of version " + std::to_string(version) + ", and this program reads up to version " + std::to_string(newest), where,
          "Open it with a newer ConvScope"};
}

// A whole map that ends where the bytes end.
QCborMap mapOf(const QByteArray& bytes, const std::string& where) {
  QCborParserError problem;
  QCborValue value = QCborValue::fromCbor(bytes, &problem);
  if (problem.error != QCborError::NoError) throw damaged(problem.errorString().toStdString(), where);
  if (problem.offset != bytes.size()) throw damaged("there is more in it than there should be", where);
  if (value.isTag()) value = value.taggedValue();
  if (!value.isMap()) throw damaged("it is no map", where);
  return value.toMap();
}

}  // namespace

void Section::refuse(const std::string& what) const {
  throw damaged("in its section \"" + m_name + "\", " + what, m_where);
}

double Section::real(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isDouble() && !found.isInteger()) refuse(std::string(key) + " is not a number");
  return found.toDouble();
}

std::uint64_t Section::count(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isInteger() || found.toInteger() < 0) refuse(std::string(key) + " is not a count");
  return std::uint64_t(found.toInteger());
}

QString Section::text(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isString()) refuse(std::string(key) + " is not a text");
  return found.toString();
}

QByteArray Section::bytes(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isByteArray()) refuse(std::string(key) + " is not a string of bytes");
  return found.toByteArray();
}

std::vector<float> Section::floats(const char* key) const {
  const QCborValue found = value(key);
  const QByteArray raw = found.isTag() && found.tag() == kFloatArray ? found.taggedValue().toByteArray() : QByteArray("?");
  if (raw.size() % qsizetype(sizeof(float)) != 0) refuse(std::string(key) + " is not an array of numbers");
  std::vector<float> values(std::size_t(raw.size()) / sizeof(float));
  if (!values.empty()) qFromLittleEndian<quint32>(raw.constData(), qsizetype(values.size()), values.data());
  return values;
}

Section Section::inside(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isMap()) refuse(std::string(key) + " is not a map");
  return {found.toMap(), m_name + ", " + key, m_where};
}

QCborValue cborFloats(std::span<const float> values) {
  QByteArray raw(qsizetype(values.size_bytes()), Qt::Uninitialized);
  if (!values.empty()) qToLittleEndian<quint32>(values.data(), qsizetype(values.size()), raw.data());
  return {kFloatArray, raw};
}

void Container::set(const QString& name, int version, const QCborMap& content) {
  m_sections[name] = {version, QCborValue(content).toCbor()};
}

Section Container::section(const QString& name, int newestVersion) const {
  const auto found = m_sections.find(name);
  if (found == m_sections.end()) throw damaged("its section \"" + name.toStdString() + "\" is missing", m_where);
  const std::string here = "its section \"" + name.toStdString() + "\"";
  if (found->second.version > newestVersion) throw tooNew(here, found->second.version, newestVersion, m_where);
  return {mapOf(found->second.content, m_where), name.toStdString(), m_where};
}

QByteArray Container::bytes() const {
  QCborMap sections;
  for (const auto& [name, entry] : m_sections)
    sections[name] = QCborMap{{QStringLiteral("version"), entry.version},
                              {QStringLiteral("crc32"), checksum(name, entry.version, entry.content)},
                              {QStringLiteral("content"), entry.content}};
  QCborMap whole = beginningOf(m_kind);
  whole[QStringLiteral("sections")] = sections;
  return QCborValue(QCborKnownTags::Signature, whole).toCbor();
}

bool Container::isContainer(const QByteArray& beginning) {
  // Up to the version: the tag, the head of a map, whatever its size, and its first pair.
  const QByteArray own = Container({}).bytes();
  const qsizetype pair = own.indexOf("format") - 1, end = own.indexOf("convscope") + qsizetype(std::strlen("convscope"));
  return beginning.size() >= end && beginning.startsWith(own.left(3)) && beginning.mid(pair, end - pair) == own.mid(pair, end - pair);
}

void Container::requireContainer(const QByteArray& beginning, const QString& kind, const QString& where) {
  const std::string wanted = kind.toStdString();
  if (!isContainer(beginning))
    throw nn::Error("this is no " + wanted, where.toStdString(), "Give a file that ConvScope wrote as a " + wanted);
}

Container Container::read(const QByteArray& bytes, const QString& kind, const QString& where) {
  requireContainer(bytes, kind, where);
  const std::string place = where.toStdString(), wanted = kind.toStdString();
  const QCborMap whole = mapOf(bytes, place);
  const qint64 version = whole.value(QStringLiteral("version")).toInteger(-1);
  if (version < 1) throw damaged("it has no version", place);
  if (version > kContainerVersion) throw tooNew("the file", version, kContainerVersion, place);
  if (const QString held = whole.value(QStringLiteral("kind")).toString(); held != kind)
    throw nn::Error("this is no " + wanted + " but a " + held.left(40).toStdString(), place,
                    "Give a file that ConvScope wrote as a " + wanted);
  Container container(kind);
  container.m_where = place;
  for (const auto& [name, value] : whole.value(QStringLiteral("sections")).toMap()) {
    const QCborMap entry = value.toMap();
    const QByteArray content = entry.value(QStringLiteral("content")).toByteArray();
    const qint64 sectionVersion = entry.value(QStringLiteral("version")).toInteger(-1);
    const std::string called = "its section \"" + name.toString().left(40).toStdString() + "\"";
    if (sectionVersion < 1 || sectionVersion > 1000000) throw damaged(called + " has no version", place);
    if (entry.value(QStringLiteral("crc32")).toInteger(-1) != checksum(name.toString(), sectionVersion, content))
      throw damaged(called + " has changed", place);
    container.m_sections[name.toString()] = {int(sectionVersion), content};
  }
  return container;
}

}  // namespace io
