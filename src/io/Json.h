// What the program's JSON files share: how they are parsed, with the place of a mistake, and how values of fields stand in them. Written by
// hand where people read and edit the file, so that its keys keep an order. Free functions; thread: any.
#pragma once

#include <optional>
#include <string>

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

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

}  // namespace io
