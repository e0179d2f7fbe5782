#include "io/session/Container.h"

#include <zlib.h>

#include <QCborArray>
#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QCborValue>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include "io/FileNames.h"
#include "io/Files.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"

namespace io {

namespace {

constexpr int kContainerVersion = 2;
constexpr qint64 kLargestSession = qint64(1) << 34;
constexpr qint64 kBeginningBytes = 1 << 8;  // of a file, which tell its kind
// The tag of self-described CBOR; after one byte that opens a map of whatever size, its first pair.
const QByteArray kSignature("\xd9\xd9\xf7"), kFirstPair(
                                                 "\x66"
                                                 "format"
                                                 "\x69"
                                                 "convscope");
constexpr auto kFloatArray = QCborTag(85), kDoubleArray = QCborTag(86);  // of 32 and 64 bits each, little-endian

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

nn::Error ofOtherVersion(const std::string& what, qint64 version, int newest, const std::string& where) {
  const bool older = version < newest;
  return {what + " is of version " + std::to_string(version) + ", and this program reads version " + std::to_string(newest), where,
          older ? "Open it with the ConvScope that wrote it" : "Open it with a newer ConvScope"};
}

void requireContainer(const QByteArray& beginning, const std::string& where) {
  if (!Container::isContainer(beginning))
    throw nn::Error("this is neither a session nor a checkpoint", where, "Give a file that ConvScope saved as a session or a checkpoint");
}

std::string calledSection(const QString& name) {
  return "its section \"" + name.left(40).toStdString() + "\"";
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

template <typename Number, typename Bits>
QCborValue arrayOf(QCborTag tag, std::span<const Number> values) {
  QByteArray raw(qsizetype(values.size_bytes()), Qt::Uninitialized);
  if (!values.empty()) qToLittleEndian<Bits>(values.data(), qsizetype(values.size()), raw.data());
  return {tag, raw};
}

template <typename Number, typename Bits>
std::vector<Number> numbersOf(const Section& section, const char* key, QCborTag tag) {
  const QCborValue found = section.value(key);
  const QByteArray raw = found.isTag() && found.tag() == tag ? found.taggedValue().toByteArray() : QByteArray("?");
  if (raw.size() % qsizetype(sizeof(Number)) != 0) section.refuse(std::string(key) + " is not an array of numbers");
  std::vector<Number> values(std::size_t(raw.size()) / sizeof(Number));
  if (!values.empty()) qFromLittleEndian<Bits>(raw.constData(), qsizetype(values.size()), values.data());
  return values;
}

}  // namespace

void Section::refuse(const std::string& what) const {
  throw damaged("in its section \"" + m_name + "\", " + what, m_where);
}

bool Section::flag(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isBool()) refuse(std::string(key) + " is neither true nor false");
  return found.toBool();
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

int Section::whole(const char* key, int least, int most) const {
  const QCborValue found = value(key);
  if (!found.isInteger() || found.toInteger() < least || found.toInteger() > most) refuse(std::string(key) + " is out of range");
  return int(found.toInteger());
}

QString Section::text(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isString()) refuse(std::string(key) + " is not a text");
  return found.toString();
}

QStringList Section::texts(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isArray()) refuse(std::string(key) + " is not a list");
  QStringList texts;
  for (const QCborValue& one : found.toArray()) {
    if (!one.isString()) refuse(std::string(key) + " is not a list of texts");
    texts << one.toString();
  }
  return texts;
}

QByteArray Section::bytes(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isByteArray()) refuse(std::string(key) + " is not a string of bytes");
  return found.toByteArray();
}

std::vector<float> Section::floats(const char* key) const {
  return numbersOf<float, quint32>(*this, key, kFloatArray);
}

std::vector<double> Section::doubles(const char* key) const {
  return numbersOf<double, quint64>(*this, key, kDoubleArray);
}

Section Section::inside(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isMap()) refuse(std::string(key) + " is not a map");
  return {found.toMap(), m_name + ", " + key, m_where};
}

std::vector<Section> Section::list(const char* key) const {
  const QCborValue found = value(key);
  if (!found.isArray()) refuse(std::string(key) + " is not a list");
  std::vector<Section> sections;
  for (const QCborValue& one : found.toArray()) {
    if (!one.isMap()) refuse(std::string(key) + " is not a list of maps");
    sections.emplace_back(one.toMap(), m_name + ", " + key, m_where);
  }
  return sections;
}

QCborValue cborFloats(std::span<const float> values) {
  return arrayOf<float, quint32>(kFloatArray, values);
}

QCborValue cborDoubles(std::span<const double> values) {
  return arrayOf<double, quint64>(kDoubleArray, values);
}

void Container::set(const QString& name, int version, const QCborMap& content) {
  m_sections[name] = {version, QCborValue(content).toCbor()};
}

QStringList Container::names() const {
  QStringList names;
  for (const auto& [name, entry] : m_sections) names << name;
  return names;
}

Section Container::section(const QString& name, int newestVersion) const {
  const auto found = m_sections.find(name);
  if (found == m_sections.end()) throw damaged(calledSection(name) + " is missing", m_where);
  return sectionOf(name, found->second, newestVersion, m_where);
}

