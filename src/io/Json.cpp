#include "io/Json.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include <QJsonDocument>
#include <QLocale>

#include "nn/Error.h"

namespace io {

namespace {

QString numberText(double value) {
  // Shortest text that reads back as the same number, marked as not whole.
  QString text = QString::number(value, 'g', QLocale::FloatingPointShortest);
  return text.contains('.') || text.contains('e') ? text : text + ".0";
}

// Behind the quotation mark that ends the text that begins here.
qsizetype endOfText(const QByteArray& json, qsizetype at) {
  for (++at; json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at + 1;
}

QString unquoted(const QByteArray& quoted) {
  return QJsonDocument::fromJson("[" + quoted + "]").array().at(0).toString();
}

// Of valid JSON. Qt keeps the last value of a key that stands twice, and says nothing.
void requireDistinctKeys(const QByteArray& json, const std::string& where) {
  std::vector<std::set<QString>> keys;  // of the objects that are open
  for (qsizetype at = 0; at < json.size(); ++at) {
    if (json[at] == '{') keys.emplace_back();
    if (json[at] == '}') keys.pop_back();
    if (json[at] != '"') continue;
    const qsizetype begin = at, end = endOfText(json, at);
    at = end - 1;
    qsizetype next = end;
    while (next < json.size() && std::strchr(" \t\r\n", json[next]) != nullptr) ++next;
    if (next == json.size() || json[next] != ':') continue;  // no key
    const QString key = unquoted(json.mid(begin, end - begin));
    if (!keys.back().insert(key).second)
      throw nn::Error("the key '" + key.left(40).toStdString() + "' stands twice in one object, again at line " +
                          std::to_string(json.left(begin).count('\n') + 1),
                      where, "Keep the one that is meant");
  }
}

}  // namespace

const char* jsonKind(const QJsonValue& value) {
  switch (value.type()) {
    case QJsonValue::Null:
      return "nothing (null)";
    case QJsonValue::Bool:
      return "true or false";
    case QJsonValue::Double:
      return "a number";
    case QJsonValue::String:
      return "a text";
    case QJsonValue::Array:
      return "a list";
    case QJsonValue::Object:
      return "an object";
    case QJsonValue::Undefined:
      break;
  }
  return "nothing";
}

namespace {

bool isUtf16(const QByteArray& json) {
  const bool pairs = json.startsWith(QByteArray("{\0", 2)) || json.startsWith(QByteArray("\0{", 2));
  return json.startsWith("\xff\xfe") || json.startsWith("\xfe\xff") || pairs;
}

// Where what Qt's parser says of it, or the usual advice, would mislead.
void requireObjectText(const QByteArray& json, const std::string& where, const std::string& kind) {
  const std::string object = kind + " must be one JSON object, in braces";
  if (isUtf16(json)) throw nn::Error("this is not JSON: its text is UTF-16", where, "Save it as UTF-8");
  const QByteArray text = json.trimmed();
  if (text.isEmpty()) throw nn::Error("the file is empty: " + object, where, "Copy or download it again, or choose another one");
  if (text.startsWith('{') || text.startsWith('[')) return;
  // The parser takes no value by itself.
  const QJsonDocument alone = QJsonDocument::fromJson('[' + text + ']');
  if (alone.array().size() == 1) throw nn::Error(object + ", but it is " + jsonKind(alone.array().at(0)), where);
}

}  // namespace

QJsonObject parseJsonObject(const QByteArray& json, const std::string& where, const std::string& kind) {
  requireObjectText(json, where, kind);
  QJsonParseError problem;
  const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
  if (problem.error != QJsonParseError::NoError) {
    const qsizetype offset = std::clamp<qsizetype>(problem.offset, 0, json.size());
    const QByteArray before = json.left(offset);
    const auto line = before.count('\n') + 1;
    const auto column = offset - (before.lastIndexOf('\n') + 1) + 1;
    throw nn::Error("this is not JSON: " + problem.errorString().toStdString() + " at line " + std::to_string(line) + ", column " +
                        std::to_string(column),
                    where,
                    json.trimmed().startsWith('{') ? "Often a comma or a quotation mark is missing just before"
                                                   : "Choose a JSON file: it begins with a brace");
  }
  if (!document.isObject()) throw nn::Error(kind + " must be one JSON object, in braces", where);
  requireDistinctKeys(json, where);
  return document.object();
}

std::optional<nn::FieldValue> jsonScalar(const QJsonValue& value) {
  if (value.isBool()) return value.toBool();
  if (value.isString()) return value.toString().toStdString();
  if (!value.isDouble()) return std::nullopt;
  const double number = value.toDouble();
  // Beyond 2^53 the nearest double is another number than the one that stands there.
  if (std::floor(number) == number && std::abs(number) < 9.1e15) return std::int64_t(value.toInteger(qint64(number)));
  return number;
}

QString jsonText(const std::string& text) {
  const QByteArray list = QJsonDocument(QJsonArray{QString::fromStdString(text)}).toJson(QJsonDocument::Compact);
  return QString::fromUtf8(list.mid(1, list.size() - 2));
}

QString jsonText(const nn::FieldValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return QString::number(*whole);
  if (const auto* number = std::get_if<double>(&value)) return numberText(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return jsonText(*text);
  QStringList parts;
  for (const std::int64_t entry : std::get<std::vector<std::int64_t>>(value)) parts << QString::number(entry);
  return "[" + parts.join(", ") + "]";
}

void JsonEntries::refuse(const QString& key, const char* wanted, const QJsonValue& found) const {
  throw nn::Error("'" + key.toStdString() + "' must be " + wanted + ", but it is " + jsonKind(found), m_where);
}

void JsonEntries::allowOnly(const QStringList& keys, const std::string& owner) const {
  for (const QString& key : m_object.keys())
    if (!keys.contains(key))
      throw nn::Error("unknown key '" + key.toStdString() + "'", m_where, owner + " has the keys " + keys.join(", ").toStdString());
}

std::string JsonEntries::text(const QString& key) const {
  const QJsonValue found = m_object.value(key);
  if (!found.isUndefined() && !found.isString()) refuse(key, "a text", found);
  return found.toString().toStdString();
}

QString JsonEntries::requiredText(const QString& key) const {
  if (text(key).empty()) refuse(key, "a text", m_object.value(key));
  return m_object.value(key).toString();
}

QJsonArray JsonEntries::list(const QString& key, const char* wanted) const {
  const QJsonValue found = m_object.value(key);
  if (!found.isUndefined() && !found.isArray()) refuse(key, wanted, found);
  return found.toArray();
}

std::vector<std::string> JsonEntries::texts(const QString& key) const {
  if (m_object.value(key).isString()) return {text(key)};
  std::vector<std::string> texts;
  for (const QJsonValue& one : list(key, "a list of texts")) {
    if (!one.isString()) refuse(key, "a list of texts", one);
    texts.push_back(one.toString().toStdString());
  }
  return texts;
}

std::vector<double> JsonEntries::reals(const QString& key) const {
  if (m_object.value(key).isDouble()) return {m_object.value(key).toDouble()};
  std::vector<double> numbers;
  for (const QJsonValue& one : list(key, "a list of numbers")) {
    if (!one.isDouble()) refuse(key, "a list of numbers", one);
    numbers.push_back(one.toDouble());
  }
  return numbers;
}

std::int64_t JsonEntries::count(const QString& key) const {
  const auto scalar = jsonScalar(m_object.value(key));
  const auto* number = scalar ? std::get_if<std::int64_t>(&*scalar) : nullptr;
  if (!number || *number < 0) refuse(key, "a whole number from 0 on", m_object.value(key));
  return *number;
}

std::vector<std::int64_t> JsonEntries::wholes(const QString& key) const {
  std::vector<std::int64_t> numbers;
  for (const QJsonValue& one : list(key, "a list of whole numbers")) {
    const auto number = jsonScalar(one);
    if (!number || !std::holds_alternative<std::int64_t>(*number)) refuse(key, "a list of whole numbers", one);
    numbers.push_back(std::get<std::int64_t>(*number));
  }
  return numbers;
}

JsonEntries JsonEntries::inside(const QString& key) const {
  const QJsonValue found = m_object.value(key);
  if (!found.isObject()) refuse(key, "an object", found);
  return {found.toObject(), m_where + ", '" + key.toStdString() + "'"};
}

std::vector<JsonEntries> JsonEntries::objects(const QString& key, const std::string& one) const {
  if (!has(key)) refuse(key, "a list", {});
  std::vector<JsonEntries> objects;
  for (const QJsonValue& found : list(key, "a list")) {
    objects.emplace_back(found.toObject(), m_where + ", " + one + " " + std::to_string(objects.size() + 1));
    if (!found.isObject()) objects.back().refuse(key, "a list of objects", found);
  }
  return objects;
}

}  // namespace io
