// The bytes of an ONNX file as a model: our own files come back exactly, by the network description they carry; all others
// through the import. Broken files are refused with nn::Error. Thread: any.
#pragma once

#include <string>

#include <QByteArray>

#include "io/Model.h"

namespace io::onnxfile {

// `where`: the file, for messages; `name`: what to call a network that brings no name.
Model readModel(const QByteArray& bytes, const std::string& where, const std::string& name);

}  // namespace io::onnxfile
