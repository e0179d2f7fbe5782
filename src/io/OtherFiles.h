// What a file is that was taken for another kind: said by its first bytes, for the message that refuses it. Pure functions; thread: any.
#pragma once

#include <optional>
#include <string>

#include <QByteArray>

#include "nn/Error.h"

namespace io {

constexpr qint64 kTellingBytes = 1 << 16;  // so many are enough

// Of what was taken for an ONNX model: a network without weights, a picture, an IDX file, an archive, a text. Nothing where its bytes do
// not tell, as those of a damaged model.
std::optional<nn::Error> insteadOfModel(const QByteArray& beginning, const std::string& where);
// The same of what came from the web in the place of a picture: a web page, a model, an archive, a text. Nothing of a picture.
std::optional<nn::Error> insteadOfPicture(const QByteArray& beginning, const std::string& where);

}  // namespace io
