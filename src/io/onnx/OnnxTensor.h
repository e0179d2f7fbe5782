// Constant tensors of an ONNX file as plain arrays, with every size checked against the data that is really there.
// Free functions; throw nn::Error. Thread: any.
#pragma once

#include <cstdint>
#include <onnx/onnx_pb.h>
#include <span>
#include <string>
#include <vector>

namespace io::onnxfile {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> dims;  // empty: a single number
  std::vector<float> values;       // in row-major order
  std::size_t count() const { return values.size(); }
};

// FLOAT, DOUBLE, FLOAT16, BFLOAT16 and whole-number tensors; `where`: the file, for messages.
Tensor readTensor(const onnx::TensorProto& proto, const std::string& where);
// Whole numbers, for shapes and axes.
std::vector<std::int64_t> readIntegers(const onnx::TensorProto& proto, const std::string& where);
bool isInteger(const onnx::TensorProto& proto);
bool isNumeric(const onnx::TensorProto& proto);  // of a type that readTensor() reads

void writeTensor(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values);
void writeIntegers(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> values);

}  // namespace io::onnxfile
