#include "io/Json.h"

#include <algorithm>
#include <cmath>

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QStringList>

#include "nn/Error.h"

namespace io {

namespace {

QString numberText(double value) {
  // Shortest text that reads back as the same number, marked as not whole.
  QString text = QString::number(value, 'g', QLocale::FloatingPointShortest);
  return text.contains('.') || text.contains('e') ? text : text + ".0";
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

QJsonObject parseJsonObject(const QByteArray& json, const std::string& where, const std::string& kind) {
  QJsonParseError problem;
  const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
  if (problem.error != QJsonParseError::NoError) {
    const qsizetype offset = std::clamp<qsizetype>(problem.offset, 0, json.size());
    const QByteArray before = json.left(offset);
    const auto line = before.count('\n') + 1;
    const auto column = offset - (before.lastIndexOf('\n') + 1) + 1;
    throw nn::Error("this is not JSON: " + problem.errorString().toStdString() + " at line " + std::to_string(line) + ", column " +
                        std::to_string(column),
                    where, "Often a comma or a quotation mark is missing just before");
  }
  if (!document.isObject()) throw nn::Error(kind + " must be one JSON object, in braces", where);
  return document.object();
}

std::optional<nn::FieldValue> jsonScalar(const QJsonValue& value) {
  if (value.isBool()) return value.toBool();
  if (value.isString()) return value.toString().toStdString();
  if (!value.isDouble()) return std::nullopt;
  const double number = value.toDouble();
  if (std::floor(number) == number && std::abs(number) < 9.1e15) return std::int64_t(number);
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

}  // namespace io
