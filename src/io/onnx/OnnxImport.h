// Reads an ONNX graph that another program wrote (PyTorch, Keras, ...) as a network of ConvScope's layers: activations are
// folded into the layer before them, flattening and transposing disappear, batch normalization is folded into the
// convolution. What cannot be read is named. Pure function; throws nn::Error. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>

#include "io/Model.h"

namespace io::onnxfile {

// `where`: the file, for messages; `name`: what to call the network.
Model importGraph(const onnx::ModelProto& model, const std::string& where, const std::string& name);

}  // namespace io::onnxfile
