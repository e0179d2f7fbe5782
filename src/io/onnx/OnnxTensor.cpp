#include "io/onnx/OnnxTensor.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "nn/Counted.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX raw data is little-endian");

constexpr std::int64_t kMostValues = std::int64_t(1) << 31;

std::string placeOf(const onnx::TensorProto& proto, const std::string& where) {
  return where + ", tensor '" + proto.name() + "'";
}

std::size_t elementCount(const onnx::TensorProto& proto, const std::string& where) {
  std::int64_t count = 1;
  for (const std::int64_t dim : proto.dims()) {
    if (dim < 0) throw nn::Error("a dimension is negative", placeOf(proto, where));
    if (dim > 0 && count > kMostValues / dim) throw nn::Error("the tensor is larger than 2^31 values", placeOf(proto, where));
    count *= dim;
  }
  return std::size_t(count);
}

void checkHere(const onnx::TensorProto& proto, const std::string& where) {
  if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0) {
    throw nn::Error("its values lie in another file", placeOf(proto, where), "Save the model as one file, without external data");
  }
  if (proto.has_segment()) throw nn::Error("tensors in segments are not supported", placeOf(proto, where));
}

[[noreturn]] void sizeMismatch(const onnx::TensorProto& proto, std::size_t wanted, std::size_t found, const std::string& where) {
  throw nn::Error("it should hold " + nn::counted(wanted, "value", "values") + ", but the file holds " + std::to_string(found),
                  placeOf(proto, where), "The file is incomplete or damaged");
}

// Copies raw little-endian elements, one by one converted.
template <typename Stored, typename To, typename Convert>
void copyRaw(const onnx::TensorProto& proto, std::vector<To>& to, const std::string& where, Convert convert) {
  const std::string& raw = proto.raw_data();
  const std::size_t count = elementCount(proto, where);
  if (raw.size() != count * sizeof(Stored)) sizeMismatch(proto, count, raw.size() / sizeof(Stored), where);
  to.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    Stored value;
    std::memcpy(&value, raw.data() + i * sizeof(Stored), sizeof(Stored));
    to[i] = convert(value);
  }
}

template <typename Field, typename To, typename Convert>
void copyField(const onnx::TensorProto& proto, const Field& field, std::vector<To>& to, const std::string& where, Convert convert) {
  const std::size_t count = elementCount(proto, where);
  if (std::size_t(field.size()) != count) sizeMismatch(proto, count, std::size_t(field.size()), where);
  to.resize(count);
  for (std::size_t i = 0; i < count; ++i) to[i] = convert(field.Get(int(i)));
}

float floatOfHalf(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int mantissa = half & 1023;
  float value = 0;
  if (exponent == 0) {
    value = std::ldexp(float(mantissa), -24);
  } else if (exponent == 31) {
    value = mantissa ? std::nanf("") : HUGE_VALF;
  } else {
    value = std::ldexp(float(mantissa + 1024), exponent - 25);
  }
  return half & 0x8000 ? -value : value;
}

template <typename To>
bool readWholeNumbers(const onnx::TensorProto& proto, std::vector<To>& to, const std::string& where) {
  const auto convert = [](auto value) { return To(value); };
  switch (proto.data_type()) {
    case onnx::TensorProto::INT64:
      if (proto.has_raw_data())
        copyRaw<std::int64_t>(proto, to, where, convert);
      else
        copyField(proto, proto.int64_data(), to, where, convert);
      return true;
    case onnx::TensorProto::INT32:
      if (proto.has_raw_data())
        copyRaw<std::int32_t>(proto, to, where, convert);
      else
        copyField(proto, proto.int32_data(), to, where, convert);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool isInteger(const onnx::TensorProto& proto) {
  return proto.data_type() == onnx::TensorProto::INT64 || proto.data_type() == onnx::TensorProto::INT32;
}

bool isNumeric(const onnx::TensorProto& proto) {
  const auto type = proto.data_type();
  return isInteger(proto) || type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE || type == onnx::TensorProto::FLOAT16;
}

Tensor readTensor(const onnx::TensorProto& proto, const std::string& where) {
  checkHere(proto, where);
  Tensor result;
  result.name = proto.name();
  result.dims.assign(proto.dims().begin(), proto.dims().end());
  const auto same = [](auto value) { return float(value); };
  switch (proto.data_type()) {
    case onnx::TensorProto::FLOAT:
      if (proto.has_raw_data())
        copyRaw<float>(proto, result.values, where, same);
      else
        copyField(proto, proto.float_data(), result.values, where, same);
      break;
    case onnx::TensorProto::DOUBLE:
      if (proto.has_raw_data())
        copyRaw<double>(proto, result.values, where, same);
      else
        copyField(proto, proto.double_data(), result.values, where, same);
      break;
    case onnx::TensorProto::FLOAT16:
      if (proto.has_raw_data())
        copyRaw<std::uint16_t>(proto, result.values, where, floatOfHalf);
      else
        copyField(proto, proto.int32_data(), result.values, where, [](std::int32_t value) { return floatOfHalf(std::uint16_t(value)); });
      break;
    default:
      if (readWholeNumbers(proto, result.values, where)) break;
      throw nn::Error("numbers of type " + std::to_string(proto.data_type()) + " are not supported", placeOf(proto, where),
                      "Export the model with float32 weights");
  }
  for (const float value : result.values) {
    if (!std::isfinite(value))
      throw nn::Error("it holds values that are not finite numbers", placeOf(proto, where),
                      "The training had diverged, or the file is damaged");
  }
  return result;
}

std::vector<std::int64_t> readIntegers(const onnx::TensorProto& proto, const std::string& where) {
  checkHere(proto, where);
  std::vector<std::int64_t> result;
  if (!readWholeNumbers(proto, result, where)) throw nn::Error("whole numbers were expected", placeOf(proto, where));
  return result;
}

void writeTensor(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values) {
  proto.set_name(name);
  proto.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) proto.add_dims(dim);
  proto.set_raw_data(values.data(), values.size_bytes());
}

void writeIntegers(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> values) {
  proto.set_name(name);
  proto.set_data_type(onnx::TensorProto::INT64);
  proto.add_dims(std::int64_t(values.size()));
  proto.set_raw_data(values.data(), values.size_bytes());
}

}  // namespace io::onnxfile
