// The bytes of an ONNX file as a model: our own files come back exactly, by the network description they carry; all others
// through the import. Broken files are refused with nn::Error. Thread: any.
#pragma once

#include <optional>
#include <string>

#include <QByteArray>

#include "io/Model.h"

class QIODevice;

namespace io::onnxfile {

// Throws where a file, by the tags and lengths of its outermost fields, is no protobuf message or is cut off. Reads no more than these.
void requireMessage(QIODevice& file, const std::string& where);

// The program that wrote the model, as it says itself, from no more than that; empty where it says nothing. Nullopt for a file that, by its
// outermost fields, is no model.
std::optional<std::string> writerOf(QIODevice& file);

// `where`: the file, for messages; `name`: what to call a network that brings no name.
Model readModel(const QByteArray& bytes, const std::string& where, const std::string& name, const QString& folder = {});

}  // namespace io::onnxfile
