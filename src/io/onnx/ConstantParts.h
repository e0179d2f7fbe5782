// What the functions that compute with constants share; see ConstantFolding.h. Each folds the operators of its row in the table there.
#pragma once

#include "io/onnx/ConstantFolding.h"

namespace io::onnxfile {

using Dims = std::vector<std::int64_t>;
using Inputs = std::span<const Constant* const>;
using Folded = std::optional<Constant>;

// Repeated along axes of size one until it has these dimensions.
Folded broadcast(const Constant& from, const Dims& dims, std::size_t most);

// ConstantArithmetic.cpp
std::optional<Dims> commonDims(const Dims& a, const Dims& b);  // that both are repeated to; nullopt where they do not fit
Folded foldArithmetic(const onnx::NodeProto& node, Inputs inputs, std::size_t most);
Folded foldOfEach(const onnx::NodeProto& node, Inputs inputs, std::size_t most);
Folded foldClip(const onnx::NodeProto& node, Inputs inputs, std::size_t most);
Folded foldWhere(const onnx::NodeProto& node, Inputs inputs, std::size_t most);
Folded foldCast(const onnx::NodeProto& node, Inputs inputs, std::size_t most);

}  // namespace io::onnxfile
