// Operators on constants alone, computed while a file is read: exporters leave them in the graph (padding lists, weights that are
// transposed, scales that are divided). Pure functions. Thread: any.
#pragma once

#include <cstdint>
#include <onnx/onnx_pb.h>
#include <optional>
#include <span>
#include <vector>

namespace io::onnxfile {

struct Constant {
  std::vector<std::int64_t> dims;  // empty: a single number
  std::vector<double> values;      // in row-major order
  bool whole = false;              // whole numbers: shapes, axes, indices
};

// What `node` makes of its inputs (null where one is left out); nullopt where the operator or its arguments are not among those that
// can be computed here, or the result would have more than `most` values.
std::optional<Constant> fold(const onnx::NodeProto& node, std::span<const Constant* const> inputs, std::size_t most);

}  // namespace io::onnxfile
