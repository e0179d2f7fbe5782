// What the import of a graph begins and ends with: constants and inputs, and the network that comes of all, with what must be said of it.
// Free functions over an ImportContext; throw nn::Error. Thread: any, one import at a time.
#pragma once

#include "io/Model.h"
#include "io/onnx/ImportContext.h"

namespace io::onnxfile {

void readConstants(ImportContext& context);
void readInputs(ImportContext& context);
Model finish(ImportContext& context);

}  // namespace io::onnxfile
