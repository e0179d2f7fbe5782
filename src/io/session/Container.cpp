#include "io/session/Container.h"

#include <QBuffer>
#include <QCborArray>
#include <QCborStreamWriter>
#include <QCborValue>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/session/ContainerReader.h"
#include "nn/FreeMemory.h"

namespace io {

namespace {

constexpr qint64 kLargestSession = qint64(1) << 34;
constexpr auto kFloatArray = QCborTag(85), kDoubleArray = QCborTag(86);  // of 32 and 64 bits each, little-endian

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
    writer.append(qint64(sectionChecksum(name.toUtf8(), entry.version, entry.content)));
    writer.append(QLatin1String("content"));
    writer.append(entry.content);
    writer.endMap();
  }
  writer.endMap();
  writer.endMap();
  return result;
}

bool Container::isContainerFile(const QString& path) {
  QFile file;
  return openForReading(file, path) && isContainerBeginning(file.read(kContainerBeginning));
}

Container Container::readFrom(QIODevice& device, bool contents, const QString& where, std::vector<LostSection>& lost) {
  Container container;
  container.m_where = where.toStdString();
  ContainerReader reader(device, container.m_where);
  const quint64 count = reader.begin();
  QString name;
  try {
    for (quint64 i = 0; i < count; ++i) {
      name.clear();
      name = reader.name();
      try {
        ContainerReader::Entry entry = reader.entry(contents);
        container.m_sections[name] = {entry.version, std::move(entry.content)};
      } catch (const ContainerReader::Changed& changed) {
        lost.push_back({name, changed.error.issue(), true});
      }
    }
    name.clear();
    reader.requireEnd();
  } catch (const nn::Error& error) {
    if (!name.isEmpty()) lost.push_back({name, error.issue(), true});
    lost.push_back({{}, error.issue(), true});
  }
  return container;
}

Container Container::readWhatIsWhole(const QByteArray& bytes, const QString& where, std::vector<LostSection>& lost) {
  QBuffer buffer;
  buffer.setData(bytes);
  buffer.open(QIODevice::ReadOnly);
  return readFrom(buffer, true, where, lost);
}

Container Container::read(const QByteArray& bytes, const QString& where) {
  std::vector<LostSection> lost;
  Container container = readWhatIsWhole(bytes, where, lost);
  if (!lost.empty()) throw nn::Error(lost.front().issue);
  return container;
}

Section Container::readFirst(const QByteArray& beginning, const QString& name, int newestVersion, const QString& where) {
  const std::string place = where.toStdString();
  QBuffer buffer;
  buffer.setData(beginning);
  buffer.open(QIODevice::ReadOnly);
  ContainerReader reader(buffer, place);
  if (reader.begin() == 0 || reader.name() != name) throw damaged(calledSection(name) + " is missing", place);
  try {
    const ContainerReader::Entry entry = reader.entry(true);
    return sectionOf(name, {entry.version, entry.content}, newestVersion, place);
  } catch (const ContainerReader::Changed& changed) {
    throw nn::Error(changed.error);
  }
}

void Container::save(const QString& path) const {
  double size = 0;
  for (const auto& [name, entry] : m_sections) size += double(entry.content.size());
  nn::requireMemory(size, "Saving a session of " + nn::memoryText(size), path.toStdString(), "Close other programs");
  writeFile(path, bytes());
}

QByteArray Container::loadBytes(const QString& path, const QString& where) {
  const std::string place = where.toStdString();
  QByteArray bytes = readFile(path, kLargestSession, [&](QIODevice& file) { requireContainer(file.peek(kContainerBeginning), place); });
  // Beside the file itself: its parts, and what is made of them.
  nn::requireMemory(2.0 * double(bytes.size()), "Reading a session of " + nn::memoryText(double(bytes.size())), place,
                    "Close other programs");
  return bytes;
}

Container Container::load(const QString& path) {
  const QString where = shownPath(QFileInfo(path).fileName());
  return read(loadBytes(path, where), where);
}

Container Container::loadWhatIsWhole(const QString& path, std::vector<LostSection>& lost) {
  const QString where = shownPath(QFileInfo(path).fileName());
  return readWhatIsWhole(loadBytes(path, where), where, lost);
}

QStringList Container::namesOfWhatIsWhole(const QString& path, std::vector<LostSection>& lost) {
  QFile file;
  if (!openForReading(file, path)) throw nn::Error("it cannot be opened: " + file.errorString().toStdString(), shownName(path));
  return readFrom(file, false, shownPath(QFileInfo(path).fileName()), lost).names();
}

}  // namespace io