Section Container::sectionOf(const QString& name, const Entry& entry, int newestVersion, const std::string& where) {
  if (entry.version > newestVersion) throw ofOtherVersion(calledSection(name), entry.version, newestVersion, where);
  return {mapOf(entry.content, where), name.toStdString(), where};
}

// Piece by piece: as one value all of it would be there twice.
QByteArray Container::bytes() const {
  qsizetype size = 0;
  for (const auto& [name, entry] : m_sections) size += entry.content.size() + name.size() * 4 + 100;
  QByteArray result;
  result.reserve(size + 100);
  QCborStreamWriter writer(&result);
  writer.append(QCborKnownTags::Signature);
  writer.startMap(3);
  writer.append(QLatin1String("format"));
  writer.append(QLatin1String("convscope"));
  writer.append(QLatin1String("version"));
  writer.append(kContainerVersion);
  writer.append(QLatin1String("sections"));
  writer.startMap(quint64(m_sections.size()));
  for (const auto& [name, entry] : m_sections) {
    writer.append(QStringView(name));
    writer.startMap(3);
    writer.append(QLatin1String("version"));
    writer.append(entry.version);
    writer.append(QLatin1String("crc32"));
    writer.append(checksum(name, entry.version, entry.content));
    writer.append(QLatin1String("content"));
    writer.append(entry.content);
    writer.endMap();
  }
  writer.endMap();
  writer.endMap();
  return result;
}

bool Container::isContainer(const QByteArray& beginning) {
  return beginning.startsWith(kSignature) && beginning.mid(kSignature.size() + 1, kFirstPair.size()) == kFirstPair;
}

bool Container::isContainerFile(const QString& path) {
  QFile file;
  return openForReading(file, path) && isContainer(file.read(kBeginningBytes));
}

Container::Entry Container::entryOf(const QString& name, const QCborMap& entry, const std::string& where) {
  const QByteArray content = entry.value(QStringLiteral("content")).toByteArray();
  const qint64 version = entry.value(QStringLiteral("version")).toInteger(-1);
  if (version < 1 || version > 1000000) throw damaged(calledSection(name) + " has no version", where);
  if (entry.value(QStringLiteral("crc32")).toInteger(-1) != checksum(name, version, content))
    throw damaged(calledSection(name) + " has changed", where);
  return {int(version), content};
}

Container Container::read(const QByteArray& bytes, const QString& where) {
  const std::string place = where.toStdString();
  requireContainer(bytes, place);
  const QCborMap whole = mapOf(bytes, place);
  const qint64 version = whole.value(QStringLiteral("version")).toInteger(-1);
  if (version < 1) throw damaged("it has no version", place);
  if (version != kContainerVersion) throw ofOtherVersion("the file", version, kContainerVersion, place);
  const QCborValue sections = whole.value(QStringLiteral("sections"));
  if (!sections.isMap()) throw damaged("it has no sections", place);
  Container container;
  container.m_where = place;
  for (const auto& [name, entry] : sections.toMap()) container.m_sections[name.toString()] = entryOf(name.toString(), entry.toMap(), place);
  return container;
}

Section Container::readFirst(const QByteArray& beginning, const QString& name, int newestVersion, const QString& where) {
  const std::string place = where.toStdString();
  requireContainer(beginning, place);
  QCborStreamReader reader(beginning);
  reader.next();
  reader.enterContainer();
  for (int i = 0; i < 3; ++i) reader.next();
  if (!reader.isUnsignedInteger()) throw damaged("it has no version", place);
  if (const qint64 version = reader.toInteger(); version != kContainerVersion)
    throw ofOtherVersion("the file", version, kContainerVersion, place);
  reader.next();
  reader.next();
  if (!reader.isMap() || !reader.enterContainer() || !reader.isString()) throw damaged("it has no sections", place);
  if (reader.readString().data != name) throw damaged(calledSection(name) + " is missing", place);
  reader.readString();  // its end
  // Apart from what follows: of a map that breaks off Qt makes one that must not be asked.
  QCborParserError problem;
  const QCborValue entry = QCborValue::fromCbor(beginning.mid(reader.currentOffset()), &problem);
  if (problem.error != QCborError::NoError || !entry.isMap()) throw damaged(calledSection(name) + " is not whole", place);
  return sectionOf(name, entryOf(name, entry.toMap(), place), newestVersion, place);
}

void Container::save(const QString& path) const {
  double size = 0;
  for (const auto& [name, entry] : m_sections) size += double(entry.content.size());
  nn::requireMemory(size, "Saving a session of " + nn::memoryText(size), path.toStdString(), "Close other programs");
  writeFile(path, bytes());
}

Container Container::load(const QString& path) {
  const QString where = shownPath(QFileInfo(path).fileName());
  const QByteArray bytes =
      readFile(path, kLargestSession, [&](QIODevice& file) { requireContainer(file.peek(kBeginningBytes), where.toStdString()); });
  // Beside the file itself: its parts, and what is made of them.
  nn::requireMemory(2.0 * double(bytes.size()), "Reading a session of " + nn::memoryText(double(bytes.size())), where.toStdString(),
                    "Close other programs");
  return read(bytes, where);
}

}  // namespace io
