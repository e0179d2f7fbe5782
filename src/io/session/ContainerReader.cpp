#include "io/session/ContainerReader.h"

#include <algorithm>
#include <zlib.h>

namespace io {

namespace {

// The tag of self-described CBOR; after one byte that opens a map of three, its first pair.
const QByteArray kSignature("\xd9\xd9\xf7"), kFirstPair(
                                                 "\x66"
                                                 "format"
                                                 "\x69"
                                                 "convscope");
constexpr int kUnsigned = 0, kBytes = 2, kText = 3, kMap = 5;  // the major types of CBOR
constexpr quint64 kMostVersion = 1000000, kPieceBytes = 1 << 20;

uLong addToChecksum(uLong sum, const QByteArray& bytes) {
  return crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.constData()), z_size_t(bytes.size()));
}

// Of all that is said of a section; its content is added to it.
uLong beginChecksum(const QByteArray& name, qint64 version) {
  return addToChecksum(addToChecksum(0, name), QByteArray::number(version));
}

}  // namespace

bool isContainerBeginning(const QByteArray& beginning) {
  return beginning.startsWith(kSignature) && beginning.mid(kSignature.size() + 1, kFirstPair.size()) == kFirstPair;
}

void requireContainer(const QByteArray& beginning, const std::string& where) {
  if (!isContainerBeginning(beginning))
    throw nn::Error("this is neither a session nor a checkpoint", where, "Give a file that ConvScope saved as a session or a checkpoint");
}

quint32 sectionChecksum(const QByteArray& name, qint64 version, const QByteArray& content) {
  return quint32(addToChecksum(beginChecksum(name, version), content));
}

nn::Error damaged(const std::string& what, const std::string& where) {
  return {"this file is damaged or not whole: " + what, where, "Copy it once more from where it came from, or use an older one"};
}

nn::Error ofOtherVersion(const std::string& what, qint64 version, int newest, const std::string& where) {
  const bool older = version < newest;
  return {what + " is of version " + std::to_string(version) + ", and this program reads version " + std::to_string(newest), where,
          older ? "Open it with the ConvScope that wrote it" : "Open it with a newer ConvScope"};
}

std::string calledSection(const QString& name) {
  return "its section \"" + name.left(40).toStdString() + "\"";
}

quint64 ContainerReader::begin() {
  requireContainer(m_device.peek(kContainerBeginning), m_where);
  expect(kSignature);
  size(kMap, 3);
  expect(kFirstPair);
  key("version");
  const quint64 version = number(kUnsigned);
  if (version < 1 || version > kMostVersion) refuse("it has no version");
  if (version != kContainerVersion) throw ofOtherVersion("the file", qint64(version), kContainerVersion, m_where);
  key("sections");
  return number(kMap);
}

QString ContainerReader::name() {
  m_name = bytes(number(kText));
  return QString::fromUtf8(m_name);
}

ContainerReader::Entry ContainerReader::entry(bool withContent) {
  size(kMap, 3);
  key("version");
  const quint64 version = number(kUnsigned);
  key("crc32");
  const quint64 expected = number(kUnsigned);
  key("content");
  quint64 left = number(kBytes);
  if (left > quint64(m_device.size() - m_device.pos())) refuse(called() + " is not whole");
  Entry entry{int(std::min(version, kMostVersion)), {}};
  if (withContent) entry.content.reserve(qsizetype(left));
  uLong sum = beginChecksum(m_name, qint64(version));
  while (left > 0) {
    const QByteArray piece = bytes(std::min(left, kPieceBytes));
    left -= quint64(piece.size());
    sum = addToChecksum(sum, piece);
    if (withContent) entry.content += piece;
  }
  if (expected != sum) throw Changed{damaged(called() + " has changed", m_where)};
  if (version < 1 || version > kMostVersion) throw Changed{damaged(called() + " has no version", m_where)};
  return entry;
}

void ContainerReader::requireEnd() {
  if (!m_device.atEnd()) refuse("there is more in it than there should be");
}

QByteArray ContainerReader::bytes(quint64 count) {
  if (count > quint64(m_device.size() - m_device.pos())) refuse("it ends too soon");
  QByteArray read = m_device.read(qint64(count));
  if (quint64(read.size()) != count) refuse("it cannot be read to its end");
  return read;
}

void ContainerReader::expect(const QByteArray& expected) {
  if (bytes(quint64(expected.size())) != expected) refuse("it has changed");
}

void ContainerReader::key(const QByteArray& word) {
  size(kText, quint64(word.size()));
  expect(word);
}

void ContainerReader::size(int type, quint64 expected) {
  if (number(type) != expected) refuse("it has changed");
}

// The head of a value: its type, and a number behind it that takes up to 8 bytes, the highest first.
quint64 ContainerReader::number(int type) {
  const auto next = [this] { return quint8(bytes(1)[0]); };
  const quint8 head = next(), length = head & 31;
  if (head >> 5 != type || length > 27) refuse("it has changed");
  if (length < 24) return length;
  quint64 value = 0;
  for (int i = 0; i < 1 << (length - 24); ++i) value = value << 8 | next();
  return value;
}

}  // namespace io
