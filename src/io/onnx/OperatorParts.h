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
// source * scale + shift, whatever each is for by the rules of broadcasting.
Value scaledBy(ImportContext& context, const Node& node, const Value& source, const Tensor& scale, const Tensor& shift);

// ImportJoins.cpp: tensors that are all computed from the input, as broadcasting joins them.
Value sum(ImportContext& context, const Node& node, const std::vector<Value>& terms);
Value product(ImportContext& context, const Node& node, const Value& first, const Value& second);
void matrixProduct(ImportContext& context, const Node& node);  // also of a constant with more than two dimensions, or before the other

// ImportLayers.cpp: where a node says how large its kernels are, it must say what they are.
void requireKernelShape(const ImportContext& context, const Node& node, const Tensor& weights, bool line);
// The product with a matrix over the last dimension, at each place the same.
Value alongLast(ImportContext& context, const Node& node, Value source, const Tensor& weights);
bool neverNegative(const ImportContext& context, int layer);  // whatever the picture

// ImportNorms.cpp: layer normalization, written as nine nodes, of which `node` may be the first.
bool layerNorm(ImportContext& context, const Node& node);

// ImportMoves.cpp: those of one dimension by their numbers; -1 for zeros.
Value chosenAlong(ImportContext& context, const Node& node, const Value& source, std::int64_t axis,
                  const std::vector<std::int64_t>& numbers);
// Of nearest neighbors. side: 1 rows, 2 columns.
struct ResizedSide {
  std::int64_t from = 1, size = 1;
  double scale = 1;
};
Value resizedToNearest(ImportContext& context, const Node& node, Value source, std::size_t side, const ResizedSide& wanted,
                       const std::string& centers, const std::string& rounding);

// ImportCurves.cpp: one function of every value, by its name in the catalogue. exponent: of a power.
Value functionLayer(ImportContext& context, const Node& node, Value source, const std::string& name, double exponent = 0);

// ImportOps.cpp: hands its input on as it is.
void alias(ImportContext& context, const Node& node);

// ImportActivations.cpp: activations that exporters write as several nodes. The first one finds, before anything is read, those that
// read a value twice; the others say whether `node` begins one, and read it then.
void findComposed(ImportContext& context);
// As that of the layer before where nothing stands between, else as a layer of its own.
Value activated(ImportContext& context, const Node& node, Value source, nn::Activation activation);
bool composed(ImportContext& context, const Node& node);
bool scaledTanh(ImportContext& context, const Node& node);

}  // namespace io::onnxfile
