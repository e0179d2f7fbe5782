// Reads the file of a session piece by piece, as Container writes it: what stands before a damaged place is read all the same, and contents
// that are not wanted take no memory. Beside it what reader and writer share: the beginning, the checksum and the words for damage. A
// reader is for one file, from its beginning; throws nn::Error; thread: any.
#pragma once

#include <string>

#include <QByteArray>
#include <QIODevice>
#include <QString>

#include "nn/Error.h"

namespace io {

constexpr int kContainerVersion = 2;
constexpr qint64 kContainerBeginning = 1 << 8;  // bytes of a file, which tell its kind

bool isContainerBeginning(const QByteArray& beginning);
void requireContainer(const QByteArray& beginning, const std::string& where);  // throws where it is none
// Of all that is said of a section.
quint32 sectionChecksum(const QByteArray& name, qint64 version, const QByteArray& content);

nn::Error damaged(const std::string& what, const std::string& where);
nn::Error ofOtherVersion(const std::string& what, qint64 version, int newest, const std::string& where);
std::string calledSection(const QString& name);

class ContainerReader {
 public:
  struct Entry {
    int version = 1;
    QByteArray content;
  };
  // Thrown where a section is not as it was written, but what follows it can be read.
  struct Changed {
    nn::Error error;
  };

  ContainerReader(QIODevice& device, std::string where) : m_device(device), m_where(std::move(where)) {}

  // In this order, name() and entry() for each section. Throw where there is something else than there should be: then nothing more can be
  // read.
  quint64 begin();  // returns how many sections there are
  QString name();
  Entry entry(bool withContent);
  void requireEnd();

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw damaged(what, m_where); }
  std::string called() const { return calledSection(QString::fromUtf8(m_name)); }
  QByteArray bytes(quint64 count);
  void expect(const QByteArray& expected);
  void key(const QByteArray& word);
  void size(int type, quint64 expected);
  quint64 number(int type);

  QIODevice& m_device;
  std::string m_where;
  QByteArray m_name;
};

}  // namespace io
