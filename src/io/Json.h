// What the program's JSON files share: how they are parsed, with the place of a mistake, and how values of fields stand in them. Written by
// hand where people read and edit the file, so that its keys keep an order. Free functions; thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include "nn/Fields.h"

namespace io {

// kind: of what the file describes, "a network". Throws nn::Error with line and column; also where an object
// has the same key twice.
QJsonObject parseJsonObject(const QByteArray& json, const std::string& where, const std::string& kind);
const char* jsonKind(const QJsonValue& value);  // "a text", for messages

// True or false, a text, a whole or another number; nullopt for the rest.
std::optional<nn::FieldValue> jsonScalar(const QJsonValue& value);
QString jsonText(const std::string& text);      // in quotation marks
QString jsonText(const nn::FieldValue& value);  // read again, it is the same value

// An object of such a file, with its place for messages: "harley.json, node 'conv1'". A value of another type than it is asked for in is
// refused, saying what it is. What is missing is empty, but for objects and counts.
class JsonEntries {
 public:
  JsonEntries(QJsonObject object, std::string where) : m_object(std::move(object)), m_where(std::move(where)) {}

  const QJsonObject& object() const { return m_object; }
  const std::string& where() const { return m_where; }
  bool has(const QString& key) const { return m_object.contains(key); }
  void allowOnly(const QStringList& keys, const std::string& owner) const;  // owner: "A network"
  std::string text(const QString& key) const;
  QString requiredText(const QString& key) const;            // not empty
  std::vector<std::string> texts(const QString& key) const;  // a single one may stand without a list
  std::vector<double> reals(const QString& key) const;       // the same
  std::int64_t count(const QString& key) const;              // from 0 on
  std::vector<std::int64_t> wholes(const QString& key) const;
  JsonEntries inside(const QString& key) const;
  std::vector<JsonEntries> objects(const QString& key, const std::string& one) const;  // one: what each is called, "node"
  [[noreturn]] void refuse(const QString& key, const char* wanted, const QJsonValue& found) const;

 private:
  QJsonArray list(const QString& key, const char* wanted) const;

  QJsonObject m_object;
  std::string m_where;
};

}  // namespace io
