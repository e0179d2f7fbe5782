// What operators of one kind need of another, each with its function in the file of its own kind. Free functions over an ImportContext;
// they throw as it does. Thread: any, one import at a time.
#pragma once

#include <cmath>
#include <vector>

#include "io/onnx/ImportContext.h"

namespace io::onnxfile {

inline bool isNear(float value, float wanted) {
  return std::abs(value - wanted) <= 1e-4f * std::abs(wanted);
}

// ImportArithmetic.cpp. source * scale + shift, each one number or one for each channel: as the weights of the layer before where nothing
// stands between, else as a layer of its own.
Value scaled(ImportContext& context, const Node& node, Value source, const std::vector<float>& scale, const std::vector<float>& shift);
Value sum(ImportContext& context, const Node& node, const std::vector<Value>& terms);

// ImportLayers.cpp: where a node says how large its kernels are, it must say what they are.
void requireKernelShape(const ImportContext& context, const Node& node, const Tensor& weights, bool line);

// ImportMaps.cpp: the product of two tensors that are both computed from the input.
void product(ImportContext& context, const Node& node);

// ImportNorms.cpp: layer normalization, written as nine nodes, of which `node` may be the first.
bool layerNorm(ImportContext& context, const Node& node);

// ImportMoves.cpp: with these dimensions, of which those of one are repeated.
Value expanded(ImportContext& context, const Node& node, Value source, const std::vector<std::int64_t>& dims);
// Of nearest neighbors. side: 1 rows, 2 columns.
struct ResizedSide {
  std::int64_t from = 1, size = 1;
  double scale = 1;
};
Value resizedToNearest(ImportContext& context, const Node& node, Value source, std::size_t side, const ResizedSide& wanted,
                       const std::string& centers, const std::string& rounding);

// ImportOps.cpp: hands its input on as it is.
void alias(ImportContext& context, const Node& node);

// ImportActivations.cpp: activations that exporters write as several nodes. The first one finds, before anything is read, those that
// read a value twice; the others say whether `node` begins one, and read it then.
void findComposed(ImportContext& context);
// As that of the layer before where nothing stands between, else as a layer of its own.
Value activated(ImportContext& context, const Node& node, Value source, nn::Activation activation);
bool composed(ImportContext& context, const Node& node);
bool scaledTanh(ImportContext& context, const Node& node);
bool gelu(ImportContext& context, const Node& node);

}  // namespace io::onnxfile
