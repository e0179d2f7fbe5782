// Weights that a model keeps in files beside its own, as large exports do. Only files in the model's own folder, or below it, are read,
// whatever it names. Throws nn::Error. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>

#include <QString>

namespace io::onnxfile {

// Puts the values into the model. folder: where its file lies; empty: nothing lies beside it.
void takeExternalData(onnx::ModelProto& model, const QString& folder, const std::string& where);

}  // namespace io::onnxfile
